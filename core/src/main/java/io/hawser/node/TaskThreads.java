package io.hawser.node;

import io.hawser.term.NodeName;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes the executor of a node that was given none. */
final class TaskThreads {
    private TaskThreads() {}

    /** A virtual thread for each task where there are such (JDK 21 and newer), otherwise cached daemon threads. */
    static ExecutorService of(NodeName node) {
        try {
            return (ExecutorService) MethodHandles.publicLookup()
                    .findStatic(
                            Executors.class,
                            "newVirtualThreadPerTaskExecutor",
                            MethodType.methodType(ExecutorService.class))
                    .invoke();
        } catch (Throwable e) { // what invoke declares; on JDK 17 there is no such method
            return cached(node);
        }
    }

    static ExecutorService cached(NodeName node) {
        var count = new AtomicInteger();
        return Executors.newCachedThreadPool(task -> {
            var thread = new Thread(task, "hawser-task-" + node + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }
}
