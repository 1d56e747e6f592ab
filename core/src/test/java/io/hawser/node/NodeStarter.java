package io.hawser.node;

import java.util.function.Consumer;

/** Starts nodes that can reach each other, and closes them. */
interface NodeStarter extends AutoCloseable {
    Node start(String name, Consumer<NodeConfig.Builder> more);

    @Override
    void close();
}
