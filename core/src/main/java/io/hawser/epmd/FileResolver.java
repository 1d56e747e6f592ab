package io.hawser.epmd;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hawser.term.NodeName;
import io.hawser.term.Printable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Nodes that a file lists, which is read again when a look-up finds that it has changed. Thread-safe: one lock, held while the
 * file is read.
 */
final class FileResolver implements NodeResolver {
    /** The longest file that is read: thousands of nodes. */
    static final int MAX_BYTES = 1 << 20;

    /** A file is looked at once in this time, however many names are looked up. */
    static final Duration INTERVAL = Duration.ofMillis(500);

    private static final Logger logger = LoggerFactory.getLogger(FileResolver.class);
    private static final Pattern LINE = Pattern.compile("(\\S+)\\s+(\\[[^\\[\\]]+]|[^\\s:\\[\\]]+):(\\d{1,5})");

    private final Path file;
    private final LongSupplier clock;
    private final ReentrantLock lock = new ReentrantLock();
    private byte[] seen; // what was read last, good or bad
    private FixedResolver nodes;
    private long readAt;

    FileResolver(Path file, LongSupplier clock) {
        this.file = file;
        this.clock = clock;
        try {
            this.seen = read();
            this.nodes = new FixedResolver(parse(seen));
        } catch (IOException e) {
            throw new ResolverException(unreadable(e), e);
        }
        this.readAt = clock.getAsLong();
    }

    @Override
    public Optional<InetSocketAddress> resolve(NodeName name, Duration timeout) {
        return current().resolve(name, timeout);
    }

    private FixedResolver current() {
        lock.lock();
        try {
            long now = clock.getAsLong();
            if (now - readAt >= INTERVAL.toNanos()) {
                readAt = now;
                readAgain();
            }
            return nodes;
        } finally {
            lock.unlock();
        }
    }

    /** What cannot be read, or is no list, changes nothing, and is said once for each content. */
    private void readAgain() {
        byte[] found;
        try {
            found = read();
        } catch (IOException e) {
            if (seen.length > 0) {
                seen = new byte[0];
                logger.warn("{}: the nodes read before are kept", unreadable(e));
            }
            return;
        }
        if (Arrays.equals(found, seen)) {
            return;
        }
        seen = found;
        try {
            nodes = new FixedResolver(parse(found));
            logger.info("{}: read again", file);
        } catch (ResolverException e) {
            logger.warn("{}: the nodes read before are kept", e.getMessage());
        }
    }

    private byte[] read() throws IOException {
        try (var in = Files.newInputStream(file)) {
            byte[] found = in.readNBytes(MAX_BYTES + 1);
            if (found.length > MAX_BYTES) {
                throw new IOException("more than " + MAX_BYTES + " bytes");
            }
            return found;
        }
    }

    private String unreadable(IOException e) {
        return file + ": cannot be read, " + Printable.of(e.toString()) + " (expected: lines of NODE HOST:PORT)";
    }

    private Map<NodeName, InetSocketAddress> parse(byte[] bytes) {
        String text;
        try {
            text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new ResolverException(file + ": is no text (expected: lines of NODE HOST:PORT)", e);
        }
        var found = new HashMap<NodeName, InetSocketAddress>();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            String entry = line.replaceFirst("#.*", "").strip();
            if (!entry.isEmpty()) {
                add(found, number, entry);
            }
        }
        return found;
    }

    private void add(Map<NodeName, InetSocketAddress> found, int number, String entry) {
        Matcher matcher = LINE.matcher(entry);
        int port = matcher.matches() ? Integer.parseInt(matcher.group(3)) : 0;
        if (port < 1 || port > 0xFFFF) {
            throw malformed(number, entry, null);
        }
        try {
            String host = matcher.group(2).replaceAll("[\\[\\]]", "");
            var address = InetSocketAddress.createUnresolved(host, port);
            if (found.put(NodeName.parse(matcher.group(1)), address) != null) {
                throw new ResolverException(
                        file + ":" + number + ": " + matcher.group(1) + " is listed twice (expected: once)", null);
            }
        } catch (IllegalArgumentException e) {
            throw malformed(number, entry, e);
        }
    }

    private ResolverException malformed(int number, String entry, @Nullable Exception cause) {
        return new ResolverException(
                file + ":" + number + ": '" + Printable.of(entry)
                        + "' (expected: NODE HOST:PORT, such as a@host 10.0.0.1:9100)",
                cause);
    }

    @Override
    public Optional<Long> publish(NodeName name, int port, Duration timeout) {
        return Optional.empty();
    }

    @Override
    public void close() {}
}
