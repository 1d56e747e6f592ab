package io.hawser.node;

/** The locks of two processes, taken in the order of their pids so that nobody waits in a circle. */
final class TwoLocks {
    private TwoLocks() {}

    static void lock(LocalProcess a, LocalProcess b) {
        boolean inOrder = number(a) <= number(b);
        (inOrder ? a : b).lock().lock();
        (inOrder ? b : a).lock().lock();
    }

    static void unlock(LocalProcess a, LocalProcess b) {
        a.lock().unlock();
        b.lock().unlock();
    }

    private static long number(LocalProcess process) {
        return process.pid().serial() << 32 | process.pid().id();
    }
}
