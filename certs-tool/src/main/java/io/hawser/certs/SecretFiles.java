package io.hawser.certs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/**
 * Reads files that hold secrets, and refuses those that others could read or have put there.
 *
 * @param allowGroupRead whether mode 0640 is accepted too
 */
record SecretFiles(boolean allowGroupRead) {
    private static final int MAX_BYTES = 1 << 20;
    private static final Set<PosixFilePermission> OWNER =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    byte[] read(Path file) {
        try {
            check(file);
            return CappedFile.read(file, MAX_BYTES, LinkOption.NOFOLLOW_LINKS)
                    .orElseThrow(() -> new CertsException(
                                    ErrorCode.UNREADABLE, file + ": larger than " + MAX_BYTES + " bytes")
                            .about(file));
        } catch (NoSuchFileException e) {
            throw new CertsException(ErrorCode.KEY_ABSENT, file + ": is not there", e)
                    .hint("If the key is kept offline, do this where it is, or bring it back for the time being")
                    .about(file);
        } catch (IOException e) {
            throw CertsException.io("reading", file, e);
        }
    }

    void check(Path file) throws IOException {
        PosixFileAttributes attributes =
                Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!attributes.isRegularFile()) {
            throw new CertsException(
                            ErrorCode.UNSAFE_FILE,
                            file + ": is " + (attributes.isSymbolicLink() ? "a symbolic link" : "not a file")
                                    + ", and a secret is read from a plain file only")
                    .about(file);
        }
        var loose = EnumSet.noneOf(PosixFilePermission.class);
        loose.addAll(attributes.permissions());
        loose.removeAll(OWNER);
        if (allowGroupRead) {
            loose.remove(PosixFilePermission.GROUP_READ);
        }
        if (!loose.isEmpty()) {
            throw new CertsException(
                            ErrorCode.UNSAFE_PERMISSIONS,
                            file + ": others may read or write it (mode "
                                    + PosixFilePermissions.toString(attributes.permissions()) + ")")
                    .hint("Run: chmod 600 " + file
                            + (allowGroupRead ? "" : "   (or add --allow-group-read to accept mode 0640)"))
                    .about(file);
        }
        checkOwner(file);
    }

    /** Refuses a file of another user; root's own files are accepted, since root could replace ours anyway. */
    private static void checkOwner(Path file) throws IOException {
        Path self = Path.of("/proc/self");
        if (!Files.exists(self)) {
            return; // only Linux tells who we are without native code
        }
        Object us = Files.getAttribute(self, "unix:uid");
        Object owner = Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        if (!owner.equals(us) && !owner.equals(0)) {
            throw new CertsException(
                            ErrorCode.UNSAFE_FILE, file + ": belongs to user " + owner + ", but we run as user " + us)
                    .hint("Run the tool as the owner of the file, or take it over with chown")
                    .about(file);
        }
    }
}
