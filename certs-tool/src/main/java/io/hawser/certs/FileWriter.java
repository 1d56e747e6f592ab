package io.hawser.certs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Writes files so that a reader, or a power cut, sees the old content or the new and nothing between: to a temporary
 * name in the same directory, forced to disk, renamed. Modes do not depend on the umask. In a dry run it only records.
 *
 * <p>Not thread-safe; used by one caller at a time, who holds the lock of the directory.
 */
final class FileWriter {
    static final Set<PosixFilePermission> DIRECTORY = PosixFilePermissions.fromString("rwx------");
    static final Set<PosixFilePermission> SECRET = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> PUBLIC = PosixFilePermissions.fromString("rw-r--r--");

    private final boolean dryRun;
    private final WriteObserver observer;
    private final List<String> written = new ArrayList<>();

    FileWriter(boolean dryRun, WriteObserver observer) {
        this.dryRun = dryRun;
        this.observer = observer;
    }

    /** A writer of the same kind with a record of its own, for another thread. */
    FileWriter beside() {
        return new FileWriter(dryRun, observer);
    }

    /** Takes over what another writer recorded. */
    void add(FileWriter other) {
        written.addAll(other.written);
    }

    /** What was written, or in a dry run would have been, in order. */
    List<String> written() {
        return List.copyOf(written);
    }

    void secret(Path file, byte[] content) {
        write(file, content, SECRET);
    }

    void open(Path file, byte[] content) {
        write(file, content, PUBLIC);
    }

    /** Writes a file that all may read, unless it has this content already. */
    void openIfChanged(Path file, byte[] content) {
        if (!hasContent(file, content)) {
            open(file, content);
        }
    }

    static boolean hasContent(Path file, byte[] content) {
        try {
            return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                    && Files.size(file) == content.length
                    && Arrays.equals(Files.readAllBytes(file), content);
        } catch (IOException e) {
            throw CertsException.io("reading", file, e);
        }
    }

    void directories(Path directory) {
        if (dryRun) {
            return;
        }
        var missing = new ArrayList<Path>();
        Path absolute = directory.toAbsolutePath().normalize();
        for (Path path = absolute; path != null && !Files.exists(path); path = path.getParent()) {
            missing.add(0, path);
        }
        for (Path path : missing) {
            observer.before("create", path);
            try {
                Files.createDirectory(path, PosixFilePermissions.asFileAttribute(DIRECTORY));
                Files.setPosixFilePermissions(path, DIRECTORY);
                force(parent(path));
            } catch (IOException e) {
                throw CertsException.io("creating directory", path, e);
            } catch (UnsupportedOperationException e) {
                throw noPermissions(path);
            }
        }
    }

    private void write(Path file, byte[] content, Set<PosixFilePermission> mode) {
        written.add(file.toString());
        if (dryRun) {
            return;
        }
        Path temporary = file.resolveSibling("." + file.getFileName() + ".tmp");
        observer.before("write", temporary);
        try {
            Files.deleteIfExists(temporary); // left by a run that was killed; we hold the lock
            create(temporary, content, mode);
            observer.before("rename", file);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            force(parent(file));
        } catch (IOException e) {
            throw CertsException.io("writing", file, e);
        } catch (UnsupportedOperationException e) {
            throw noPermissions(file);
        }
    }

    private static void create(Path file, byte[] content, Set<PosixFilePermission> mode) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(SECRET))) {
            Files.setPosixFilePermissions(file, mode);
            ByteBuffer rest = ByteBuffer.wrap(content);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            channel.force(true);
        }
    }

    /** Makes an empty directory under a temporary name, to be filled and published. */
    void temporaryDirectory(Path temporary) {
        directories(parent(temporary));
        discard(temporary);
        if (dryRun) {
            return;
        }
        observer.before("create", temporary);
        try {
            Files.createDirectory(temporary, PosixFilePermissions.asFileAttribute(DIRECTORY));
            Files.setPosixFilePermissions(temporary, DIRECTORY);
        } catch (IOException e) {
            throw CertsException.io("creating directory", temporary, e);
        } catch (UnsupportedOperationException e) {
            throw noPermissions(temporary);
        }
    }

    /** Writes a file into a temporary directory; its own name is safe there, and publishing makes it durable. */
    void fill(Path file, byte[] content, boolean secret) {
        written.add(file.toString());
        if (dryRun) {
            return;
        }
        observer.before("write", file);
        try {
            create(file, content, secret ? SECRET : PUBLIC);
        } catch (IOException e) {
            throw CertsException.io("writing", file, e);
        } catch (UnsupportedOperationException e) {
            throw noPermissions(file);
        }
    }

    /** Gives a directory that was filled under a temporary name its own. */
    void publish(Path temporary, Path directory) {
        written.replaceAll(name -> Path.of(name).startsWith(temporary)
                ? directory.resolve(temporary.relativize(Path.of(name))).toString()
                : name);
        if (dryRun) {
            return;
        }
        observer.before("rename", directory);
        try {
            force(temporary);
            Files.move(temporary, directory, StandardCopyOption.ATOMIC_MOVE);
            force(parent(directory));
        } catch (IOException e) {
            throw CertsException.io("renaming to", directory, e);
        }
    }

    /** Gives a directory another name. */
    void move(Path from, Path to) {
        written.add(to.toString());
        directories(parent(to));
        publish(from, to);
    }

    /** Removes a directory in one step: under its own name it is there as a whole or not at all. */
    void removeDirectory(Path directory, Path aside) {
        written.add(directory.toString());
        directories(parent(aside));
        discard(aside);
        if (!dryRun) {
            publish(/* temporary= */ directory, /* directory= */ aside);
            discard(aside);
        }
    }

    /** Points a symbolic link somewhere else in one step. */
    void link(Path link, String target) {
        if (dryRun && written.contains(link.toString())) {
            return; // planned already, although it still is not there
        }
        written.add(link.toString());
        if (dryRun) {
            return;
        }
        Path temporary = link.resolveSibling("." + link.getFileName() + ".tmp");
        observer.before("link", link);
        try {
            Files.deleteIfExists(temporary);
            Files.createSymbolicLink(temporary, Path.of(target));
            Files.move(temporary, link, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            force(parent(link));
        } catch (IOException e) {
            throw CertsException.io("linking", link, e);
        }
    }

    /** Removes a file that an earlier run wrote. */
    void remove(Path file) {
        written.add(file.toString());
        if (dryRun) {
            return;
        }
        observer.before("remove", file);
        try {
            Files.deleteIfExists(file);
            force(parent(file));
        } catch (IOException e) {
            throw CertsException.io("removing", file, e);
        }
    }

    /** Removes a temporary name, of this run or of one that was killed: a file, or a directory of files. */
    void discard(Path leftover) {
        written.removeIf(name -> Path.of(name).startsWith(leftover));
        if (dryRun || !Files.exists(leftover, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try {
            if (Files.isDirectory(leftover, LinkOption.NOFOLLOW_LINKS)) {
                try (Stream<Path> children = Files.list(leftover)) {
                    children.toList().forEach(this::discard);
                }
            }
            Files.delete(leftover);
        } catch (IOException e) {
            throw CertsException.io("removing", leftover, e);
        }
    }

    static Path parent(Path path) {
        Path parent = path.toAbsolutePath().getParent();
        return parent == null ? path : parent;
    }

    private static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static CertsException noPermissions(Path path) {
        return new CertsException(
                        ErrorCode.UNSAFE_PERMISSIONS,
                        path + ": this file system has no POSIX permissions, so keys could not be protected")
                .about(path);
    }
}
