package io.hawser.node;

final class SameNodeTest extends LocationTransparencyTest {
    SameNodeTest() {
        super(new MemoryNetwork(), true);
    }
}
