package io.hawser.certs;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The log of a store's changes: one line each, which holds the hash of the line before. Reading needs no lock. Thread-safe
 * (immutable).
 *
 * <p>A line that was changed, removed or moved is found, and, by a head that is kept elsewhere in the store, lines that were cut
 * off the end. Whoever can write all files of the store can write another log and head that fit each other; only a head that was
 * kept outside ({@link AuditReport#head}) shows that.
 */
public final class AuditLog {
    private static final int MAX_LINE_BYTES = 64 << 20;
    private static final int MAX_FINDINGS = 20;

    private final StoreLayout layout;

    /**
     * The log of one store.
     *
     * @param store where it is
     */
    public AuditLog(OrgStore store) {
        this.layout = store.layout();
    }

    /** Takes a line without its line feed, and where the file goes on behind it. */
    private interface LineConsumer {
        void accept(byte[] content, long end);
    }

    /** The head that knows all whole lines of a log; behind its last byte there is part of a line, or nothing. */
    static AuditHead settle(Path file, AuditHead head) {
        AuditHead[] settled = {head};
        forEach(file, head.bytes(), (content, end) -> settled[0] = settled[0].after(content, end));
        return settled[0];
    }

    /** Hands on every whole line, and returns where the last one ends. */
    private static long forEach(Path file, long from, LineConsumer consumer) {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            in.skipNBytes(from);
            var line = new ByteArrayOutputStream();
            long position = from;
            long end = from;
            for (int b = in.read(); b >= 0; b = in.read()) {
                position++;
                if (b == '\n') {
                    end = position;
                    consumer.accept(line.toByteArray(), end);
                    line.reset();
                } else if (line.size() < MAX_LINE_BYTES) {
                    line.write(b);
                } else {
                    throw new CertsException(
                                    ErrorCode.UNREADABLE,
                                    file + ": has a line of over " + MAX_LINE_BYTES + " bytes, which no entry is")
                            .about(file);
                }
            }
            return end;
        } catch (IOException e) {
            throw CertsException.io("reading", file, e);
        }
    }

    /**
     * The changes there were.
     *
     * @param since the first moment of interest, or null for all
     * @param subject a node, CA, partner or serial number of interest, or null for all
     * @return oldest first; lines that are no entries are left out, and {@link #verify} names them
     */
    public List<AuditEntry> entries(@Nullable Instant since, @Nullable String subject) {
        var entries = new ArrayList<AuditEntry>();
        if (Files.exists(layout.events())) {
            forEach(layout.events(), 0, (line, end) -> {
                JsonNode node = AuditLine.parse(line);
                AuditEntry entry = node == null ? null : AuditLine.entry(node);
                if (entry != null
                        && (since == null || !entry.at().isBefore(since))
                        && (subject == null || entry.concerns(subject))) {
                    entries.add(entry);
                }
            });
        }
        return entries;
    }

    /**
     * Looks for lines that were changed, removed, moved or cut off.
     *
     * @param kept number and hash of a line that somebody kept outside the store, {@code NUMBER:HASH}, or null
     * @return what was found
     * @throws CertsException if what was kept has another form ({@code USAGE})
     */
    public AuditReport verify(@Nullable String kept) {
        var chain = new Chain(kept);
        if (Files.exists(layout.events())) {
            long end = forEach(layout.events(), 0, (line, after) -> chain.add(line));
            try {
                if (Files.size(layout.events()) > end) {
                    chain.notes.add("part of a line follows the last entry, as a killed command leaves; the next"
                            + " change removes it");
                }
            } catch (IOException e) {
                throw CertsException.io("reading", layout.events(), e);
            }
        }
        if (Files.exists(layout.pending())) {
            chain.notes.add("an operation is under way, or was killed; the next change makes an entry of what it did");
        }
        return chain.report(AuditHead.read(layout.auditHead()));
    }

    /** Follows the hashes from line to line. */
    private static final class Chain {
        private final List<String> findings = new ArrayList<>();
        private final List<String> notes = new ArrayList<>();
        private final long keptNumber;
        private final String keptHash;
        private boolean keptSeen;
        private long lines;
        private long number;
        private String hash = AuditLine.START;

        Chain(@Nullable String kept) {
            if (kept != null && !kept.matches("[1-9][0-9]{0,17}:[0-9a-f]{64}")) {
                throw new CertsException(ErrorCode.USAGE, "the head is not NUMBER:HASH")
                        .hint("Give what an earlier 'certs-tool audit verify' printed");
            }
            keptNumber = kept == null ? 0 : Long.parseLong(kept.substring(0, kept.indexOf(':')));
            keptHash = kept == null ? "" : kept.substring(kept.indexOf(':') + 1);
        }

        void add(byte[] content) {
            lines++;
            JsonNode line = AuditLine.parse(content);
            if (line == null || AuditLine.entry(line) == null) {
                find("line " + lines + ": is no entry");
                number++;
            } else {
                follow(line);
            }
            hash = Fingerprints.sha256(content);
            if (number == keptNumber) {
                keptSeen = true;
                if (!hash.equals(keptHash)) {
                    find("entry " + number + ": is not the one whose hash was kept");
                }
            }
        }

        private void follow(JsonNode line) {
            long found = line.path("number").asLong();
            if (found > number + 1) {
                find(entries(number + 1, found - 1) + " missing before line " + lines);
            } else if (found <= number) {
                find("entry " + found + ": follows entry " + number + " at line " + lines + ", so lines were moved");
            } else if (!line.path("previous").asText().equals(hash)) {
                find(
                        number == 0
                                ? "entry 1: does not begin the log, so it was changed"
                                : "entry " + number + ": was changed after entry " + found + " was written");
            }
            number = found;
        }

        AuditReport report(AuditHead head) {
            if (lines == 0) {
                find(
                        head.entries() == 0
                                ? "there is no log"
                                : entries(1, head.entries()) + " missing: the log is gone");
            } else if (head.entries() == 0 && number > 1) {
                find("the head is missing, so nobody can tell whether lines were cut off behind entry " + number);
            } else if (head.entries() > number) {
                find(entries(number + 1, head.entries()) + " missing at the end");
            } else if (head.entries() == number && !head.hash().equals(hash)) {
                find("entry " + number + ": was changed, or the head was");
            } else if (head.entries() + 1 < number) {
                find(entries(head.entries() + 1, number) + " unknown to the head");
            }
            if (keptNumber > 0 && !keptSeen) {
                find("entry " + keptNumber + ": is missing, and its hash was kept");
            }
            return new AuditReport(lines, number + ":" + hash, findings, notes);
        }

        private static String entries(long first, long last) {
            return first == last ? "entry " + first + ": is" : "entries " + first + " to " + last + ": are";
        }

        private void find(String finding) {
            if (findings.size() < MAX_FINDINGS) {
                findings.add(finding);
            }
        }
    }
}
