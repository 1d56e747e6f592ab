package io.hawser.cookie;

import io.hawser.term.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;

/**
 * The secret that nodes of one cluster share. It is never printed: {@link #toString()} does not hold it, nor does any
 * message of an exception.
 *
 * <p>An Erlang cookie is an atom, so it has 1 to 255 characters; on the wire they count as Latin-1 bytes. One that could be
 * guessed is refused, unless each of its {@linkplain CookieWeakness weaknesses} is allowed by name.
 *
 * <p>Thread-safe: immutable.
 */
public final class Cookie {
    private static final int MAX_CHARACTERS = 255;

    /** A cookie and the line ends after it fit many times over; anything longer is another file. */
    private static final int MAX_FILE_BYTES = 4096;

    private static final int GENERATED_BYTES = 20;

    private static final Set<PosixFilePermission> OTHERS = EnumSet.complementOf(EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE));

    private static final FileAttribute<?> OWNER_READS =
            PosixFilePermissions.asFileAttribute(EnumSet.of(PosixFilePermission.OWNER_READ));

    private final byte[] bytes;

    private Cookie(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Makes a cookie from text.
     *
     * @param text 1 to 255 Latin-1 characters, none of them a control character
     * @param allowed the weaknesses it may have, none when left out
     * @return the cookie
     * @throws IllegalArgumentException if it is something else, or weak
     */
    public static Cookie of(String text, CookieWeakness... allowed) {
        return of(text.toCharArray(), allowed);
    }

    /**
     * Makes a cookie from characters.
     *
     * @param text 1 to 255 Latin-1 characters, none of them a control character; copied, so the caller can wipe it
     * @param allowed the weaknesses it may have, none when left out
     * @return the cookie
     * @throws IllegalArgumentException if it is something else, or weak
     */
    public static Cookie of(char[] text, CookieWeakness... allowed) {
        return of("cookie", text, allowed);
    }

    private static Cookie of(String where, char[] text, CookieWeakness... allowed) {
        if (text.length == 0 || text.length > MAX_CHARACTERS) {
            throw new IllegalArgumentException(
                    where + ": " + text.length + " characters (expected: 1 to " + MAX_CHARACTERS + ")");
        }
        var bytes = new byte[text.length];
        for (int i = 0; i < text.length; i++) {
            if (text[i] > 0xFF || Character.isISOControl(text[i])) {
                throw new IllegalArgumentException(
                        where + ": bad character at index " + i + " (expected: printable Latin-1)");
            }
            bytes[i] = (byte) text[i];
        }
        return checked(where, bytes, allowed);
    }

    private static Cookie checked(String where, byte[] bytes, CookieWeakness... allowed) {
        Set<CookieWeakness> weaknesses = CookieWeakness.of(bytes);
        weaknesses.removeAll(Arrays.asList(allowed));
        for (CookieWeakness weakness : weaknesses) {
            throw new IllegalArgumentException(where + ": " + weakness.found()
                    + " (expected: what Cookie.generate() makes, or CookieWeakness." + weakness + " allowed)");
        }
        return new Cookie(bytes);
    }

    /**
     * Takes the cookie from the environment, as containers are given secrets. Other processes of the same user can read
     * a process's environment, and child processes inherit it: prefer {@link #read} where there is a choice.
     *
     * @param variable the variable's name, such as {@code RELEASE_COOKIE}
     * @param allowed the weaknesses it may have, none when left out
     * @return the cookie
     * @throws IllegalArgumentException if the variable is not set, or does not hold a cookie, or a weak one
     */
    public static Cookie fromEnvironment(String variable, CookieWeakness... allowed) {
        return fromEnvironment(System.getenv(), variable, allowed);
    }

    static Cookie fromEnvironment(Map<String, String> environment, String variable, CookieWeakness... allowed) {
        String where = "environment variable " + Printable.of(variable);
        String text = environment.get(variable);
        if (text == null) {
            throw new IllegalArgumentException(where + ": not set (expected: the cluster's cookie)");
        }
        return of(where, text.toCharArray(), allowed);
    }

    /**
     * Reads a cookie file by the rules of OTP, such as {@code ~/.erlang.cookie}.
     *
     * <p>The cookie is what stands before the first line end: printable ASCII, blanks included. Only line ends and
     * blanks may follow. No user but the owner may have any access to the file, where the file system knows owners. Our
     * own rules on top: it is a file, not a pipe or a device, and the cookie is not weak.
     *
     * @param file the file; a link is followed
     * @param allowed the weaknesses the cookie may have, none when left out
     * @return the cookie
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if others have access to it, or it does not hold a cookie, or a weak one
     */
    public static Cookie read(Path file, CookieWeakness... allowed) throws IOException {
        if (Files.notExists(file)) {
            throw new NoSuchFileException(file + ": no such file (expected: the cluster's cookie, mode 0400)");
        }
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException(file + ": is no file (expected: one that holds the cookie)");
        }
        checkOwnerOnly(file);
        byte[] content;
        try (InputStream in = Files.newInputStream(file)) {
            content = in.readNBytes(MAX_FILE_BYTES + 1);
        }
        if (content.length > MAX_FILE_BYTES) {
            throw new IllegalArgumentException(
                    file + ": more than " + MAX_FILE_BYTES + " bytes (expected: a cookie and a line end)");
        }
        int length = 0;
        while (length < content.length && content[length] >= ' ' && content[length] <= '~') {
            length++;
        }
        for (int i = length; i < content.length; i++) {
            if (content[i] != '\n' && content[i] != '\r' && content[i] != ' ') {
                throw new IllegalArgumentException(
                        file + ": bad character at offset " + i + " (expected: one line of printable ASCII)");
            }
        }
        if (length == 0 || length > MAX_CHARACTERS) {
            throw new IllegalArgumentException(
                    file + ": a cookie of " + length + " characters (expected: 1 to " + MAX_CHARACTERS + ")");
        }
        return checked(file.toString(), Arrays.copyOf(content, length), allowed);
    }

    private static void checkOwnerOnly(Path file) throws IOException {
        if (!knowsOwners(file)) {
            return; // as OTP on Windows: there are no such permissions to look at
        }
        if (Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains)) {
            throw new IllegalArgumentException(
                    file + ": group or others have access to the cookie (expected: the owner only; run chmod 400 "
                            + file + ")");
        }
    }

    /**
     * Makes a random cookie of 160 bits.
     *
     * @return a cookie of 40 hexadecimal digits
     */
    public static Cookie generate() {
        var random = new byte[GENERATED_BYTES];
        new SecureRandom().nextBytes(random);
        return new Cookie(HexFormat.of().formatHex(random).getBytes(StandardCharsets.ISO_8859_1));
    }

    /**
     * Writes the cookie and a line end to a new file that its owner alone can read, where the file system knows owners.
     *
     * @param file the file; nothing is overwritten
     * @throws IOException if the file exists, or cannot be written
     * @throws IllegalStateException if the cookie holds characters that {@link #read} and OTP do not take from a
     *     file
     */
    public void write(Path file) throws IOException {
        for (byte b : bytes) {
            if (b < ' ' || b > '~') {
                throw new IllegalStateException(
                        file + ": a cookie with characters beyond ASCII cannot be read from a file");
            }
        }
        FileAttribute<?>[] ownerReads =
                knowsOwners(file) ? new FileAttribute<?>[] {OWNER_READS} : new FileAttribute<?>[0];
        var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (var channel = Files.newByteChannel(file, options, ownerReads)) {
            var line = ByteBuffer.allocate(bytes.length + 1)
                    .put(bytes)
                    .put((byte) '\n')
                    .flip();
            while (line.hasRemaining()) {
                channel.write(line);
            }
        }
    }

    private static boolean knowsOwners(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    /** Returns the bytes that go into a digest. Not copied: callers in this package only read them. */
    byte[] bytes() {
        return bytes;
    }

    /**
     * Returns a text that does not hold the cookie.
     *
     * @return always the same text
     */
    @Override
    public String toString() {
        return "Cookie[hidden]";
    }
}
