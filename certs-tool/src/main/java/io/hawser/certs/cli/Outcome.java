package io.hawser.certs.cli;

import io.hawser.certs.CertsException;
import io.hawser.certs.Notice;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a command did, in both forms it may be printed.
 *
 * @param changed whether anything changed, or in a dry run would have
 * @param result the JSON result
 * @param text the lines for people
 * @param warnings what is worth knowing
 * @param failure why the exit code is not zero although there is a result, or null
 */
record Outcome(
        boolean changed,
        Map<String, Object> result,
        List<String> text,
        List<Notice> warnings,
        @Nullable CertsException failure) {
    Outcome(boolean changed, Map<String, Object> result, List<String> text, List<Notice> warnings) {
        this(changed, result, text, warnings, null);
    }
}
