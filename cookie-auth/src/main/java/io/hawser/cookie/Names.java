package io.hawser.cookie;

import io.hawser.handshake.HandshakeException;
import io.hawser.handshake.HandshakeException.Reason;
import io.hawser.term.NodeName;
import io.hawser.term.Printable;
import java.util.Optional;

/** What the handshake asks of node names. */
final class Names {
    private static final int MAX_LENGTH = 255;

    private Names() {}

    /**
     * Reads the name a peer claims. As OTP does, one that is not of the form {@code alive@host} is left without an
     * answer, and one with characters that no node name has is answered {@code nok}.
     */
    static NodeName parse(String where, String text) {
        int at = text.indexOf('@');
        boolean formed = at > 0 && at == text.lastIndexOf('@') && at < text.length() - 1;
        if (!formed || text.length() > MAX_LENGTH) {
            throw new HandshakeException(
                    Reason.NAME_MISMATCH,
                    where + ": name '" + Printable.of(text) + "' of " + text.length()
                            + " characters (expected: alive@host of at most " + MAX_LENGTH + ")");
        }
        try {
            return NodeName.parse(text);
        } catch (IllegalArgumentException e) {
            throw new HandshakeException(
                    Reason.NAME_MISMATCH, where + ": " + e.getMessage(), Status.encode(Status.NOK));
        }
    }

    /** Says why two nodes of one form of name cannot connect; empty if they can, as far as the form goes. */
    static Optional<String> mismatch(NodeName initiator, NodeName acceptor) {
        if (initiator.isLong() == acceptor.isLong()) {
            return Optional.empty();
        }
        return Optional.of(form(initiator) + " node " + initiator + " dials " + form(acceptor) + " " + acceptor
                + " (expected: both started with -name, or both with -sname)");
    }

    private static String form(NodeName name) {
        return name.isLong() ? "long-named" : "short-named";
    }
}
