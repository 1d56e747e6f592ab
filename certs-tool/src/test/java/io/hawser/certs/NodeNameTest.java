package io.hawser.certs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NodeNameTest {
    @ParameterizedTest
    @ValueSource(strings = {"a@a.orga.test", "a_b-1.c@h", "A@localhost", "_x@xn--bcher-kva.example", "0@0x.test"})
    void acceptsWhatACertificateCanCarry(String name) {
        assertThat(NodeName.parse(name)).hasToString(name);
    }

    @ParameterizedTest
    @CsvSource({
        "a, NAME_INVALID",
        "@h, NAME_INVALID",
        "a@, NAME_INVALID",
        "a@b@c, NAME_INVALID",
        "-d@h, NAME_INVALID",
        "..@h, NAME_INVALID",
        "a/b@h, NAME_INVALID",
        "a@../h, NAME_INVALID",
        "a@h_1, NAME_INVALID",
        "a@-h, NAME_INVALID",
        "a@h., NAME_INVALID",
        "a@H.test, NAME_INVALID",
        "a@b\u00fccher.test, NAME_INVALID",
        "a@127.0.0.1, NAME_IP_LITERAL",
        "a@2130706433, NAME_IP_LITERAL",
        "a@::1, NAME_IP_LITERAL",
        "a@[::1], NAME_IP_LITERAL",
        "a@*.orga.test, NAME_WILDCARD",
        "*@a.orga.test, NAME_WILDCARD"
    })
    void refusesTheRest(String name, ErrorCode code) {
        assertThatThrownBy(() -> NodeName.parse(name)).isInstanceOfSatisfying(CertsException.class, e -> {
            assertThat(e.code()).isEqualTo(code);
            assertThat(e.code().exitCode()).isEqualTo(3);
            assertThat(e.message()).isPrintable();
        });
    }

    @Test
    void refusesNamesThatAreTooLong() {
        assertThatThrownBy(() -> NodeName.parse("a".repeat(65) + "@h")).isInstanceOf(CertsException.class);
        assertThatThrownBy(() -> NodeName.parse("a@" + "h".repeat(64))).isInstanceOf(CertsException.class);
        assertThatThrownBy(() -> NodeName.parse("a@" + "h.".repeat(120) + "h"))
                .hasMessageContaining("at most 240 are allowed");
    }

    @Test
    void saysWhyInOneLineWithoutControlCharacters() {
        assertThatThrownBy(() -> NodeName.parse("a\n\u001b[31m@h"))
                .hasMessage("'a\\u000a\\u001b[31m@h' is not allowed: the part before '@' must be"
                        + " 1 to 64 of A-Z a-z 0-9 . _ - and not begin with . or -");
    }
}
