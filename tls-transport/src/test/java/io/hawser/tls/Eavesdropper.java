package io.hawser.tls;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Passes one connection on and keeps what each side says. Ends when it is closed. */
final class Eavesdropper implements AutoCloseable {
    private final ServerSocket server;
    private final InetSocketAddress target;
    private final ByteArrayOutputStream fromDialler = new ByteArrayOutputStream();
    private final ByteArrayOutputStream fromListener = new ByteArrayOutputStream();
    private final Thread accepting = new Thread(this::pass, "eavesdropper");
    private volatile Socket dialler = new Socket();
    private volatile Socket listener = new Socket();

    Eavesdropper(InetSocketAddress target) throws IOException {
        this.server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        this.target = target;
        accepting.start();
    }

    InetSocketAddress address() {
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    private void pass() {
        try {
            dialler = server.accept();
            listener = new Socket(target.getAddress(), target.getPort());
            var back = new Thread(() -> copy(listener, dialler, fromListener), "eavesdropper-back");
            back.start();
            copy(dialler, listener, fromDialler);
            back.join();
        } catch (IOException e) {
            return; // closed
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void copy(Socket from, Socket to, ByteArrayOutputStream kept) {
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            byte[] buffer = new byte[8192];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                synchronized (kept) {
                    kept.write(buffer, 0, n);
                }
                out.write(buffer, 0, n);
            }
        } catch (IOException e) {
            return; // the other side ended
        }
    }

    Hello clientHello() {
        return hello(fromDialler);
    }

    Hello serverHello() {
        return hello(fromListener);
    }

    private static Hello hello(ByteArrayOutputStream kept) {
        synchronized (kept) {
            return Hello.parse(kept.toByteArray());
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        dialler.close();
        listener.close();
        try {
            accepting.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
