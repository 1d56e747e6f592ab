package io.hawser.epmd;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.testing.Hex;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EpmdRegistryTest {
    private final EpmdRegistry registry = new EpmdRegistry(4369, 1000);

    private String register(String name) {
        return ask(EpmdWireTest.body(EpmdWire.aliveRequest(EpmdNode.normal(name, 4242))));
    }

    private String ask(ByteBuffer request) {
        ByteBuffer bytes = registry.answer(request).bytes();
        return bytes == null ? "none" : Hex.of(bytes);
    }

    private String ask(String hex) {
        return ask(ByteBuffer.wrap(Hex.bytes(hex)));
    }

    @Test
    void creationsIncrease() {
        assertThat(register("a")).isEqualTo("7600000003e9");
        assertThat(register("b")).isEqualTo("7600000003ea");
        registry.remove("a");
        assertThat(register("a")).as("never the one it had").isEqualTo("7600000003eb");
    }

    @Test
    void creationsSkipTheReservedOnesAfterTheLast() {
        var full = new EpmdRegistry(4369, 0xFFFF_FFFEL);
        assertThat(Hex.of(requireNonNull(full.answer(alive("a")).bytes()))).isEqualTo("7600ffffffff");
        assertThat(Hex.of(requireNonNull(full.answer(alive("b")).bytes()))).isEqualTo("760000000004");
    }

    @Test
    void refusesANameThatIsTaken() {
        register("a");
        assertThat(register("a")).as("as epmd: result 1, creation 99").isEqualTo("760100000063");
    }

    @Test
    void answersOldNodesWithAShortCreation() {
        // ALIVE2_REQ of a node with versions 5 to 5, name "o"
        assertThat(ask("78 1092 4d 00 0005 0005 0001 6f 0000")).isEqualTo("79000003");
        assertThat(ask("78 1092 4d 00 0005 0005 0001 6f 0000")).isEqualTo("79010063");
    }

    @Test
    void refusesNamesTooLongOrWithControlCharacters() {
        assertThat(register("x".repeat(255))).startsWith("7600");
        assertThat(register("x".repeat(256))).isEqualTo("760100000063");
        assertThat(register("a\nname b at port 1")).isEqualTo("760100000063");
        assertThat(register("a\u0000")).isEqualTo("760100000063");
    }

    @Test
    void refusesMoreNodesThanItHasRoomFor() {
        for (int i = 0; i < EpmdRegistry.MAX_NODES; i++) {
            assertThat(register("n" + i)).startsWith("7600");
        }
        assertThat(register("one_too_many")).isEqualTo("760100000063");
    }

    @Test
    void tellsPortAndExtraData() {
        assertThat(ask("7a 61")).as("not known").isEqualTo("7701");
        // name "a", extra data ff00
        ask("78 1092 48 00 0006 0005 0001 61 0002 ff00");
        assertThat(ask("7a 61")).isEqualTo("7700109248000006000500016100" + "02ff00");
    }

    @Test
    void listsNames() {
        assertThat(ask("6e")).isEqualTo("00001111");
        register("a");
        register("b");
        String text = "name a at port 4242\nname b at port 4242\n";
        assertThat(ask("6e")).isEqualTo("00001111" + Hex.of(text.getBytes(US_ASCII)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", // nothing
                "6b", // kill
                "64", // dump
                "73 61", // stop a
                "00",
                "ff ff ff",
                "78", // registration without a description
                "78 1092 4d 00 0006 0005 0000 0000", // empty name
                "78 1092 4d 00 0006 0005 ffff 61 0000", // name length beyond the end
                "78 1092 4d 00 0006 0005 0001 61 ffff", // extra length beyond the end
                "78 1092 4d 00 0006 0005 0001 61 0000 00", // bytes left over
            })
    void closesWithoutAnAnswer(String request) {
        register("a");
        assertThat(ask(request)).isEqualTo("none");
        assertThat(ask("7a 61")).as("still there").startsWith("7700");
    }

    private static ByteBuffer alive(String name) {
        return EpmdWireTest.body(EpmdWire.aliveRequest(EpmdNode.normal(name, 1)));
    }
}
