package io.hawser.term;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.List;
import nl.jqno.equalsverifier.EqualsVerifier;
import nl.jqno.equalsverifier.Warning;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TermEqualityTest {
    private static final Atom NODE = Atom.of("a@h");
    private static final Binary UNIQ = Binary.copyOf(new byte[16]);

    @ParameterizedTest
    @ValueSource(
            classes = {Atom.class, Int.class, FloatTerm.class, Port.class, Pid.class, ExternalFun.class, NodeName.class
            })
    void recordsAreEqualWhenTheirComponentsAre(Class<?> kind) {
        EqualsVerifier.forClass(kind).suppress(Warning.NULL_FIELDS).verify();
    }

    @Test
    void binariesAreEqualWhenTheirBytesAre() {
        EqualsVerifier.forClass(Binary.class)
                .withPrefabValuesForField("content", new byte[] {1}, new byte[] {2})
                .verify();
        EqualsVerifier.forClass(Bitstring.class).suppress(Warning.NULL_FIELDS).verify();
    }

    @Test
    void aBigIntegerIsAsItsValue() {
        assertThat(new BigInt(BigInteger.TWO.pow(64))).isEqualTo(IntegerTerm.of(BigInteger.TWO.pow(64)));
        assertThat(new BigInt(BigInteger.TWO.pow(64))).isNotEqualTo(IntegerTerm.of(BigInteger.TWO.pow(65)));
    }

    @Test
    void numbersOfDifferentKindsDiffer() {
        assertThat((Term) Int.of(1)).isNotEqualTo(new FloatTerm(1));
        assertThat(new FloatTerm(0.0)).isNotEqualTo(new FloatTerm(-0.0));
    }

    @Test
    void referencesAreEqualAfterTheShorterOneIsExtendedWithZeros() {
        var shorter = new Reference(NODE, 1, 1, 2, 3);
        assertThat(new Reference(NODE, 1, 1, 2, 3, 0, 0)).isEqualTo(shorter).hasSameHashCodeAs(shorter);
        assertThat(new Reference(NODE, 1, 1, 2, 3, 0, 1)).isNotEqualTo(shorter);
        assertThat(new Reference(NODE, 2, 1, 2, 3)).isNotEqualTo(shorter);
        assertThat(new Reference(Atom.of("b@h"), 1, 1, 2, 3)).isNotEqualTo(shorter);
    }

    // measured with OTP 25.2.3, =:= on funs of a module that is not loaded
    @Test
    void funsAreEqualWhenModuleIndexOldHashAndEnvironmentAre() {
        var fun = fun("m", 1, UNIQ, 1, 2, 3, 1, Int.of(1));
        var otherUniq = Binary.utf8("0123456789abcdef");
        for (Term equal : List.of(
                fun("m", 2, UNIQ, 1, 2, 3, 1, Int.of(1)),
                fun("m", 1, otherUniq, 1, 2, 3, 1, Int.of(1)),
                fun("m", 1, UNIQ, 1, 9, 3, 1, Int.of(1)),
                fun("m", 1, UNIQ, 1, 2, 3, 9, Int.of(1)))) {
            assertThat(equal).isEqualTo(fun).hasSameHashCodeAs(fun);
            assertThat(TermOrder.exact().compare(equal, fun)).isZero();
        }
        for (Term different : List.of(
                fun("n", 1, UNIQ, 1, 2, 3, 1, Int.of(1)),
                fun("m", 1, UNIQ, 9, 2, 3, 1, Int.of(1)),
                fun("m", 1, UNIQ, 1, 2, 9, 1, Int.of(1)),
                fun("m", 1, UNIQ, 1, 2, 3, 1, new FloatTerm(1)),
                fun("m", 1, UNIQ, 1, 2, 3, 1, Int.of(1), Int.of(2)))) {
            assertThat(different).isNotEqualTo(fun);
            assertThat(TermOrder.exact().compare(different, fun)).isNotZero();
        }
    }

    private static Term fun(
            String module, int arity, Binary uniq, long index, int oldIndex, int oldUniq, long creator, Term... free) {
        return new LocalFun(
                Atom.of(module),
                arity,
                uniq,
                index,
                Int.of(oldIndex),
                Int.of(oldUniq),
                new Pid(NODE, creator, 0, 0),
                List.of(free));
    }

    @Test
    void nativeRecordsAreEqualWhenAllPartsAre() {
        var fields = List.of(Atom.of("x"), Atom.of("y"));
        List<Term> values = List.of(Int.of(1), Int.of(2));
        var point = new NativeRecord(Atom.of("m"), Atom.of("pt"), true, fields, values);
        assertThat(new NativeRecord(Atom.of("m"), Atom.of("pt"), true, fields, values))
                .isEqualTo(point)
                .hasSameHashCodeAs(point);
        for (Term different : List.of(
                new NativeRecord(Atom.of("n"), Atom.of("pt"), true, fields, values),
                new NativeRecord(Atom.of("m"), Atom.of("q"), true, fields, values),
                new NativeRecord(Atom.of("m"), Atom.of("pt"), false, fields, values),
                new NativeRecord(Atom.of("m"), Atom.of("pt"), true, List.of(Atom.of("x"), Atom.of("z")), values),
                new NativeRecord(Atom.of("m"), Atom.of("pt"), true, fields, List.of(Int.of(1), new FloatTerm(2))))) {
            assertThat(different).isNotEqualTo(point);
        }
    }

    @Test
    void termsThatHoldTermsDifferFromOtherKindsWithTheSame() {
        var one = List.<Term>of(Int.of(1));
        Term tuple = new Tuple(one);
        Term list = new ListTerm(one);
        Term improper = new ImproperList(one, Atom.OK);
        assertThat(tuple)
                .isNotEqualTo(list)
                .isNotEqualTo(improper)
                .isNotEqualTo(Int.of(1))
                .isNotEqualTo("1");
        assertThat(list).isNotEqualTo(improper).isNotEqualTo(new ListTerm(List.of(Int.of(1), Atom.OK)));
        assertThat(improper).isNotEqualTo(new ImproperList(one, Atom.ERROR));
        assertThat(Tuple.of(tuple)).isNotEqualTo(Tuple.of(Int.of(1))).isNotEqualTo(Tuple.of(list));
        assertThat(Tuple.of(Int.of(1))).isNotEqualTo(Tuple.of(tuple));
    }
}
