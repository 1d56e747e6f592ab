package io.hawser.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HeapShareTest {
    private static final long MIB = 1 << 20;

    @Test
    void leavesASmallHeapRoomForOthers() {
        assertThat(HeapShare.held(64 * MIB) * (long) HeapShare.HELD_BYTES).isEqualTo(16 * MIB);
        assertThat(HeapShare.packetBytes(64 * MIB)).isEqualTo((int) (8 * MIB));
        assertThat(HeapShare.termBytes(64 * MIB, 1024)).isEqualTo(8 * MIB + 64 * 1024);
        assertThat(HeapShare.budgetBytes(64 * MIB)).isEqualTo((int) (2 * MIB));
    }

    @Test
    void doesNotGrowWithoutEnd() {
        assertThat(HeapShare.held(Long.MAX_VALUE)).isEqualTo(1 << 20);
        assertThat(HeapShare.packetBytes(Long.MAX_VALUE)).isEqualTo((int) (128 * MIB));
        assertThat(HeapShare.budgetBytes(Long.MAX_VALUE)).isEqualTo((int) (64 * MIB));
    }

    @Test
    void staysOfUseOnTheSmallestHeap() {
        assertThat(HeapShare.held(1)).isEqualTo(1024);
        assertThat(HeapShare.packetBytes(1)).isEqualTo((int) MIB);
        assertThat(HeapShare.termBytes(1, (int) MIB)).isEqualTo(MIB + 64 * 1024);
        assertThat(HeapShare.budgetBytes(1)).isEqualTo((int) MIB);
    }
}
