package io.hawser.epmd;

import io.hawser.testing.Hex;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A TCP server on loopback that does with each connection what the test says, on a thread of its own. */
final class ScriptedServer implements AutoCloseable {
    /** What to do with a connection; it is closed afterwards. */
    interface Script {
        void run(Socket socket) throws IOException;
    }

    private final ServerSocket server;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private ScriptedServer(ServerSocket server) {
        this.server = server;
    }

    static ScriptedServer start(Script script) {
        try {
            var scripted = new ScriptedServer(new ServerSocket(0, 50, Loopback.ADDRESS));
            daemon(() -> scripted.accept(script));
            return scripted;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen on loopback", e);
        }
    }

    /** Reads a whole request, then answers with the given bytes. */
    static ScriptedServer answering(String hex) {
        return start(socket -> {
            readRequest(socket);
            socket.getOutputStream().write(Hex.bytes(hex));
        });
    }

    static byte[] readRequest(Socket socket) throws IOException {
        byte[] length = socket.getInputStream().readNBytes(2);
        return socket.getInputStream().readNBytes((length[0] & 0xFF) << 8 | (length[1] & 0xFF));
    }

    InetSocketAddress address() {
        return new InetSocketAddress(Loopback.ADDRESS, server.getLocalPort());
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
    }

    private void accept(Script script) {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                open.add(socket);
                daemon(() -> run(script, socket));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void run(Script script, Socket socket) {
        try (socket) {
            script.run(socket);
        } catch (IOException e) {
            // the client has gone, which some tests are about
        } finally {
            open.remove(socket);
        }
    }

    private static void daemon(Runnable task) {
        var thread = new Thread(task, "scripted-server");
        thread.setDaemon(true);
        thread.start();
    }
}
