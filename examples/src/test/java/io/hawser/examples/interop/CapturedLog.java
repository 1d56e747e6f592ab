package io.hawser.examples.interop;

import io.hawser.testing.Await;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What is logged while it is open: slf4j-simple writes to {@code System.err}. One at a time. */
final class CapturedLog implements AutoCloseable {
    private final PrintStream before = System.err;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private CapturedLog() {}

    static CapturedLog start() {
        var log = new CapturedLog();
        System.setErr(new PrintStream(new Tee(log.before, log.bytes), true, StandardCharsets.UTF_8));
        return log;
    }

    /** Returns the lines at WARN or ERROR. */
    List<String> warnings() {
        return bytes.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith("WARN ") || line.startsWith("ERROR "))
                .toList();
    }

    /** Waits for a warning that holds the text, and returns it. */
    String await(String text) {
        Await.until(
                Pair.SOON,
                "a warning that says " + text,
                () -> warnings().stream().anyMatch(line -> line.contains(text)));
        return warnings().stream()
                .filter(line -> line.contains(text))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() {
        System.setErr(before);
    }

    private static final class Tee extends OutputStream {
        private final OutputStream first;
        private final OutputStream second;

        Tee(OutputStream first, OutputStream second) {
            this.first = first;
            this.second = second;
        }

        @Override
        public void write(int b) throws java.io.IOException {
            first.write(b);
            second.write(b);
        }

        @Override
        public void write(byte[] from, int offset, int length) throws java.io.IOException {
            first.write(from, offset, length);
            second.write(from, offset, length);
        }
    }
}
