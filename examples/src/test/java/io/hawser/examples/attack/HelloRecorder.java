package io.hawser.examples.attack;

import io.hawser.examples.attack.Mint.Coin;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/**
 * Listens for TLS, and keeps the first record that a client sends: its ClientHello.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8446#section-4.1.2">RFC 8446, ClientHello</a>
 */
final class HelloRecorder implements AutoCloseable {
    static final int SESSION_TICKET = 35;
    static final int PRE_SHARED_KEY = 41;
    static final int SUPPORTED_VERSIONS = 43;
    static final int EARLY_DATA = 42;

    private static final int HEADER = 5;

    private final ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());

    HelloRecorder() throws IOException {}

    InetSocketAddress address() {
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    /** Accepts a connection, and returns what it begins with; the connection is still open. */
    Hello accept() throws IOException {
        Socket socket = server.accept();
        socket.setSoTimeout((int) Victim.SOON.toMillis());
        var in = new DataInputStream(socket.getInputStream());
        byte[] header = in.readNBytes(HEADER);
        int length = ByteBuffer.wrap(header).getShort(3) & 0xFFFF;
        byte[] record = Arrays.copyOf(header, HEADER + length);
        in.readFully(record, HEADER, length);
        return new Hello(socket, record);
    }

    /** Has a TLS client of the JDK connect, and returns what it says first. */
    byte[] record(Coin shown) throws IOException {
        var dialling = CompletableFuture.runAsync(() -> {
            try (var impostor = Impostor.dial(address(), shown)) {
                throw new AssertionError("nobody answers, but TLS is up: " + impostor.socket());
            } catch (IOException e) {
                return; // as it must
            }
        });
        Hello hello = accept();
        hello.socket().close();
        dialling.join();
        return hello.record();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    /** A connection, and the record it began with. */
    static final class Hello {
        private final Socket socket;
        private final byte[] record;

        private Hello(Socket socket, byte[] record) {
            this.socket = socket;
            this.record = record;
        }

        Socket socket() {
            return socket;
        }

        byte[] record() {
            return record;
        }

        // record header 5, type 1, length 3, version 2, random 32, session id, suites, compressions, extensions
        Set<Integer> extensions() {
            ByteBuffer body = ByteBuffer.wrap(record).position(HEADER + 1 + 3 + 2 + 32);
            skip(body, body.get() & 0xFF);
            skip(body, body.getShort() & 0xFFFF);
            skip(body, body.get() & 0xFF);
            int end = (body.getShort() & 0xFFFF) + body.position();
            var kinds = new TreeSet<Integer>();
            while (body.position() < end) {
                kinds.add(body.getShort() & 0xFFFF);
                skip(body, body.getShort() & 0xFFFF);
            }
            return kinds;
        }

        private static void skip(ByteBuffer body, int bytes) {
            body.position(body.position() + bytes);
        }
    }
}
