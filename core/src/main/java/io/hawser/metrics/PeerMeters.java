package io.hawser.metrics;

import io.hawser.node.ConnectionInfo;
import io.hawser.node.Node;
import io.hawser.term.NodeName;
import io.hawser.transport.ChannelSecurity;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** The meters of one peer. Each looks the connection up when it is read. Not thread-safe; used by one caller at a time. */
final class PeerMeters {
    private final Node node;
    private final NodeName peer;
    private final MeterRegistry registry;
    private final Tags tags;
    private final List<Meter> meters = new ArrayList<>();

    PeerMeters(Node node, MeterRegistry registry, Tags ofNode, ConnectionInfo connection) {
        this.node = node;
        this.peer = connection.node();
        this.registry = registry;
        this.tags = ofNode.and("peer", peer.toString());
        counter("hawser.peer.bytes", "bytes", "in", ConnectionInfo::bytesIn);
        counter("hawser.peer.bytes", "bytes", "out", ConnectionInfo::bytesOut);
        counter("hawser.peer.messages", "messages", "in", ConnectionInfo::messagesIn);
        counter("hawser.peer.messages", "messages", "out", ConnectionInfo::messagesOut);
        bytes("hawser.peer.queued", "Bytes that wait to leave", c -> c.backlog().outgoingBytes());
        bytes(
                "hawser.peer.unread",
                "Heap that its messages in mailboxes take, about",
                c -> c.backlog().unreadBytes());
        meters.add(Gauge.builder(
                        "hawser.peer.suspicion", node, of(c -> c.liveness().phi()))
                .description("Phi: how sure it is that the peer is gone; suspected from 8 on")
                .tags(tags)
                .register(registry));
        time(
                "hawser.peer.silence",
                "Time since bytes came last",
                tags,
                c -> c.liveness().silence());
        if (connection.security().isPresent()) {
            expiry("peer", ChannelSecurity::peerExpires);
            expiry("own", ChannelSecurity::ownExpires);
        }
    }

    List<Meter> added() {
        return meters;
    }

    private ToDoubleFunction<Node> of(ToDoubleFunction<ConnectionInfo> value) {
        NodeName name = peer;
        return n -> n.connection(name).map(value::applyAsDouble).orElse(Double.NaN);
    }

    private void counter(String name, String unit, String direction, ToDoubleFunction<ConnectionInfo> value) {
        meters.add(FunctionCounter.builder(name, node, of(value))
                .description("From and to the peer, on the connection that is up")
                .baseUnit(unit)
                .tags(tags.and("direction", direction))
                .register(registry));
    }

    private void bytes(String name, String description, ToDoubleFunction<ConnectionInfo> value) {
        meters.add(Gauge.builder(name, node, of(value))
                .description(description)
                .baseUnit("bytes")
                .tags(tags)
                .register(registry));
    }

    private void expiry(String side, Function<ChannelSecurity, Instant> ends) {
        time(
                "hawser.peer.certificate.expiry",
                "Time until the first certificate of the side ends",
                tags.and("side", side),
                c -> c.security()
                        .map(security -> Duration.between(Instant.now(), ends.apply(security)))
                        .orElse(Duration.ZERO));
    }

    private void time(String name, String description, Tags with, Function<ConnectionInfo, Duration> value) {
        ToDoubleFunction<Node> seconds = of(c -> value.apply(c).toMillis() / 1000.0);
        meters.add(TimeGauge.builder(name, node, TimeUnit.SECONDS, seconds)
                .description(description)
                .tags(with)
                .register(registry));
    }
}
