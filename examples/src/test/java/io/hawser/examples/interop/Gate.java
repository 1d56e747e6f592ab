package io.hawser.examples.interop;

import io.hawser.epmd.EpmdClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * What half a network is, to the other half: an address with an EPMD, whose nodes listen at ports of this gate, which
 * passes everything on to where they really are, or, while it is shut, nothing. Thread-safe.
 */
final class Gate implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int PORT_PLEASE2_REQ = 122;
    private static final int PORT2_RESP = 119;

    private final InetSocketAddress address;
    private final EpmdClient behind;
    private final ServerSocket epmd;
    private final Map<String, ServerSocket> ports = new ConcurrentHashMap<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        var thread = new Thread(task, "gate");
        thread.setDaemon(true);
        return thread;
    });
    private volatile boolean shut;

    /**
     * Opens one.
     *
     * @param address a loopback address of its own, and the port at which the other half asks for EPMD
     * @param behind the EPMD of the half that it stands for
     */
    Gate(InetSocketAddress address, InetSocketAddress behind) {
        this.address = address;
        this.behind = EpmdClient.at(behind);
        this.epmd = listen(address);
        threads.execute(() -> accept(epmd, this::answer));
    }

    /** Lets nothing more through from here on, not even what is under way; then closes every connection. */
    void shut(boolean on) {
        shut = on;
    }

    void dropAll() {
        open.forEach(Gate::close);
    }

    private interface Service {
        void serve(Socket socket) throws IOException;
    }

    private static ServerSocket listen(InetSocketAddress address) {
        try {
            return new ServerSocket(address.getPort(), 50, address.getAddress());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen on " + address, e);
        }
    }

    private void accept(ServerSocket server, Service service) {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                open.add(socket);
                threads.execute(() -> serve(socket, service));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket socket, Service service) {
        try (socket) {
            if (!shut) {
                service.serve(socket);
            }
        } catch (IOException e) {
            // one side has gone, and so does the other
        } finally {
            open.remove(socket);
        }
    }

    private void answer(Socket client) throws IOException {
        byte[] length = client.getInputStream().readNBytes(2);
        byte[] request =
                client.getInputStream().readNBytes(ByteBuffer.wrap(length).getShort());
        if (request.length < 2 || request[0] != PORT_PLEASE2_REQ) {
            return;
        }
        String alive = new String(request, 1, request.length - 1, StandardCharsets.ISO_8859_1);
        var answer = ByteBuffer.allocate(64).put((byte) PORT2_RESP);
        if (behind.port(alive, PATIENCE).isEmpty()) {
            answer.put((byte) 1);
        } else {
            answer.put((byte) 0).putShort((short) port(alive)).put((byte) 77).put((byte) 0);
            answer.putShort((short) 6).putShort((short) 6).putShort((short) alive.length());
            answer.put(alive.getBytes(StandardCharsets.ISO_8859_1)).putShort((short) 0);
        }
        client.getOutputStream().write(answer.array(), 0, answer.position());
    }

    private int port(String alive) {
        return ports.computeIfAbsent(alive, name -> {
                    ServerSocket server = listen(new InetSocketAddress(address.getAddress(), 0));
                    threads.execute(() -> accept(server, caller -> pass(caller, name)));
                    return server;
                })
                .getLocalPort();
    }

    private void pass(Socket caller, String alive) throws IOException {
        OptionalInt port = behind.port(alive, PATIENCE);
        if (port.isEmpty()) {
            return;
        }
        try (var node = new Socket(InetAddress.getLoopbackAddress(), port.getAsInt())) {
            open.add(node);
            threads.execute(() -> copy(node, caller));
            copy(caller, node);
            open.remove(node);
        }
    }

    private void copy(Socket from, Socket to) {
        try {
            var buffer = new byte[16 * 1024];
            var in = from.getInputStream();
            for (int n = in.read(buffer); n >= 0 && !shut; n = in.read(buffer)) {
                to.getOutputStream().write(buffer, 0, n);
            }
        } catch (IOException e) {
            // closed
        }
        close(from);
        close(to);
    }

    private static void close(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception e) {
            throw new IllegalStateException("a socket that cannot be closed", e);
        }
    }

    @Override
    public void close() {
        shut = true;
        close(epmd);
        ports.values().forEach(Gate::close);
        dropAll();
        threads.shutdownNow();
    }
}
