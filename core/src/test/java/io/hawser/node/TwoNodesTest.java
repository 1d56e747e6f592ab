package io.hawser.node;

final class TwoNodesTest extends LocationTransparencyTest {
    TwoNodesTest() {
        super(new MemoryNetwork(), false);
    }
}
