package io.hawser.epmd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.term.NodeName;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DnsResolverTest {
    private static final String SERVICE = "_dist._tcp.cache.test";
    private static final NodeName HERE = NodeName.parse("cache@localhost");
    private static final NodeName ELSEWHERE = NodeName.parse("cache@no-such-host.invalid");
    private static final Duration SOON = Duration.ofSeconds(10);

    @Test
    void aRecordSaysWhereTheNodeOfItsTargetListens() {
        try (var server = new NameServer(SERVICE)
                .srv(0, 5, 4001, "other.test")
                .srv(0, 5, 4002, "LOCALHOST")
                .start()) {
            assertThat(portOf(HERE, ask(server).build())).contains(4002);
            assertThat(portOf(NodeName.parse("cache@third.test"), ask(server).build()))
                    .isEmpty();
        }
    }

    @Test
    void theLowestPriorityAndThenTheHighestWeightDecide() {
        try (var server = new NameServer(SERVICE)
                .srv(2, 90, 4001, "localhost")
                .srv(1, 10, 4002, "localhost")
                .srv(1, 20, 4003, "localhost")
                .srv(0, 0, 0, "localhost") // no such service there
                .start()) {
            assertThat(portOf(HERE, ask(server).build())).contains(4003);
        }
    }

    @Test
    void withoutARecordThePortDecides() {
        try (var server = new NameServer("_other._tcp.test").start()) {
            assertThat(portOf(HERE, ask(server).build())).isEmpty();
            assertThat(portOf(HERE, ask(server).port(4100).build())).contains(4100);
        }
        assertThat(portOf(HERE, DnsOptions.builder().port(4200).build())).contains(4200);
    }

    @Test
    void aHostWithoutAddressIsNotKnownHere() {
        try (var server =
                new NameServer(SERVICE).srv(0, 0, 4001, "no-such-host.invalid").start()) {
            assertThat(portOf(ELSEWHERE, ask(server).build())).isEmpty();
        }
    }

    @Test
    void aNameServerThatDoesNotAnswerIsAnError() throws IOException {
        try (var silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            var address = new InetSocketAddress(silent.getLocalAddress(), silent.getLocalPort());
            var options = DnsOptions.builder().service(SERVICE).servers(address).build();
            try (NodeResolver dns = NodeResolver.dns(options)) {
                assertThatThrownBy(() -> dns.resolve(HERE, Duration.ofMillis(60)))
                        .isInstanceOf(ResolverException.class)
                        .hasMessageContaining(
                                "SRV records of " + SERVICE + ": no answer from 127.0.0.1:" + silent.getLocalPort());
            }
        }
    }

    @Test
    void othersAreAskedAfterIt() {
        var known = InetSocketAddress.createUnresolved("localhost", 4300);
        try (var server = new NameServer(SERVICE).start();
                NodeResolver both = NodeResolver.first(
                        NodeResolver.dns(ask(server).build()), NodeResolver.fixed(Map.of(HERE, known)))) {
            assertThat(both.resolve(HERE, SOON).map(InetSocketAddress::getPort)).contains(4300);
            assertThat(both.publish(HERE, 4300, SOON)).isEmpty();
        }
    }

    @Test
    void refusesOptionsThatSayNothing() {
        assertThatThrownBy(() -> DnsOptions.builder().build())
                .hasMessage("DNS: neither service nor port (expected: at least one of them)");
        assertThatThrownBy(() -> DnsOptions.builder().port(0)).hasMessage("port: 0 (expected: 1 to 65535)");
        assertThatThrownBy(() -> DnsOptions.builder().service("")).hasMessageStartingWith("service: empty");
        assertThatThrownBy(() -> DnsOptions.builder().servers(InetSocketAddress.createUnresolved("a", 53)))
                .hasMessageEndingWith("(expected: an address)");
    }

    @Test
    void readsOnlyWhatIsAnSrvRecord() {
        assertThat(DnsResolver.Service.parse("1 2 3 a.")).contains(new DnsResolver.Service(1, 2, 3, "a."));
        for (String text : new String[] {"", "1 2 3", "1 2 3 4 5", "a b c d", "1 2 65536 a", "1 2 99999999999 a"}) {
            assertThat(DnsResolver.Service.parse(text)).as(text).isEmpty();
        }
    }

    private static DnsOptions.Builder ask(NameServer server) {
        return DnsOptions.builder().service(SERVICE).servers(server.address());
    }

    private static Optional<Integer> portOf(NodeName name, DnsOptions options) {
        try (NodeResolver dns = NodeResolver.dns(options)) {
            return dns.resolve(name, SOON).map(InetSocketAddress::getPort);
        }
    }
}
