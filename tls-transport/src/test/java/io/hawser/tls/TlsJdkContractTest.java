package io.hawser.tls;

import io.hawser.testing.TransportContractTest;
import io.hawser.transport.Transport;

class TlsJdkContractTest extends TransportContractTest {
    private static final TestNodes NODES = new TestNodes(TlsEngine.JDK);

    @Override
    protected Transport newListening() {
        return NODES.transport("b@b.orga.test");
    }

    @Override
    protected Transport newDialling() {
        return NODES.transport("a@a.orga.test");
    }
}
