package io.hawser.node;

import io.hawser.term.Atom;
import io.hawser.term.Reference;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes references of three words that are unique and cannot be guessed: a count, enciphered with a key of this node's
 * own. A cipher is a permutation, so no two counts give the same words. The first word stays below 2^18, which keeps the
 * references valid for every node.
 *
 * <p>Thread-safe: one atomic count.
 */
final class ReferenceSource {
    private static final int FIRST_WORD_BITS = 18;

    private final Atom node;
    private final long creation;
    private final int firstWord;
    private final Speck cipher;
    private final AtomicLong count = new AtomicLong();

    ReferenceSource(Atom node, long creation) {
        var random = new SecureRandom();
        byte[] key = new byte[16];
        random.nextBytes(key);
        ByteBuffer words = ByteBuffer.wrap(key);
        this.node = node;
        this.creation = creation;
        this.firstWord = random.nextInt(1 << FIRST_WORD_BITS);
        this.cipher = new Speck(words.getInt(), words.getInt(), words.getInt(), words.getInt());
    }

    Reference next() {
        long block = cipher.encrypt(count.getAndIncrement());
        return new Reference(node, creation, firstWord, (int) (block >>> 32), (int) block);
    }

    /** The block cipher Speck64/128: 64-bit blocks, a key of 128 bits, 27 rounds. Immutable. */
    static final class Speck {
        private static final int ROUNDS = 27;

        private final int[] roundKeys = new int[ROUNDS];

        /** The key's words, most significant first, as in the cipher's paper. */
        Speck(int k3, int k2, int k1, int k0) {
            int[] l = {k1, k2, k3};
            int k = k0;
            for (int i = 0; i < ROUNDS; i++) {
                roundKeys[i] = k;
                int mixed = (k + Integer.rotateRight(l[i % 3], 8)) ^ i;
                k = Integer.rotateLeft(k, 3) ^ mixed;
                l[i % 3] = mixed;
            }
        }

        long encrypt(long block) {
            int x = (int) (block >>> 32);
            int y = (int) block;
            for (int key : roundKeys) {
                x = (Integer.rotateRight(x, 8) + y) ^ key;
                y = Integer.rotateLeft(y, 3) ^ x;
            }
            return ((long) x << 32) | (y & 0xFFFF_FFFFL);
        }
    }
}
