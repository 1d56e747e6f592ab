package io.hawser.examples.interop;

import io.hawser.cookie.Cookie;
import io.hawser.cookie.CookieHandshakes;
import io.hawser.etf.ByteOutput;
import io.hawser.etf.TermEncoder;
import io.hawser.handshake.ConnectionArbiter;
import io.hawser.handshake.DistFlag;
import io.hawser.handshake.Handshake;
import io.hawser.handshake.HandshakeContext;
import io.hawser.handshake.Step;
import io.hawser.term.Atom;
import io.hawser.term.Int;
import io.hawser.term.NodeName;
import io.hawser.term.Pid;
import io.hawser.term.Reference;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import io.hawser.tls.TcpTransport;
import io.hawser.transport.Connection;
import io.hawser.transport.ConnectionHandler;
import io.hawser.transport.Transport;
import io.hawser.transport.TransportException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A peer that is admitted by a real handshake and then says, byte by byte, what a test wants it to say. */
final class HandMadePeer implements ConnectionHandler, ConnectionArbiter, AutoCloseable {
    private static final long CREATION = 77;
    private static final Duration SOON = Duration.ofSeconds(15);
    private static final byte[] CLOSED = {};

    final NodeName name;
    private final NodeName target;
    private final Transport transport = TcpTransport.plain();
    private final CompletableFuture<Connection> admitted = new CompletableFuture<>();
    private final LinkedBlockingQueue<byte[]> packets = new LinkedBlockingQueue<>();
    private @Nullable Handshake handshake;
    private int probes;

    private HandMadePeer(NodeName name, NodeName target) {
        this.name = name;
        this.target = target;
    }

    /** Dials a node that has the cookie of {@link Network}, and is admitted. */
    static HandMadePeer connect(String name, NodeName target, InetSocketAddress address) throws Exception {
        var peer = new HandMadePeer(NodeName.parse(name), target);
        peer.transport.connect(target, address, SOON, peer);
        peer.admitted.get(SOON.toSeconds(), TimeUnit.SECONDS);
        return peer;
    }

    Pid pid(int id) {
        return new Pid(name.atom(), id, 0, CREATION);
    }

    Reference ref(int word) {
        return new Reference(name.atom(), CREATION, word, 0x5EAF00D, 0xCAFE);
    }

    /** Makes a packet: hex as it is, and terms as they are encoded, without a version byte. */
    static byte[] packet(Object... parts) {
        var out = new ByteOutput(256);
        for (Object part : parts) {
            if (part instanceof Term term) {
                TermEncoder.write(term, out);
            } else {
                out.bytes(ByteBuffer.wrap(HexFormat.of().parseHex(((String) part).replace(" ", ""))));
            }
        }
        return out.toByteArray();
    }

    /** Makes a packet with an empty header. */
    static byte[] signal(Object... parts) {
        var all = new Object[parts.length + 1];
        all[0] = "834400";
        System.arraycopy(parts, 0, all, 1, parts.length);
        return packet(all);
    }

    void say(byte[] packet) throws Exception {
        ByteBuffer framed = ByteBuffer.allocate(Integer.BYTES + packet.length)
                .putInt(packet.length)
                .put(packet)
                .flip();
        Connection connection = admitted.get(SOON.toSeconds(), TimeUnit.SECONDS);
        connection.execute(() -> {
            connection.write(framed, () -> {});
            connection.flush();
        });
    }

    /** Returns whether the other end still answers: it has dealt with all that was said before. */
    boolean isAnswered() throws Exception {
        Reference probe = ref(++probes);
        say(signal(Tuple.of(Int.of(19), pid(1), Atom.of("nobody has this name"), probe)));
        byte[] wanted = ByteBuffer.allocate(12)
                .putInt(probes)
                .putInt(0x5EAF00D)
                .putInt(0xCAFE)
                .array();
        while (true) {
            byte[] packet = packets.poll(SOON.toSeconds(), TimeUnit.SECONDS);
            if (packet == null) {
                throw new AssertionError(target + " neither answers nor closes the connection");
            } else if (packet == CLOSED) {
                return false;
            } else if (HexFormat.of().formatHex(packet).contains(HexFormat.of().formatHex(wanted))) {
                return true;
            }
        }
    }

    @Override
    public void onOpen(Connection opened) {
        var context = new HandshakeContext(
                name,
                CREATION,
                DistFlag.RECOMMENDED_HIDDEN | DistFlag.DFLAG_DIST_HDR_ATOM_CACHE.mask(),
                Optional.of(target),
                opened.peer(),
                this);
        Handshake begun = CookieHandshakes.otp(Cookie.of(Network.COOKIE)).initiator(context);
        handshake = begun;
        opening = opened;
        apply(begun.start());
    }

    private @Nullable Connection opening;

    private void apply(Step step) {
        Connection on = Objects.requireNonNull(opening);
        step.send().forEach(on::sendHandshake);
        if (step.lastSent()) {
            on.outboundConnected();
        }
        if (step.lastReceived()) {
            on.inboundConnected(1 << 24);
        }
        if (step.admitted().isPresent()) {
            on.admitted();
            admitted.complete(on);
        }
    }

    @Override
    public void onPacket(ByteBuffer packet) {
        if (!admitted.isDone()) {
            apply(Objects.requireNonNull(handshake).onPacket(packet));
            return;
        }
        var copy = new byte[packet.remaining()];
        packet.get(copy);
        if (copy.length > 0) {
            packets.add(copy);
        }
    }

    @Override
    public void onReadComplete() {}

    @Override
    public void onReady() {}

    @Override
    public void onClosed(@Nullable TransportException cause) {
        admitted.completeExceptionally(new IllegalStateException(target + " closed before it admitted us", cause));
        packets.add(CLOSED);
    }

    @Override
    public Verdict onClaim(NodeName peer, long flags) {
        return Verdict.NOT_ALLOWED;
    }

    @Override
    public boolean isStillWanted() {
        return true;
    }

    @Override
    public void close() {
        transport.close();
    }
}
