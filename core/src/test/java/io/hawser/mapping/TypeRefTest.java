package io.hawser.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import nl.jqno.equalsverifier.EqualsVerifier;
import org.junit.jupiter.api.Test;

class TypeRefTest {
    @Test
    void isEqualWhenTheTypesAre() {
        EqualsVerifier.forClass(TypeUse.class)
                .withPrefabValues(TypeUse.class, TypeUse.of(int.class), TypeUse.of(String.class))
                .withNonnullFields("raw", "arguments")
                .verify();
        assertThat(new TypeRef<List<String>>() {})
                .isEqualTo(new TypeRef<List<String>>() {})
                .hasSameHashCodeAs(new TypeRef<List<String>>() {})
                .isNotEqualTo(new TypeRef<List<@AsAtom String>>() {})
                .isNotEqualTo(new TypeRef<List<Integer>>() {});
    }

    @Test
    void printsItsType() {
        assertThat(new TypeRef<Map<String, List<int[]>>>() {}).hasToString("Map<String, List<int[]>>");
    }

    @Test
    @SuppressWarnings("rawtypes") // what is tested
    void namesItsType() {
        assertThatThrownBy(() -> new TypeRef() {})
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(getClass().getName() + "$")
                .hasMessageEndingWith(": does not name its type"
                        + " (expected: a direct subclass such as new TypeRef<List<String>>() {})");
        assertThatThrownBy(TypeRefTest::<String>variable)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("TypeRef: nothing says what T is (expected: a type without type variables)");
    }

    private static <T> TypeRef<List<T>> variable() {
        return new TypeRef<>() {};
    }
}
