package io.hawser.tls;

import io.hawser.term.Printable;
import java.util.Locale;

/** Turns what sockets say into the words of our errors. */
final class Sentences {
    private Sentences() {}

    /** Netty's messages end with the address and begin with the system call: neither is said twice. */
    static String ioFailure(String message) {
        String lower = message.toLowerCase(Locale.ROOT);
        if (lower.contains("connection refused")) {
            return "connection refused";
        }
        if (lower.contains("connection reset") || lower.contains("broken pipe")) {
            return "connection reset by peer";
        }
        if (lower.contains("address already in use")) {
            return "address in use";
        }
        return Printable.of(message);
    }
}
