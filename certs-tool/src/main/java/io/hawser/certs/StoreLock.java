package io.hawser.certs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The one writer of a store. The operating system frees the lock when its holder dies, so a lock is never left behind;
 * the file stays, and says who holds it. Not thread-safe; used by one caller at a time.
 */
final class StoreLock implements AutoCloseable {
    private final FileChannel channel;

    private StoreLock(FileChannel channel) {
        this.channel = channel;
    }

    static StoreLock take(Path file, Instant now) {
        try {
            FileChannel channel = FileChannel.open(
                    file,
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(FileWriter.SECRET));
            try {
                if (tryLock(channel) == null) {
                    throw held(file);
                }
                channel.truncate(0);
                channel.write(
                        ByteBuffer.wrap(("process " + ProcessHandle.current().pid() + " since " + now + "\n")
                                .getBytes(StandardCharsets.US_ASCII)));
                return new StoreLock(channel);
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw CertsException.io("locking", file, e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // this process holds it, through another store
        }
    }

    private static CertsException held(Path file) throws IOException {
        String holder = Names.printable(
                Files.readString(file, StandardCharsets.ISO_8859_1).strip());
        return new CertsException(
                        ErrorCode.LOCK_HELD, file + ": held by " + (holder.isEmpty() ? "another process" : holder))
                .hint("Wait until it is done, then run the command again")
                .about(file);
    }

    @Override
    public void close() {
        try {
            channel.truncate(0);
            channel.close(); // frees the lock
        } catch (IOException e) {
            throw new CertsException(ErrorCode.IO, "the lock file could not be closed", e);
        }
    }
}
