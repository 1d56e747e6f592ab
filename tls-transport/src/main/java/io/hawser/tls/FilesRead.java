package io.hawser.tls;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads files and remembers which, and what was in them, so that a change is noticed however it was made: in place, by
 * rename, by turning a symbolic link, with the same size and time. Not thread-safe; used by one caller at a time.
 */
final class FilesRead {
    private static final String ABSENT = "absent";

    private final Map<Path, Content> contents = new LinkedHashMap<>();

    private record Content(boolean secret, String digest) {}

    /** Reads a file of certificates or settings. */
    byte[] read(Path file) {
        return remembered(file, false);
    }

    /** Reads a file that holds a key or a password; only its owner may be able to read it. */
    byte[] readSecret(Path file) {
        return remembered(file, true);
    }

    /** Whether there is a file; that there is none is remembered too. */
    boolean exists(Path file) {
        boolean there = Files.exists(file);
        if (!there) {
            contents.put(file, new Content(false, ABSENT));
        }
        return there;
    }

    private byte[] remembered(Path file, boolean secret) {
        contents.put(file, new Content(secret, ABSENT)); // stands if it cannot be read
        byte[] bytes = secret ? SecretFiles.readSecret(file) : SecretFiles.read(file);
        contents.put(file, new Content(secret, DenyList.sha256(bytes)));
        return bytes;
    }

    /** Whether all files are still as they were when they were read. */
    boolean areUnchanged() {
        return contents.entrySet().stream()
                .allMatch(entry -> digestNow(entry.getKey(), entry.getValue().secret())
                        .equals(entry.getValue().digest()));
    }

    /** What stands for the present content of all files that were read. */
    String stamp() {
        var stamp = new StringBuilder();
        contents.forEach((file, content) ->
                stamp.append(digestNow(file, content.secret())).append('\n'));
        return stamp.toString();
    }

    private static String digestNow(Path file, boolean secret) {
        try {
            return DenyList.sha256(secret ? SecretFiles.readSecret(file) : SecretFiles.read(file));
        } catch (TlsConfigurationException e) {
            return ABSENT; // what is wrong is said when they are loaded
        }
    }
}
