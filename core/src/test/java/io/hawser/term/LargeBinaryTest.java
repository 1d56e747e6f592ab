package io.hawser.term;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A binary in blocks differs in nothing from the same bytes in one array. */
class LargeBinaryTest {
    private static final int BLOCK = Blocks.MAX_BYTES;

    @Test
    void whatABuilderMadeIsTheSameAsACopy() {
        for (int size : new int[] {0, 1, 1000, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 3 * BLOCK + 77}) {
            byte[] bytes = bytes(size);
            Binary built = built(bytes, 64 * 1024);
            Binary copied = Binary.copyOf(bytes);
            assertThat(built.size()).isEqualTo(size);
            assertThat(built.equals(copied) && copied.equals(built))
                    .as("%s bytes", size)
                    .isTrue();
            assertThat(built).hasSameHashCodeAs(copied);
            assertThat(Arrays.equals(built.toByteArray(), bytes)).isTrue();
            assertThat(built.asByteBuffer()).isEqualTo(ByteBuffer.wrap(bytes));
            assertThat(joined(built)).isEqualTo(bytes);
            assertThat(built.asByteBuffers())
                    .allMatch(ByteBuffer::isReadOnly)
                    .hasSizeGreaterThanOrEqualTo(size > BLOCK ? 2 : 1);
            assertThat(TermOrder.standard().compare(built, copied)).isZero();
        }
    }

    @Test
    void differsWhereItDiffers() {
        byte[] bytes = bytes(2 * BLOCK);
        Binary built = built(bytes, 100_000);
        for (int at : new int[] {0, BLOCK - 1, BLOCK, 2 * BLOCK - 1}) {
            bytes[at]++;
            Binary other = built(bytes, 77_777);
            assertThat(built.equals(other)).isFalse();
            assertThat(built.equals(Binary.copyOf(bytes))).isFalse();
            assertThat(TermOrder.standard().compare(built, other))
                    .isNotZero()
                    .isEqualTo(TermOrder.standard().compare(built, Binary.copyOf(bytes)));
            bytes[at]--;
        }
        assertThat(built.equals(built.part(0, 2 * BLOCK - 1))).isFalse();
    }

    @Test
    void partsAndCopiesAreThoseOfTheBytes() {
        byte[] bytes = bytes(4 * BLOCK + 5);
        Binary built = built(bytes, 300_000);
        long seed = System.nanoTime();
        System.out.println("LargeBinaryTest seed " + seed);
        var random = new Random(seed);
        for (int i = 0; i < 40; i++) {
            int offset = random.nextInt(bytes.length + 1);
            int length = random.nextInt(bytes.length - offset + 1);
            Binary part = built.part(offset, length);
            assertThat(part.asByteBuffer()).isEqualTo(ByteBuffer.wrap(bytes, offset, length));
            assertThat(part.equals(Binary.copyOf(ByteBuffer.wrap(bytes, offset, length))))
                    .isTrue();
            var target = new byte[length + 2];
            built.copyTo(offset, target, 1, length);
            assertThat(ByteBuffer.wrap(target, 1, length)).isEqualTo(ByteBuffer.wrap(bytes, offset, length));
        }
    }

    @Test
    void aPartOfABlockHoldsNoMoreThanItself() {
        Binary built = built(bytes(3 * BLOCK), 1 << 20);
        assertThat(built.part(1, BLOCK + 10).asByteBuffers().stream()
                        .mapToInt(ByteBuffer::capacity)
                        .sum())
                .isEqualTo(BLOCK + 10);
        assertThat(built.part(5, 10).asByteBuffers()).hasSize(1);
    }

    @Test
    void printsItsBeginning() {
        byte[] bytes = bytes(2 * BLOCK);
        assertThat(TermPrinter.abbreviate(built(bytes, BLOCK), 100))
                .isEqualTo(TermPrinter.abbreviate(Binary.copyOf(bytes), 100));
    }

    @Test
    void refusesWhatItDoesNotHave() {
        Binary some = Binary.copyOf(new byte[10]);
        assertThatThrownBy(() -> some.part(5, 6)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> some.part(-1, 2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> some.copyTo(0, new byte[9], 0, 10)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(some.part(10, 0)).isSameAs(Binary.EMPTY);
        assertThat(some.part(0, 10)).isSameAs(some);
    }

    @Test
    void aBuilderBeginsAnewAfterwards() {
        Binary.Builder builder = Binary.builder().append(ByteBuffer.wrap(new byte[] {1, 2}));
        assertThat(builder.size()).isEqualTo(2);
        assertThat(builder.build()).isEqualTo(Binary.copyOf(new byte[] {1, 2}));
        assertThat(builder.build()).isSameAs(Binary.EMPTY);
    }

    private static Binary built(byte[] bytes, int step) {
        Binary.Builder builder = Binary.builder();
        for (int at = 0; at < bytes.length; at += step) {
            builder.append(ByteBuffer.wrap(bytes, at, Math.min(step, bytes.length - at)));
        }
        return builder.build();
    }

    private static byte[] joined(Binary binary) {
        var joined = new ByteArrayOutputStream();
        for (ByteBuffer each : binary.asByteBuffers()) {
            var bytes = new byte[each.remaining()];
            each.get(bytes);
            joined.writeBytes(bytes);
        }
        return joined.toByteArray();
    }

    private static byte[] bytes(int size) {
        var bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }
}
