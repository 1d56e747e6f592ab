package io.hawser.mapping;

import io.hawser.term.Printable;
import io.hawser.term.Term;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** On its way from where something did not fit to the caller, it collects the path. Without a stack trace of its own. */
final class Mismatch extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** How many steps at either end of a path are shown. */
    private static final int SHOWN_STEPS = 8;

    private final transient Deque<String> path = new ArrayDeque<>();

    Mismatch(String message) {
        this(message, null);
    }

    Mismatch(String message, @Nullable Throwable cause) {
        super(message, cause, false, false);
    }

    /** Makes one for a term that is nothing of the type at all. */
    static Mismatch of(Term term, String name, String expected) {
        return new Mismatch(Excerpt.of(term) + " is no " + name + " (expected: " + expected + ")");
    }

    /** Makes one for what a constructor, an accessor or a converter threw; errors are thrown on. */
    static Mismatch thrown(String what, Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        String message = thrown.getMessage();
        return new Mismatch(
                what + " threw " + thrown.getClass().getSimpleName()
                        + (message == null ? "" : ": " + Printable.of(message)),
                thrown);
    }

    /** Puts a step in front of the path, such as {@code .key} or {@code [2]}. */
    Mismatch at(String step) {
        path.addFirst(step);
        return this;
    }

    TermMappingException toException() {
        List<String> steps = new ArrayList<>(path);
        int hidden = steps.size() - 2 * SHOWN_STEPS;
        if (hidden > 1) {
            List<String> middle = steps.subList(SHOWN_STEPS, SHOWN_STEPS + hidden);
            middle.clear();
            middle.add("...(" + hidden + " more)...");
        }
        return new TermMappingException("$" + String.join("", steps), String.valueOf(getMessage()), getCause());
    }
}
