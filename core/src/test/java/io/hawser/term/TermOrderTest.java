package io.hawser.term;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.hawser.etf.TermDecoder;
import io.hawser.testing.Hex;
import io.hawser.testing.Vectors;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TermOrderTest {
    private static final Comparator<Term> STANDARD = TermOrder.standard();
    private static final Comparator<Term> EXACT = TermOrder.exact();

    static Stream<JsonNode> vectors() {
        return Vectors.lines("/io/hawser/term/order.jsonl").stream();
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void comparesAsOtp27Does(JsonNode vector) {
        Term a = TermDecoder.decode(Hex.bytes(vector.get("a").asText()));
        Term b = TermDecoder.decode(Hex.bytes(vector.get("b").asText()));
        int expected = switch (result(vector, "cmp")) {
            case "lt" -> -1;
            case "gt" -> 1;
            default -> 0;
        };
        String name = vector.get("name").asText();
        assertThat(Integer.signum(STANDARD.compare(a, b))).as(name).isEqualTo(expected);
        assertThat(Integer.signum(STANDARD.compare(b, a))).as(name).isEqualTo(-expected);
        assertThat(STANDARD.compare(a, b) == 0).as(name).isEqualTo(Boolean.parseBoolean(result(vector, "loose")));
        boolean exact = Boolean.parseBoolean(result(vector, "exact"));
        assertThat(a.equals(b)).as(name).isEqualTo(exact);
        assertThat(EXACT.compare(a, b) == 0).as(name).isEqualTo(exact);
        assertThat(EXACT.compare(a, b)).as(name).isEqualTo(-EXACT.compare(b, a));
        assertThat(MapTerm.of(a, Atom.OK).get(b).isPresent())
                .as(name)
                .isEqualTo(result(vector, "mapkey").equals("same"));
        if (exact) {
            assertThat(a).as(name).hasSameHashCodeAs(b);
        }
    }

    private static String result(JsonNode vector, String field) {
        JsonNode in27 = vector.path("otp27").path(field);
        return (in27.isMissingNode() ? vector.get(field) : in27).asText();
    }

    @Test
    void comparesIntegersWithFloatsExactly() {
        var random = new Random(1);
        for (int i = 0; i < 2_000; i++) {
            double f = Math.scalb(random.nextDouble() - 0.5, random.nextInt(1050) - 30);
            BigInteger near = new BigDecimal(f).toBigInteger().add(BigInteger.valueOf(random.nextInt(3) - 1));
            int expected = new BigDecimal(near).compareTo(new BigDecimal(f));
            assertThat(STANDARD.compare(IntegerTerm.of(near), new FloatTerm(f)))
                    .as("%s with %s", near, f)
                    .isEqualTo(expected);
            assertThat(STANDARD.compare(new FloatTerm(f), IntegerTerm.of(near))).isEqualTo(-expected);
        }
    }

    @Test
    void ordersNativeRecordsBetweenTuplesAndMapsWithExactValues() {
        var integer = new NativeRecord(Atom.of("m"), Atom.of("r"), true, List.of(Atom.of("f")), List.of(Int.of(1)));
        var number =
                new NativeRecord(Atom.of("m"), Atom.of("r"), true, List.of(Atom.of("f")), List.of(new FloatTerm(1)));
        assertThat(STANDARD.compare(integer, number)).isNegative();
        assertThat(STANDARD.compare(Tuple.of(Int.of(1), Int.of(2)), integer)).isNegative();
        assertThat(STANDARD.compare(integer, MapTerm.EMPTY)).isNegative();
    }

    @Test
    void bothOrdersAreTotalAndTheExactOneAgreesWithEquals() {
        long seed = 42;
        var terms = new RandomTerms(seed).many(150);
        for (var order : List.of(STANDARD, EXACT)) {
            for (Term a : terms) {
                for (Term b : terms) {
                    int ab = Integer.signum(order.compare(a, b));
                    assertThat(Integer.signum(order.compare(b, a))).isEqualTo(-ab);
                    assertThat(EXACT.compare(a, b) == 0).isEqualTo(a.equals(b));
                    if (a.equals(b)) {
                        assertThat(ab).isZero();
                        assertThat(a).hasSameHashCodeAs(b);
                    }
                }
            }
            assertTransitive(terms, order);
        }
    }

    // sorted by comparisons of neighbours only, every pair has to be in order
    private static void assertTransitive(List<Term> terms, Comparator<Term> order) {
        var sorted = new ArrayList<>(terms);
        Collections.shuffle(sorted, new Random(7));
        sorted.sort(order);
        for (int i = 0; i < sorted.size(); i++) {
            for (int j = i + 1; j < sorted.size(); j++) {
                assertThat(order.compare(sorted.get(i), sorted.get(j)))
                        .as("%s and %s", sorted.get(i), sorted.get(j))
                        .isNotPositive();
            }
        }
    }
}
