package io.hawser.epmd;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** This machine, and how addresses and clean-up look in this package. */
final class Loopback {
    /** 127.0.0.1, where OTP nodes register; never the IPv6 address, whatever the JVM prefers. */
    static final InetAddress ADDRESS = address();

    private static final long JOIN_MILLIS = 5_000;

    private Loopback() {}

    /** Prints an address as {@code 127.0.0.1:4369}. */
    static String print(InetSocketAddress address) {
        InetAddress host = address.getAddress();
        return (host == null ? address.getHostString() : host.getHostAddress()) + ":" + address.getPort();
    }

    /** Returns whether nothing listens at the address, which the machine there says at once. */
    static boolean isRefusal(@Nullable Throwable e) {
        return e instanceof ConnectException;
    }

    /** Returns whether the address belongs to this machine. */
    static boolean isThisMachine(InetAddress address) {
        try {
            return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException e) {
            return false; // the interfaces cannot be listed: then we do not know it
        }
    }

    /** Closes what is given up anyway: an error has nobody to go to, and nothing depends on it. */
    static void closeQuietly(@Nullable AutoCloseable resource) {
        if (resource == null) {
            return;
        }
        try {
            resource.close();
        } catch (Exception e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Waits for a thread that was told to stop; an interrupt ends the waiting and stays set. */
    static void join(Thread thread) {
        try {
            thread.join(JOIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static InetAddress address() {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        } catch (UnknownHostException e) {
            throw new AssertionError("four bytes are an address", e);
        }
    }
}
