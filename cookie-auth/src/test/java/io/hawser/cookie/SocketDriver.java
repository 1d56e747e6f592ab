package io.hawser.cookie;

import io.hawser.handshake.Handshake;
import io.hawser.handshake.HandshakeException;
import io.hawser.handshake.Peer;
import io.hawser.handshake.Step;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Plain TCP with blocking calls: 2 bytes of length before a packet until the handshake says otherwise, then 4. */
final class SocketDriver implements AutoCloseable {
    private static final int DEADLINE_MILLIS = 20_000;

    private final Socket socket;
    private final Handshake handshake;
    private final DataInputStream in;
    private final DataOutputStream out;
    private boolean lastSent;
    private boolean lastReceived;

    SocketDriver(Socket socket, Handshake handshake) throws IOException {
        this.socket = socket;
        this.handshake = handshake;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(DEADLINE_MILLIS);
        in = new DataInputStream(socket.getInputStream());
        out = new DataOutputStream(socket.getOutputStream());
    }

    static SocketDriver connect(int port, Handshake handshake) throws IOException {
        return new SocketDriver(new Socket(InetAddress.getLoopbackAddress(), port), handshake);
    }

    /** Runs the handshake; closes the connection if it fails. */
    Peer admit() throws IOException {
        try {
            Optional<Peer> admitted = apply(handshake.start());
            while (admitted.isEmpty()) {
                admitted = apply(handshake.onPacket(ByteBuffer.wrap(read())));
            }
            return admitted.get();
        } catch (EOFException | SocketException e) {
            close();
            var closed = handshake.onClosed();
            closed.initCause(e);
            throw closed;
        } catch (HandshakeException e) {
            for (ByteBuffer packet : e.farewell()) {
                write(packet);
            }
            close();
            throw e;
        }
    }

    private Optional<Peer> apply(Step step) throws IOException {
        for (ByteBuffer packet : step.send()) {
            write(packet);
        }
        lastSent |= step.lastSent();
        lastReceived |= step.lastReceived();
        return step.admitted();
    }

    void write(ByteBuffer packet) throws IOException {
        var framed = ByteBuffer.allocate(Integer.BYTES + packet.remaining());
        if (lastSent) {
            framed.putInt(packet.remaining());
        } else {
            framed.putShort((short) packet.remaining());
        }
        framed.put(packet.duplicate()).flip();
        out.write(framed.array(), 0, framed.limit());
    }

    byte[] read() throws IOException {
        return in.readNBytes(lastReceived ? in.readInt() : in.readUnsignedShort());
    }

    /** Reads packets until one that is no tick. */
    byte[] readSignal() throws IOException {
        for (; ; ) {
            byte[] packet = read();
            if (packet.length > 0) {
                return packet;
            }
        }
    }

    /** Reads until the peer closes. */
    void awaitClose() throws IOException {
        try {
            while (in.read() >= 0) {
                // whatever was under way
            }
        } catch (SocketException e) {
            // a reset is a close, too
            close();
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
