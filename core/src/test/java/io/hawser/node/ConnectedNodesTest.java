package io.hawser.node;

final class ConnectedNodesTest extends LocationTransparencyTest {
    ConnectedNodesTest() {
        super(new ConnectedNodes(), false);
    }
}
