package io.hawser.node;

final class SameNodeCallsTest extends CallTransparencyTest {
    SameNodeCallsTest() {
        super(new MemoryNetwork(), true);
    }
}
