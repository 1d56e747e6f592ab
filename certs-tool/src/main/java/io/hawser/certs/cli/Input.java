package io.hawser.certs.cli;

import io.hawser.certs.CertsException;
import io.hawser.certs.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads what a command was given, up to a limit. */
final class Input {
    private static final int MAX_BYTES = 4 << 20;

    private Input() {}

    /** A file, or standard input for a hyphen. */
    static byte[] any(CertsTool tool, String name) {
        return name.equals("-") ? standard(tool) : file(Path.of(name));
    }

    static byte[] standard(CertsTool tool) {
        try {
            return upToLimit(tool.environment().in(), "standard input");
        } catch (IOException e) {
            throw new CertsException(ErrorCode.IO, "standard input cannot be read", e);
        }
    }

    static byte[] file(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return upToLimit(in, file.toString());
        } catch (NoSuchFileException e) {
            throw new CertsException(ErrorCode.IO, "reading " + file + " failed: no such file", e).about(file);
        } catch (IOException e) {
            throw new CertsException(ErrorCode.IO, "reading " + file + " failed", e).about(file);
        }
    }

    private static byte[] upToLimit(InputStream in, String where) throws IOException {
        byte[] content = in.readNBytes(MAX_BYTES + 1);
        if (content.length > MAX_BYTES) {
            throw new CertsException(ErrorCode.UNREADABLE, where + ": larger than " + MAX_BYTES + " bytes")
                    .about(where);
        }
        return content;
    }
}
