package io.hawser.epmd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.term.NodeName;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DialPolicyTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private static boolean admits(DialPolicy policy, String address, boolean nearby) throws UnknownHostException {
        return policy.admits(InetAddress.getByName(address), nearby);
    }

    private static boolean admits(DialPolicy policy, String name) {
        return policy.admits(NodeName.parse(name));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"10.1.2.3", "172.16.0.1", "192.168.1.1", "100.64.0.1", "203.0.113.9", "fd00::1", "2001:db8::1"})
    void privateAndPublicNetworksAreDialledByDefault(String address) throws UnknownHostException {
        assertThat(admits(DialPolicy.DEFAULT, address, false)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "169.254.169.254",
                "fe80::1",
                "0.0.0.0",
                "0.1.2.3",
                "::",
                "224.0.0.1",
                "ff02::1",
                "255.255.255.255",
                "::ffff:169.254.169.254",
                "::169.254.169.254",
                "64:ff9b::169.254.169.254",
                "2002:a9fe:a9fe::1"
            })
    void noAddressThatStandsForNoHostOrForTheCloudIsDialledByDefault(String address) throws UnknownHostException {
        assertThat(admits(DialPolicy.DEFAULT, address, true)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.0.1.1", "::1", "64:ff9b::127.0.0.1"})
    void loopbackIsDialledByNodesThatAreThereThemselves(String address) throws UnknownHostException {
        assertThat(admits(DialPolicy.DEFAULT, address, false)).isFalse();
        assertThat(admits(DialPolicy.DEFAULT, address, true)).isTrue();
    }

    @Test
    void networksThatAreGivenAreTheOnlyOnes() throws UnknownHostException {
        var policy = DialPolicy.builder()
                .networks("10.0.0.0/9", "fd00::/8", "169.254.0.0/16", "192.0.2.7")
                .build();
        assertThat(admits(policy, "10.127.255.255", false)).isTrue();
        assertThat(admits(policy, "10.128.0.0", false)).isFalse();
        assertThat(admits(policy, "fd12::1", false)).isTrue();
        assertThat(admits(policy, "fc00::1", false)).isFalse();
        assertThat(admits(policy, "169.254.1.1", false)).isTrue();
        assertThat(admits(policy, "192.0.2.7", false)).isTrue();
        assertThat(admits(policy, "192.0.2.8", false)).isFalse();
        assertThat(admits(policy, "127.0.0.1", true)).isFalse();
        assertThat(admits(DialPolicy.builder().networks().build(), "10.0.0.1", true))
                .isFalse();
        assertThat(admits(DialPolicy.builder().networks("0.0.0.0/0").build(), "127.0.0.1", false))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "host",
                "host/8",
                "10.0.0.0/33",
                "10.0.0.1/8",
                "10.0.0.0/",
                "10.0.0.0/-1",
                "10.0.0/8",
                "10.0.0.256",
                "fd00::1/8",
                "fd00::/129",
                "fd00:::/8",
                "10.0.0.0/8/8"
            })
    void whatIsNoNetworkIsRefused(String text) {
        assertThatThrownBy(() -> DialPolicy.builder().networks(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "network: '" + text + "' (expected: an address, or the first of a network and its bits, such as"
                                + " 10.0.0.0/8 or fd00::/8)");
    }

    @Test
    void aPatternFitsWholeNamesAndItsStarNoAt() {
        var policy =
                DialPolicy.builder().names("cache-*@*.example.org", "one@host").build();
        assertThat(admits(policy, "cache-1@a.example.org")).isTrue();
        assertThat(admits(policy, "cache-@x.y.example.org")).isTrue();
        assertThat(admits(policy, "one@host")).isTrue();
        assertThat(admits(policy, "cache-1@example.org")).isFalse();
        assertThat(admits(policy, "cache-1@a.example.org.evil.test")).isFalse();
        assertThat(admits(policy, "cache-1@a.exampleXorg")).isFalse();
        assertThat(admits(policy, "xcache-1@a.example.org")).isFalse();
        assertThat(admits(policy, "one@hosts")).isFalse();
        assertThat(admits(DialPolicy.builder().names().build(), "one@host")).isFalse();
        assertThat(admits(DialPolicy.DEFAULT, "any@where")).isTrue();
    }

    @Test
    void refusesWhatMakesNoSense() {
        assertThatThrownBy(() -> DialPolicy.builder().names("host"))
                .hasMessage(
                        "name pattern: 'host' (expected: alive@host, * for any characters, such as *@*.example.org)");
        assertThatThrownBy(() -> DialPolicy.builder().dialsAtOnce(0))
                .hasMessage("dialsAtOnce: 0 (expected: at least 1)");
        assertThatThrownBy(() -> DialPolicy.builder().maxFailures(0))
                .hasMessage("maxFailures: 0 (expected: at least 1)");
        assertThatThrownBy(() -> DialPolicy.builder().failureMemory(Duration.ZERO))
                .hasMessage("failureMemory: PT0S (expected: > 0)");
    }

    @Test
    void anEpmdAtAnAddressOutsideIsNotAsked() throws Exception {
        var asked = new AtomicInteger();
        try (var epmd = ScriptedServer.start(socket -> asked.incrementAndGet());
                var resolver = NodeResolver.first(NodeResolver.epmd(EpmdOptions.builder()
                        .port(epmd.address().getPort())
                        .hosts(node -> InetAddress.getLoopbackAddress())
                        .build()))) {
            var name = NodeName.parse("a@evil.test");
            assertThat(resolver.resolve(name, SOON, address -> false)).contains(epmd.address());
            assertThatThrownBy(() -> resolver.resolve(name, SOON)).isInstanceOf(ResolverException.class);
            assertThat(asked).hasValue(1);
        }
    }
}
