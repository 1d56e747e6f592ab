package io.hawser.epmd;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.hawser.term.NodeName;
import io.hawser.term.Printable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Asks one EPMD. Each call makes a connection of its own, and ends with an answer or an exception when its timeout is over,
 * whatever the other side sends.
 *
 * <p>Thread-safe: immutable.
 *
 * @see <a href="https://www.erlang.org/doc/apps/erts/erl_dist_protocol.html">Distribution protocol, EPMD protocol</a>
 */
public final class EpmdClient {
    /** The most that is read of a list of names: room for several thousand nodes. */
    static final int MAX_NAMES_BYTES = 1 << 20;

    private static final Pattern NAME_LINE = Pattern.compile("name (.{1,255}) at port ([0-9]{1,5})");

    private final InetSocketAddress epmd;

    private EpmdClient(InetSocketAddress epmd) {
        this.epmd = epmd;
    }

    /**
     * Returns a client; nothing is sent yet.
     *
     * @param epmd where the EPMD listens
     * @return a client of it
     * @throws IllegalArgumentException if the address is not resolved
     */
    public static EpmdClient at(InetSocketAddress epmd) {
        if (epmd.isUnresolved()) {
            throw new IllegalArgumentException(
                    "EPMD: " + Printable.of(epmd.getHostString()) + " (expected: a resolved address)");
        }
        return new EpmdClient(epmd);
    }

    /**
     * Asks where a node listens.
     *
     * @param alive the node's name without the host
     * @param timeout how long it may take
     * @return its port; empty if no node of that name is registered, or not for TCP
     * @throws ResolverException if no valid answer comes in time
     */
    public OptionalInt port(String alive, Duration timeout) {
        if (alive.isEmpty() || alive.length() > EpmdWire.MAX_NAME_BYTES) {
            throw new IllegalArgumentException(
                    "alive name: " + alive.length() + " characters (expected: 1 to " + EpmdWire.MAX_NAME_BYTES + ")");
        }
        String what = "looking up " + Printable.of(alive);
        try (var exchange = EpmdExchange.open(epmd, EpmdWire.portRequest(alive), timeout)) {
            ByteBuffer head = exchange.read(2);
            expectTag(head.get(), EpmdWire.PORT2_RESP);
            if (head.get() != EpmdWire.OK) {
                return OptionalInt.empty();
            }
            // port u16, type u8, protocol u8, highest u16, lowest u16, name length u16; extra data is not of interest
            ByteBuffer fixed = exchange.read(10);
            int port = Short.toUnsignedInt(fixed.getShort(0));
            int protocol = fixed.get(3);
            int nameLength = Short.toUnsignedInt(fixed.getShort(8));
            if (nameLength != alive.length() || !readText(exchange, nameLength).equals(alive)) {
                throw new IOException("answer about another name (expected: " + Printable.of(alive) + ")");
            }
            return port > 0 && protocol == 0 ? OptionalInt.of(port) : OptionalInt.empty();
        } catch (IOException e) {
            throw failed(what, e);
        }
    }

    /**
     * Lists the registered nodes.
     *
     * @param timeout how long it may take
     * @return ports by alive name, in the order told; unmodifiable
     * @throws ResolverException if no valid answer of at most 1 MiB comes in time
     */
    public Map<String, Integer> names(Duration timeout) {
        try (var exchange = EpmdExchange.open(epmd, EpmdWire.namesRequest(), timeout)) {
            exchange.read(4); // the port of EPMD, which we know
            return parseNames(
                    ISO_8859_1.decode(exchange.readToEnd(MAX_NAMES_BYTES)).toString());
        } catch (IOException e) {
            throw failed("listing names", e);
        }
    }

    /** A registration: it lasts as long as the channel is open. */
    record Registration(SocketChannel channel, long creation) {}

    /** Registers a node. The caller owns the channel of the answer. */
    Registration register(NodeName name, int port, Duration timeout) {
        EpmdExchange exchange = null;
        boolean kept = false;
        try {
            exchange = EpmdExchange.open(epmd, EpmdWire.aliveRequest(EpmdNode.normal(name.alive(), port)), timeout);
            long creation = readCreation(exchange, name);
            kept = true;
            return new Registration(exchange.channel(), creation);
        } catch (IOException e) {
            throw failed("registering " + name, e);
        } finally {
            if (exchange != null && !kept) {
                exchange.close();
            }
        }
    }

    private long readCreation(EpmdExchange exchange, NodeName name) throws IOException {
        ByteBuffer head = exchange.read(2);
        int tag = Byte.toUnsignedInt(head.get());
        if (tag != EpmdWire.ALIVE2_RESP) {
            expectTag((byte) tag, EpmdWire.ALIVE2_X_RESP);
        }
        long creation = tag == EpmdWire.ALIVE2_X_RESP
                ? Integer.toUnsignedLong(exchange.read(4).getInt())
                : Short.toUnsignedInt(exchange.read(2).getShort());
        if (head.get() != EpmdWire.OK) {
            throw new ResolverException(
                    name + ": the name is taken at EPMD " + Loopback.print(epmd)
                            + " (expected: a free name; stop the other node or choose another name)",
                    null);
        }
        if (creation == 0) {
            throw new IOException("creation 0 (expected: > 0)");
        }
        return creation;
    }

    static Map<String, Integer> parseNames(String text) throws IOException {
        var names = new LinkedHashMap<String, Integer>();
        for (String line : text.split("\n", -1)) {
            if (line.isEmpty()) {
                continue;
            }
            Matcher matcher = NAME_LINE.matcher(line);
            if (!matcher.matches()) {
                throw new IOException("'" + Printable.of(line) + "' (expected: name NAME at port PORT)");
            }
            names.put(matcher.group(1), Integer.valueOf(matcher.group(2)));
        }
        return Collections.unmodifiableMap(names);
    }

    private static String readText(EpmdExchange exchange, int length) throws IOException {
        return ISO_8859_1.decode(exchange.read(length)).toString();
    }

    private static void expectTag(byte found, int expected) throws IOException {
        if (Byte.toUnsignedInt(found) != expected) {
            throw new IOException("answer begins with " + Byte.toUnsignedInt(found) + " (expected: " + expected + ")");
        }
    }

    private ResolverException failed(String what, IOException e) {
        String where = Loopback.print(epmd);
        if (Loopback.isRefusal(e)) {
            return new ResolverException(
                    where + ": no EPMD listens there, " + what
                            + " (expected: EPMD; start it with 'epmd -daemon', or check host and port)",
                    e);
        }
        if (e instanceof SocketTimeoutException) {
            return new ResolverException(
                    where + ": EPMD did not answer in time, " + what
                            + " (expected: an answer; check that EPMD runs there and no firewall drops the port)",
                    e);
        }
        return new ResolverException(
                where + ": EPMD failed, " + what + ": " + Printable.of(String.valueOf(e.getMessage())), e);
    }
}
