package io.hawser.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tasks that lead to each other: what one throws is not the others' fault. */
class TrampolineTest {
    private final List<String> ran = new ArrayList<>();

    @Test
    void runsWhatATaskLeadsToAfterIt() {
        Trampoline.run(() -> {
            Trampoline.run(() -> ran.add("later"));
            ran.add("first");
        });
        assertThat(ran).containsExactly("first", "later");
    }

    @Test
    void runsTheTasksLeftAfterAnErrorAndThrowsItAtTheEnd() {
        var first = new InternalError("unable to create native thread");
        var second = new IllegalStateException("another");
        assertThatThrownBy(() -> Trampoline.run(() -> {
                    Trampoline.run(() -> fail(second));
                    Trampoline.run(() -> fail(first));
                    Trampoline.run(() -> ran.add("last"));
                    throw first;
                }))
                .isSameAs(first)
                .hasSuppressedException(second);
        assertThat(ran).containsExactly("last");
        assertThat(first.getSuppressed()).containsExactly(second);
    }

    private static void fail(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) failure;
    }
}
