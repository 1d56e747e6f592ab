package io.hawser.peer;

import io.hawser.handshake.DistFlag;
import io.hawser.term.NodeName;
import io.hawser.transport.Connection;
import io.hawser.transport.ConnectionHandler;
import io.hawser.transport.Transport;
import io.hawser.transport.TransportException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A peer that does what a test says, and nothing else: the dialling end of one connection. */
final class RawPeer implements ConnectionHandler {
    final List<String> handshake = new ArrayList<>();
    final List<Integer> packetSizes = new ArrayList<>();
    int ticks;
    boolean isClosed;
    private boolean connected;
    private @Nullable Connection connection;

    static RawPeer dial(Transport transport, InetSocketAddress address) {
        var peer = new RawPeer();
        transport.connect(NodeName.parse("b@host"), address, Duration.ofMinutes(1), peer);
        return peer;
    }

    void say(String packet) {
        connection().execute(() -> connection().sendHandshake(FakeHandshakes.packet(packet)));
    }

    void sayName(String name) {
        say("n " + name + " " + DistFlag.RECOMMENDED_VISIBLE + " 7");
    }

    /** Proves the cookie; what follows is in the connected phase. */
    void sayReply(String cookie) {
        say("r " + cookie);
        connection().execute(connection()::outboundConnected);
    }

    void write(ByteBuffer bytes) {
        connection().execute(() -> {
            connection().write(bytes, () -> {});
            connection().flush();
        });
    }

    void tick() {
        write(ByteBuffer.allocate(4));
    }

    Connection connection() {
        return Objects.requireNonNull(connection, "not open");
    }

    @Override
    public void onOpen(Connection opened) {
        connection = opened;
    }

    @Override
    public void onPacket(ByteBuffer packet) {
        if (connected && packet.hasRemaining()) {
            packetSizes.add(packet.remaining());
        } else if (connected) {
            ticks++;
        } else {
            String text = StandardCharsets.US_ASCII.decode(packet).toString();
            handshake.add(text);
            if (text.startsWith("a ")) {
                connected = true;
                connection().inboundConnected(1 << 24);
                connection().admitted();
            }
        }
    }

    @Override
    public void onReadComplete() {}

    @Override
    public void onReady() {}

    @Override
    public void onClosed(@Nullable TransportException cause) {
        isClosed = true;
    }
}
