package io.hawser.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;

/** A real {@code epmd} in the foreground, on loopback and a port of its own. */
public final class EpmdProcess implements AutoCloseable {
    private final ChildProcess child;
    private final int port;

    private EpmdProcess(ChildProcess child, int port) {
        this.child = child;
        this.port = port;
    }

    /** Starts one on a free port and waits until it answers. */
    public static EpmdProcess start() {
        return start(Ports.free());
    }

    /** Starts one on a port and waits until it answers. */
    public static EpmdProcess start(int port) {
        var builder = new ProcessBuilder("epmd", "-port", Integer.toString(port), "-address", "127.0.0.1")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().keySet().removeIf(name -> name.startsWith("ERL_"));
        var epmd = new EpmdProcess(ChildProcess.start(builder), port);
        try {
            Await.until(Duration.ofSeconds(20), "epmd answers on port " + port, epmd::answers);
        } catch (AssertionError e) {
            epmd.close();
            throw e;
        }
        return epmd;
    }

    /** Returns the port it listens on, for {@code ERL_EPMD_PORT}. */
    public int port() {
        return port;
    }

    /** Kills it. Can be called twice. */
    @Override
    public void close() {
        child.close();
    }

    private boolean answers() {
        if (!child.process().isAlive()) {
            throw new AssertionError("epmd -port " + port + " ended with status "
                    + child.process().exitValue());
        }
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false; // not yet
        }
    }
}
