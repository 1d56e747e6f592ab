package io.hawser.examples.attack;

import io.hawser.examples.attack.Mint.Coin;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/**
 * Ends TLS on both sides with a certificate of its own and passes on what is said, word for word. Confined to its own
 * threads, which end with it.
 */
final class Relay implements AutoCloseable {
    private final ServerSocket server;
    private final InetSocketAddress to;
    private final Coin shown;
    private final String[] protocols;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        var thread = new Thread(task, "relay");
        thread.setDaemon(true);
        return thread;
    });

    private Relay(InetSocketAddress to, Coin shown, String... protocols) throws IOException {
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.to = to;
        this.shown = shown;
        this.protocols = protocols;
    }

    /**
     * Stands between whoever connects and a victim.
     *
     * @param protocols what it agrees on by ALPN, with both
     */
    static Relay to(InetSocketAddress victim, Coin shown, String... protocols) throws IOException {
        var relay = new Relay(victim, shown, protocols);
        relay.threads.execute(relay::accept);
        return relay;
    }

    InetSocketAddress address() {
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket caller = server.accept();
                threads.execute(() -> join(caller));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void join(Socket caller) {
        try (var left = Impostor.over(caller, Impostor.context(shown), false, protocols);
                var right = Impostor.dial(to, shown, protocols)) {
            var answers = threads.submit(() -> copy(right, left));
            copy(left, right); // ends the other copy, as it closes what that reads from
            answers.get();
        } catch (IOException | RejectedExecutionException | ExecutionException e) {
            return; // one of them does not talk to it, or it is closed
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void copy(Impostor from, Impostor to) {
        try {
            InputStream in = from.socket().getInputStream();
            OutputStream out = to.socket().getOutputStream();
            var buffer = new byte[4096];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                out.write(buffer, 0, n);
                out.flush();
            }
        } catch (IOException e) {
            // closed, or given up: so the other side is
        }
        to.close();
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.shutdownNow();
    }
}
