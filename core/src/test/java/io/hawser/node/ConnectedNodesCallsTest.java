package io.hawser.node;

final class ConnectedNodesCallsTest extends CallTransparencyTest {
    ConnectedNodesCallsTest() {
        super(new ConnectedNodes(), false);
    }
}
