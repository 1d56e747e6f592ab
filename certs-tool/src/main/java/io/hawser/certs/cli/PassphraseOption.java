package io.hawser.certs.cli;

import io.hawser.certs.CertsException;
import io.hawser.certs.ErrorCode;
import io.hawser.certs.SecretSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/**
 * {@code --pass}: says where a passphrase is, never what it is. One for all keys that a command opens or makes; or, with
 * {@code root=} or {@code issuing-2=} before it, for the keys of one role or one CA.
 */
class PassphraseOption {
    private static final int MAX_BYTES = 1024;
    private static final Pattern NAMED = Pattern.compile("((?:root|issuing)(?:-[0-9]{1,9})?)=(.*)");

    @Option(
            names = "--pass",
            paramLabel = "SOURCE",
            description = {
                "Where the passphrase (or a token's PIN) is: file:PATH, env:VAR, fd:N, or prompt. Never the",
                "passphrase itself. Keys that differ: --pass root=SOURCE --pass issuing=SOURCE."
            })
    private List<String> sources = List.of();

    boolean isGiven() {
        return !sources.isEmpty();
    }

    /** Checks the form at once; reads only when asked for a passphrase. */
    SecretSource secrets(CertsTool tool) {
        var named = new HashMap<String, SecretSource>();
        for (String source : sources) {
            Matcher matcher = NAMED.matcher(source);
            String name = matcher.matches() ? matcher.group(1) : "";
            if (named.put(name, source(tool, name, matcher.matches() ? matcher.group(2) : source)) != null) {
                throw new CertsException(
                        ErrorCode.USAGE, "--pass is given twice for " + (name.isEmpty() ? "all keys" : name));
            }
        }
        return new ByName(Map.copyOf(named));
    }

    /** A source for each CA, role, or everything; the empty name is for everything. */
    private record ByName(Map<String, SecretSource> named) implements SecretSource {
        @Override
        public Optional<char[]> passphrase(Use use) {
            return named.getOrDefault("", SecretSource.none()).passphrase(use);
        }

        @Override
        public SecretSource of(String authority) {
            String role = authority.replaceFirst("-[0-9]+$", "");
            SecretSource own = named.getOrDefault(authority, named.get(role));
            return own == null ? this : own;
        }
    }

    private static SecretSource source(CertsTool tool, String name, String from) {
        Environment environment = tool.environment();
        String rest = from.substring(from.indexOf(':') + 1);
        if (from.equals("prompt")) {
            return use -> Optional.of(prompt(environment, name, use));
        }
        if (from.startsWith("file:") && !rest.isEmpty()) {
            return use -> Optional.of(readFile(Path.of(rest), tool.allowGroupRead()));
        }
        if (from.startsWith("env:") && !rest.isEmpty()) {
            return use -> Optional.of(fromVariable(environment, rest));
        }
        if (from.startsWith("fd:") && rest.matches("[0-9]{1,5}")) {
            return use -> Optional.of(readDescriptor(rest));
        }
        throw new CertsException(
                        ErrorCode.SECRET_ON_ARGV,
                        "--pass takes a place (file:PATH, env:VAR, fd:N or prompt), not the passphrase itself")
                .hint("Other users can read command lines; if that was your passphrase, choose a new one");
    }

    private static char[] prompt(Environment environment, String name, SecretSource.Use use) {
        char[] first = ask(environment, name.isEmpty() ? "Passphrase: " : "Passphrase of " + name + ": ");
        if (use == SecretSource.Use.PROTECT) {
            char[] second = ask(environment, "Once more: ");
            boolean same = Arrays.equals(first, second);
            Arrays.fill(second, '\0');
            if (!same) {
                throw unavailable("the two passphrases differ");
            }
        }
        return nonEmpty(first, "prompt");
    }

    private static char[] ask(Environment environment, String text) {
        return environment
                .prompt()
                .apply(text)
                .orElseThrow(() -> unavailable("there is no terminal to ask for the passphrase")
                        .hint("Use --pass file:PATH, env:VAR or fd:N in scripts"));
    }

    private static char[] fromVariable(Environment environment, String name) {
        String value = environment.variables().get(name);
        if (value == null) {
            throw unavailable("the environment variable after env: is not set");
        }
        return nonEmpty(value.toCharArray(), "env");
    }

    private static char[] readFile(Path file, boolean allowGroupRead) {
        try {
            if (Files.isRegularFile(file)) {
                Set<PosixFilePermission> modes = Files.getPosixFilePermissions(file);
                boolean group = modes.contains(PosixFilePermission.GROUP_READ) && !allowGroupRead;
                if (group
                        || modes.contains(PosixFilePermission.GROUP_WRITE)
                        || modes.contains(PosixFilePermission.OTHERS_READ)
                        || modes.contains(PosixFilePermission.OTHERS_WRITE)) {
                    throw new CertsException(
                                    ErrorCode.UNSAFE_PERMISSIONS,
                                    "the passphrase file can be read or written by others")
                            .hint("Run: chmod 600 " + file + "   (or add --allow-group-read to accept mode 0640)")
                            .about(file);
                }
            }
            try (InputStream in = Files.newInputStream(file)) {
                return firstLine(in, "file");
            }
        } catch (NoSuchFileException e) {
            throw unavailable("the passphrase file is not there").about(file);
        } catch (IOException e) {
            throw new CertsException(ErrorCode.SECRET_UNAVAILABLE, "the passphrase file cannot be read", e).about(file);
        }
    }

    private static char[] readDescriptor(String number) {
        try (InputStream in = Files.newInputStream(Path.of("/dev/fd/" + number))) {
            return firstLine(in, "fd");
        } catch (IOException e) {
            throw new CertsException(ErrorCode.SECRET_UNAVAILABLE, "file descriptor " + number + " cannot be read", e)
                    .hint("Open it in the shell, for example: certs-tool ... --pass fd:3 3< secret");
        }
    }

    /** The first line without its end; a file made with an editor or with echo ends in one. */
    private static char[] firstLine(InputStream in, String scheme) throws IOException {
        byte[] bytes = in.readNBytes(MAX_BYTES + 1);
        int length = 0;
        while (length < bytes.length && bytes[length] != '\n' && bytes[length] != '\r') {
            length++;
        }
        try {
            if (length > MAX_BYTES) {
                throw unavailable("the passphrase is longer than " + MAX_BYTES + " bytes");
            }
            var chars = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, length));
            char[] passphrase = new char[chars.remaining()];
            chars.get(passphrase);
            return nonEmpty(passphrase, scheme);
        } catch (CharacterCodingException e) {
            throw unavailable("the passphrase is not UTF-8 text");
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private static char[] nonEmpty(char[] passphrase, String scheme) {
        if (passphrase.length == 0) {
            throw unavailable("the passphrase from " + scheme + " is empty");
        }
        return passphrase;
    }

    private static CertsException unavailable(String message) {
        return new CertsException(ErrorCode.SECRET_UNAVAILABLE, message);
    }
}
