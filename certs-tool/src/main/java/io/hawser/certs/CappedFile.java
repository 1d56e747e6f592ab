package io.hawser.certs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Optional;

/** Reads files up to a limit, whatever their size is said to be: a device says 0 and never ends. */
final class CappedFile {
    private CappedFile() {}

    /** The whole content, or empty when there is more than the limit. */
    static Optional<byte[]> read(Path file, int maxBytes, OpenOption... options) throws IOException {
        try (InputStream in = Files.newInputStream(file, options)) {
            byte[] content = in.readNBytes(maxBytes + 1);
            return content.length > maxBytes ? Optional.empty() : Optional.of(content);
        }
    }
}
