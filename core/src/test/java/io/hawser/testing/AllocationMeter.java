package io.hawser.testing;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** What the current thread has allocated, garbage included. */
public final class AllocationMeter {
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Returns the bytes that the calling thread has allocated since it started. */
    public long allocatedBytes() {
        return threads.getCurrentThreadAllocatedBytes();
    }
}
