package io.hawser.etf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.hawser.term.Term;
import io.hawser.testing.Hex;
import io.hawser.testing.ValueTree;
import io.hawser.testing.Vectors;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Encodings made by OTP 25 and 27, and encodings that they refuse. */
class EtfVectorsTest {
    static Stream<JsonNode> vectors() {
        // OTP reads the empty atom as a node name, we do not
        return Vectors.lines("/io/hawser/etf/etf.jsonl").stream()
                .filter(vector -> !vector.get("value").toString().contains("{\"pid\":[\"\","));
    }

    static Stream<JsonNode> malformed() {
        return Vectors.lines("/io/hawser/etf/malformed.jsonl").stream();
    }

    static Stream<JsonNode> lenient() {
        return Vectors.lines("/io/hawser/etf/lenient.jsonl").stream();
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void decodesEveryFormThatOtpWrites(JsonNode vector) {
        for (Encoded encoded : encodings(vector)) {
            Term term = TermDecoder.decode(Hex.bytes(encoded.hex()));
            assertThat(ValueTree.matches(encoded.value(), term))
                    .as("%s %s", vector.get("name"), encoded.hex())
                    .isTrue();
            assertThat(TermDecoder.decode(TermEncoder.encode(term))).isEqualTo(term);
        }
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void encodesAsOtp27Does(JsonNode vector) {
        String hex = canonical(vector.get("enc"));
        byte[] encoded = TermEncoder.encode(TermDecoder.decode(Hex.bytes(hex)));
        if (vector.get("value").toString().contains("\"map\"")) {
            assertThat(encoded).hasSize(hex.length() / 2); // the order of keys is free
        } else {
            assertThat(Hex.of(encoded)).isEqualTo(hex);
        }
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void decodesUnusualForms(JsonNode vector) {
        if (!vector.has("in")) {
            return;
        }
        byte[] in = Hex.bytes(vector.get("in").asText());
        if (vector.get("name").asText().equals("dec_trailing_bytes")) {
            assertThatThrownBy(() -> TermDecoder.decode(in))
                    .isInstanceOf(EtfException.class)
                    .hasMessage("bytes after the term: 2 (expected: none)");
        } else {
            assertThat(ValueTree.matches(vector.get("value"), TermDecoder.decode(in)))
                    .as(vector.toString())
                    .isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void rejectsWhatOtpRejects(JsonNode vector) {
        byte[] bytes = Hex.bytes(vector.get("hex").asText());
        if (vector.get("class").asText().equals("reject-safe")) {
            assertThat(TermEncoder.encode(TermDecoder.decode(bytes))).isNotEmpty();
        } else {
            assertThatThrownBy(() -> TermDecoder.decode(bytes))
                    .isInstanceOf(EtfException.class)
                    .message()
                    .matches("[ -~]{1,300}")
                    .doesNotEndWith(".");
        }
    }

    @ParameterizedTest
    @MethodSource("lenient")
    void decodesOrRejectsWhatOtpShouldReject(JsonNode vector) {
        byte[] bytes = Hex.bytes(vector.get("hex").asText());
        Set<String> rejected = Set.of(
                "tag_73", "tag_75", "ref_0_words", "fun_creator_not_pid", "internal_atom_ref2", "internal_atom_ref3");
        if (rejected.contains(vector.get("name").asText())) {
            assertThatThrownBy(() -> TermDecoder.decode(bytes)).isInstanceOf(EtfException.class);
        } else {
            Term term = TermDecoder.decode(bytes);
            assertThat(TermDecoder.decode(TermEncoder.encode(term))).isEqualTo(term);
        }
    }

    @Test
    void rejectsAnIdentifierWithoutNodeName() {
        assertThatThrownBy(() -> TermDecoder.decode(Hex.bytes("8358770000000001000000020000000300")))
                .isInstanceOf(EtfException.class)
                .hasMessage("NEW_PID_EXT at offset 1: empty node name (expected: a node name)");
    }

    private record Encoded(String hex, JsonNode value) {}

    private static Set<Encoded> encodings(JsonNode vector) {
        var all = new LinkedHashSet<Encoded>();
        vector.get("enc").properties().forEach(otp -> {
            boolean newer = otp.getKey().equals("27") && vector.has("value27");
            JsonNode value = newer ? vector.get("value27") : vector.get("value");
            if (!value.isTextual()) {
                otp.getValue()
                        .properties()
                        .forEach(form -> all.add(new Encoded(form.getValue().asText(), value)));
            }
        });
        return all;
    }

    /** Returns what minor version 2 gave; what OTP 27 does not hold is equal to OTP 25's. */
    private static String canonical(JsonNode encodings) {
        JsonNode forms = encodings.has("27") ? encodings.get("27") : encodings.get("25");
        return forms.has("mv2")
                ? forms.get("mv2").asText()
                : forms.get("default").asText();
    }
}
