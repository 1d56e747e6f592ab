package io.hawser.peer;

/**
 * How many large signals may be encoded and on their way to one peer at a time. Beyond their terms they take their bytes
 * once more, but for large binaries, so that without a bound each sender that waits would hold a copy. Those up to 1 MiB have a room of their own:
 * they do not wait for the few that are larger.
 *
 * <p>Not thread-safe; used under the outbox's lock.
 */
final class LargeRoom {
    /** Bytes of signals of up to {@link #MAX_MEDIUM_BYTES} each. */
    static final long MEDIUM_ROOM_BYTES = 16L * 1024 * 1024;

    /** Signals of more than {@link #MAX_MEDIUM_BYTES}. */
    static final int MAX_HUGE = 2;

    private static final long MAX_MEDIUM_BYTES = 1024 * 1024;

    private long mediumBytes;
    private int huge;

    boolean has(long size) {
        return size > MAX_MEDIUM_BYTES ? huge < MAX_HUGE : mediumBytes <= MEDIUM_ROOM_BYTES;
    }

    void take(long size) {
        add(size, 1);
    }

    void giveBack(long size) {
        add(size, -1);
    }

    private void add(long size, int sign) {
        if (size > MAX_MEDIUM_BYTES) {
            huge += sign;
        } else {
            mediumBytes += sign * size;
        }
    }
}
