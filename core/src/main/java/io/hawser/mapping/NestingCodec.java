package io.hawser.mapping;

/** A codec of terms that hold terms. */
abstract class NestingCodec extends Codec {
    private final int maxDepth;

    NestingCodec(Class<?> type, String name, int maxDepth) {
        super(type, name);
        this.maxDepth = maxDepth;
    }

    /** Returns the depth of the terms inside one at this depth. */
    final int enter(int depth) {
        if (depth >= maxDepth) {
            throw new Mismatch("nested deeper than expected (expected: at most " + maxDepth + " levels)");
        }
        return depth + 1;
    }
}
