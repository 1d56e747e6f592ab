package io.hawser.transport;

import io.hawser.testing.TransportContractTest;
import org.junit.jupiter.api.AfterEach;

class InMemoryTransportContractTest extends TransportContractTest {
    private final InMemoryNetwork network = InMemoryNetwork.start();

    @Override
    protected Transport newListening() {
        return network.transport();
    }

    @Override
    protected Transport newDialling() {
        return network.transport();
    }

    @AfterEach
    void closeNetwork() {
        network.close();
    }
}
