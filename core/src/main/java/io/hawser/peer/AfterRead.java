package io.hawser.peer;

import java.util.Arrays;

/**
 * What is done once all that was read together is delivered. Receivers are woken once for many messages and not for each:
 * to wake a thread takes longer than to receive a small message does, and takes the core from the thread that reads.
 *
 * <p>Confined to the connection's event loop.
 */
final class AfterRead {
    /** So many tasks at most are kept for the end. */
    private static final int MOST = 32;

    /** A read may bring a megabyte: receivers on other cores begin with the first half. */
    static final int MOST_BYTES = 512 * 1024;

    private Runnable[] tasks = new Runnable[1];
    private int count;
    private int bytes;
    private boolean reading;

    /** A packet of so many bytes is about to be delivered; {@link #end} follows. */
    void begin(int packetBytes) {
        if (bytes > MOST_BYTES) {
            doAll();
        }
        bytes += packetBytes;
        reading = true;
    }

    /** Does a task at the end, once if it is given several times in a row; at once if nothing is being read. */
    void add(Runnable task) {
        if (!reading) {
            task.run();
        } else if (count == 0 || tasks[count - 1] != task) {
            if (count == MOST) {
                doAll();
            } else if (count == tasks.length) {
                tasks = Arrays.copyOf(tasks, 2 * count);
            }
            tasks[count++] = task;
        }
    }

    /** All is delivered. */
    void end() {
        reading = false;
        doAll();
    }

    private void doAll() {
        bytes = 0;
        int due = count;
        count = 0; // before: a task that throws is not done again
        for (int i = 0; i < due; i++) {
            tasks[i].run();
        }
    }
}
