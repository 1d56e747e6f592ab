package io.hawser.certs.cli;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The states of a store in which commands are refused; each is made of a sound one, and undone. */
enum RefusedStore {
    /** As it should be. */
    SOUND("pki"),
    /** Nothing is there. */
    EMPTY("empty"),
    /** {@code org.yaml} is something else. */
    SPOILT("pki", "org.yaml"),
    /** A CRL is lost. */
    BROKEN("pki", "ca/issuing-1/crl.pem"),
    /** The log has another first line. */
    FORGED("pki", "log/events.jsonl"),
    /** Somebody else writes. */
    LOCKED("pki"),
    /** Keys can be read by everybody. */
    LOOSE("pki"),
    /** CA keys are encrypted, and the root's is here. */
    ENCRYPTED("encrypted"),
    /** A CA waits for the root's machine. */
    ASKING("asking"),
    /** A rotation of the issuing CA has begun. */
    ROTATING("rotating"),
    /** The same, while somebody else writes. */
    HELD("rotating"),
    /** A node is revoked. */
    REVOKED("revoked");

    private final String directory;
    private final String damaged;

    RefusedStore(String directory) {
        this(directory, "");
    }

    RefusedStore(String directory, String damaged) {
        this.directory = directory;
        this.damaged = damaged;
    }

    /** Something to do meanwhile. */
    interface Work<T> {
        T run(Path store) throws IOException;
    }

    /** Makes this state of the stores below a directory, and undoes it. */
    <T> T during(Path parent, Work<T> work) throws IOException {
        Path store = parent.resolve(directory);
        return switch (this) {
            case LOCKED, HELD -> locked(store, work);
            case LOOSE -> loose(parent, store, work);
            default -> damaged.isEmpty() ? work.run(store) : damaged(store.resolve(damaged), store, work);
        };
    }

    private <T> T damaged(Path file, Path store, Work<T> work) throws IOException {
        byte[] sound = Files.readAllBytes(file);
        if (this == BROKEN) {
            Files.delete(file);
        } else {
            byte[] other = sound.clone();
            other[other.length / 2] ^= 1;
            Files.write(file, this == SPOILT ? new byte[] {'?'} : other);
        }
        try {
            return work.run(store);
        } finally {
            Files.write(file, sound);
        }
    }

    private static <T> T locked(Path store, Work<T> work) throws IOException {
        try (FileChannel channel = FileChannel.open(store.resolve(".lock"), StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            if (!lock.isValid()) {
                throw new AssertionError("no lock");
            }
            return work.run(store);
        }
    }

    private static <T> T loose(Path parent, Path store, Work<T> work) throws IOException {
        List<Path> keys;
        try (Stream<Path> files = Files.walk(parent)) {
            keys = files.filter(file -> file.startsWith(store) || file.startsWith(parent.resolve("usb")))
                    .filter(file -> file.endsWith("key.pem"))
                    .toList();
        }
        setModes(keys, PosixFilePermissions.fromString("rw-r--r--"));
        try {
            return work.run(store);
        } finally {
            setModes(keys, PosixFilePermissions.fromString("rw-------"));
        }
    }

    private static void setModes(List<Path> files, Set<PosixFilePermission> modes) throws IOException {
        for (Path file : files) {
            Files.setPosixFilePermissions(file, modes);
        }
    }

    static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(
                        file,
                        to.resolve(from.relativize(file)),
                        StandardCopyOption.COPY_ATTRIBUTES,
                        LinkOption.NOFOLLOW_LINKS);
            }
        }
    }
}
