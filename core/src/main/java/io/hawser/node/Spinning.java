package io.hawser.node;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How a thread waits a little without parking, as what it waits for often comes sooner than a parked thread runs again: some
 * microseconds. Only where another processor can bring it meanwhile, and not on a virtual thread, which leaves its processor to
 * others at little cost. Thread-safe: has no state.
 */
final class Spinning {
    private static final int LOOKS = 100;
    private static final boolean ALONE = Runtime.getRuntime().availableProcessors() == 1;
    private static final @Nullable MethodHandle IS_VIRTUAL = isVirtual();

    private Spinning() {}

    /** Returns whether it came; false at once where it makes no sense to wait so. */
    static boolean until(BooleanSupplier come) {
        if (ALONE || isOnVirtualThread()) {
            return false;
        }
        for (int look = 0; look < LOOKS; look++) {
            Thread.onSpinWait();
            if (come.getAsBoolean()) {
                return true;
            }
        }
        return false;
    }

    private static boolean isOnVirtualThread() {
        try {
            return IS_VIRTUAL != null && (boolean) IS_VIRTUAL.invokeExact(Thread.currentThread());
        } catch (Throwable e) { // what invokeExact declares; the method itself throws nothing
            return true;
        }
    }

    /** JDK 21 and newer. */
    private static @Nullable MethodHandle isVirtual() {
        try {
            return MethodHandles.publicLookup()
                    .findVirtual(Thread.class, "isVirtual", MethodType.methodType(boolean.class));
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }
}
