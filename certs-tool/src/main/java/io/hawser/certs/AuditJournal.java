package io.hawser.certs;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Writes one operation's entry into the log. The store's lock must be held.
 *
 * <p>Each path, and what is written outside the store, is noted in a file of its own before it changes; the entry is made of those notes at the end: the line, forced
 * to disk, then the head, then the notes go. An operation that was killed leaves its notes, and the next one makes the entry
 * of them. Notes are not forced: kill -9 loses none, a power cut may.
 *
 * <p>Thread-safe as a {@link WriteObserver} (one lock), confined to the operation's thread otherwise.
 */
final class AuditJournal implements WriteObserver {
    private final StoreLayout layout;
    private final Clock clock;
    private final WriteObserver observer;
    private final String operation;
    private final boolean adopted;
    private final Set<Path> changed = new LinkedHashSet<>();
    private final Set<AuditSubject> outside = new LinkedHashSet<>();
    private final ReentrantLock lock = new ReentrantLock();

    private AuditJournal(StoreLayout layout, Clock clock, WriteObserver observer, String operation) {
        this.layout = layout;
        this.clock = clock;
        this.observer = observer;
        this.operation = operation;
        this.adopted = Files.exists(layout.config()) && !Files.exists(layout.events());
    }

    /** Begins an operation, and finishes the entry of one that was killed. */
    static AuditJournal begin(StoreLayout layout, Clock clock, WriteObserver observer, String operation) {
        if (Files.exists(layout.pending())) {
            new AuditJournal(layout, clock, observer, "").recover();
        }
        return new AuditJournal(layout, clock, observer, operation);
    }

    @Override
    public void before(String step, Path path) {
        observer.before(step, path);
        Path absolute = path.toAbsolutePath().normalize();
        Path root = layout.root().toAbsolutePath().normalize();
        if (Set.of("rename", "remove").contains(step) && absolute.startsWith(root)) {
            Path relative = root.relativize(absolute);
            boolean temporary = false;
            for (Path each : relative) {
                temporary |= each.toString().startsWith(".");
            }
            if (!temporary) {
                note(layout.root().resolve(relative));
            }
        }
    }

    private void note(Path path) {
        lock.lock();
        try {
            if (isEmpty()) {
                prepare();
            }
            if (changed.add(path)) {
                append(
                        layout.pending(),
                        line(AuditLine.bytes(layout.root().relativize(path).toString())),
                        false);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Notes what the operation is about to write outside the store, where paths tell nothing. */
    void note(AuditSubject subject) {
        lock.lock();
        try {
            if (isEmpty()) {
                prepare();
            }
            if (outside.add(subject)) {
                append(layout.pending(), line(AuditLine.bytes(AuditLine.subject(subject))), false);
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean isEmpty() {
        return changed.isEmpty() && outside.isEmpty();
    }

    private List<AuditSubject> subjects() {
        var subjects = new ArrayList<>(outside);
        subjects.addAll(AuditSubjects.of(layout, changed));
        return subjects;
    }

    private void prepare() {
        var writer = new FileWriter(false, observer);
        writer.directories(FileWriter.parent(layout.events()));
        writer.directories(FileWriter.parent(layout.auditHead()));
        if (adopted) {
            add("log begin", clock.instant(), user(), false, AuditSubjects.of(layout));
        }
        var intent = Json.object(
                "number",
                settledHead().entries() + 1,
                "at",
                clock.instant().toString(),
                "operation",
                operation,
                "user",
                user());
        append(layout.pending(), line(AuditLine.bytes(intent)), false);
    }

    /** Makes the entry; does nothing when nothing changed. */
    void end(boolean interrupted) {
        if (!isEmpty()) {
            add(operation, clock.instant(), user(), interrupted, subjects());
            forget();
        }
    }

    private void recover() {
        List<String> lines = new String(OrgStore.readFile(layout.pending()), StandardCharsets.UTF_8)
                .lines()
                .toList();
        JsonNode intent = lines.isEmpty() ? null : AuditLine.parse(lines.get(0).getBytes(StandardCharsets.UTF_8));
        if (intent != null && intent.path("number").asLong() > settledHead().entries()) {
            for (String line : lines.subList(1, lines.size())) {
                // the last may be cut short, and its change did not happen then
                String name = AuditLine.text(line);
                JsonNode subject = AuditLine.parse(line.getBytes(StandardCharsets.UTF_8));
                if (!name.isEmpty()) {
                    changed.add(layout.root().resolve(name));
                } else if (subject != null) {
                    outside.add(AuditLine.subject(subject));
                }
            }
            AuditEntry begun = AuditLine.entry(intent);
            add(
                    intent.path("operation").asText(),
                    begun == null ? clock.instant() : begun.at(),
                    intent.path("user").asText(),
                    true,
                    subjects());
        } else if (!settledHead().equals(AuditHead.read(layout.auditHead()))) {
            writeHead(settledHead()); // killed between line and head
        }
        forget();
    }

    private void add(String operation, Instant at, String user, boolean interrupted, List<AuditSubject> subjects) {
        AuditHead head = settledHead();
        byte[] line = AuditLine.write(
                new AuditEntry(head.entries() + 1, at, operation, user, interrupted, subjects), head.hash());
        observer.before("append", layout.events());
        long end = append(layout.events(), line(line), true);
        writeHead(head.after(line, end));
    }

    private void writeHead(AuditHead head) {
        new FileWriter(false, observer).open(layout.auditHead(), head.file());
    }

    /**
     * Brings log and head together where a kill came between them: a whole line that the head does not know is taken over, a
     * part of one is cut off. A log that is shorter than the head says is left so, for {@code audit verify} to tell.
     */
    private AuditHead settledHead() {
        AuditHead head = AuditHead.read(layout.auditHead());
        if (!Files.exists(layout.events())) {
            return head;
        }
        try (FileChannel channel =
                FileChannel.open(layout.events(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long size = channel.size();
            if (size < head.bytes()) {
                return head;
            }
            AuditHead settled = AuditLog.settle(layout.events(), head);
            if (settled.bytes() < size) {
                channel.truncate(settled.bytes());
                channel.force(true);
            }
            return settled;
        } catch (IOException e) {
            throw CertsException.io("reading", layout.events(), e);
        }
    }

    private void forget() {
        observer.before("forget", layout.pending());
        try {
            Files.deleteIfExists(layout.pending());
        } catch (IOException e) {
            throw CertsException.io("removing", layout.pending(), e);
        }
    }

    /** Adds bytes at the end of a file; begins a new line if the last was cut. */
    private static long append(Path file, byte[] bytes, boolean force) {
        try (FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(FileWriter.SECRET))) {
            long end = channel.size();
            var last = ByteBuffer.allocate(1);
            boolean cut = end > 0 && channel.read(last, end - 1) == 1 && last.get(0) != '\n';
            var rest = ByteBuffer.allocate(bytes.length + 1);
            if (cut) {
                rest.put((byte) '\n');
            }
            rest.put(bytes).flip();
            while (rest.hasRemaining()) {
                end += channel.write(rest, end);
            }
            if (force) {
                channel.force(true);
            }
            return end;
        } catch (IOException e) {
            throw CertsException.io("writing", file, e);
        }
    }

    private static byte[] line(byte[] content) {
        byte[] line = Arrays.copyOf(content, content.length + 1);
        line[content.length] = '\n';
        return line;
    }

    /** Who runs this process; the JDK asks the operating system. */
    private static String user() {
        return Names.printable(System.getProperty("user.name", ""));
    }
}
