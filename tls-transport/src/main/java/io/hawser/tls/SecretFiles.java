package io.hawser.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/** Reads files, and refuses secret ones that others can read. */
final class SecretFiles {
    private static final long MAX_BYTES = 4 << 20;
    private static final Set<PosixFilePermission> OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    private SecretFiles() {}

    /** Reads a file of certificates or settings. */
    static byte[] read(Path file) {
        try {
            long size = Files.size(file);
            if (size > MAX_BYTES) {
                throw new TlsConfigurationException(
                        file + ": " + size + " bytes (expected: at most " + MAX_BYTES + ")");
            }
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new TlsConfigurationException(file + ": no such file", e);
        } catch (IOException e) {
            throw new TlsConfigurationException(file + ": cannot be read: " + e, e);
        }
    }

    /** Reads a file that holds a key or a password; only its owner may be able to read it. */
    static byte[] readSecret(Path file) {
        try {
            var view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
            if (view != null) { // null where files have no such permissions
                Set<PosixFilePermission> found = view.readAttributes().permissions();
                if (found.stream().anyMatch(OTHERS::contains)) {
                    throw new TlsConfigurationException(file + ": others than its owner can use it ("
                            + PosixFilePermissions.toString(found) + ", expected: rw-------), run chmod 600 " + file);
                }
            }
        } catch (NoSuchFileException e) {
            throw new TlsConfigurationException(file + ": no such file", e);
        } catch (IOException e) {
            throw new TlsConfigurationException(file + ": its permissions cannot be read: " + e, e);
        }
        return read(file);
    }
}
