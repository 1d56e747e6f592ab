package io.hawser.node;

final class TwoNodesCallsTest extends CallTransparencyTest {
    TwoNodesCallsTest() {
        super(new MemoryNetwork(), false);
    }
}
