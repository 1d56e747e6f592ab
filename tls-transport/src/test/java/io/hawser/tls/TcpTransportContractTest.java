package io.hawser.tls;

import io.hawser.testing.TransportContractTest;
import io.hawser.transport.Transport;

class TcpTransportContractTest extends TransportContractTest {
    @Override
    protected Transport newListening() {
        return TcpTransport.plain();
    }

    @Override
    protected Transport newDialling() {
        return TcpTransport.plain();
    }
}
