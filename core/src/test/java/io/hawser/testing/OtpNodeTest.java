package io.hawser.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

@Interop
class OtpNodeTest {
    @Test
    void nodesWithOneEpmdFindEachOtherByMappedHosts() {
        try (var a = OtpNode.named("a@a.orga.test")
                        .hosts("a.orga.test", "b.orgb.test")
                        .start();
                var b = OtpNode.named("b@b.orgb.test")
                        .hosts("a.orga.test", "b.orgb.test")
                        .epmdPort(a.epmdPort())
                        .start()) {
            assertThat(a.eval("node()")).isEqualTo("'a@a.orga.test'");
            assertThat(a.eval("net_adm:ping('b@b.orgb.test')")).isEqualTo("pong");
            assertThat(b.eval("inet:getaddr(\"a.orga.test\", inet)")).isEqualTo("{ok,{127,0,0,1}}");
            b.awaitEval(Duration.ofSeconds(10), "['a@a.orga.test']", "nodes()");
            b.kill();
            a.awaitEval(Duration.ofSeconds(10), "[]", "nodes()");
        }
    }

    @Test
    void startsAShortNameWithACookieAndStopsInOrder() {
        try (var node = OtpNode.named("short@localhost")
                .cookie("c1")
                .args("-hidden")
                .env("HAWSER_X", "y")
                .start()) {
            assertThat(node.eval("{node(), erlang:get_cookie(), os:getenv(\"HAWSER_X\")}"))
                    .isEqualTo("{short@localhost,c1,\"y\"}");
            node.stop();
            assertThat(node.isAlive()).isFalse();
        }
    }

    @Test
    void saysWhyANodeDoesNotStart() {
        int nothingThere = Ports.free();
        assertThatThrownBy(() ->
                        OtpNode.named("a@localhost").epmdPort(nothingThere).start())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("erl ended: start of erl")
                .hasMessageContaining("econnrefused");
    }
}
