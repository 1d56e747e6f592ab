package io.hawser.dist;

import io.hawser.term.Pid;
import org.jspecify.annotations.Nullable;

/**
 * The headers of messages sent before, ready to be copied: the same process sends to the same one again and again, and what
 * stands before the message then is always the same, and most of what a small message takes to encode.
 *
 * <p>A small table with one place for each hash. Not thread-safe; used by one caller at a time.
 */
public final class SendHeaders {
    private static final int PLACES = 64;

    private @Nullable Header @Nullable [] headers; // made with the first message

    /** Makes an empty table. */
    public SendHeaders() {}

    /** What stands between the length and the message, from one process to another. */
    private static final class Header {
        final Pid from;
        final Pid to;
        final byte[] bytes;

        Header(Pid from, Pid to, byte[] bytes) {
            this.from = from;
            this.to = to;
            this.bytes = bytes;
        }
    }

    /** Forgets them all. */
    public void clear() {
        headers = null;
    }

    /** Returns the header that was kept for a message, or null. */
    byte @Nullable [] find(Pid from, Pid to) {
        if (headers == null) {
            return null;
        }
        Header there = headers[place(from, to)];
        return there != null && there.from.equals(from) && there.to.equals(to) ? there.bytes : null;
    }

    void keep(Pid from, Pid to, byte[] header) {
        if (headers == null) {
            headers = new @Nullable Header[PLACES];
        }
        headers[place(from, to)] = new Header(from, to, header);
    }

    private static int place(Pid from, Pid to) {
        return (int) (from.id() * 31 + to.id()) & (PLACES - 1);
    }
}
