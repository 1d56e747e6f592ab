package io.hawser.flight;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a flight recording holds. */
final class FlightTest {
    @TempDir
    private Path directory;

    @Test
    void writesEachKindOfEventWhileSomebodyRecords() throws Exception {
        Path file = directory.resolve("flight.jfr");
        try (var recording = new Recording()) {
            recording.start();
            assertThat(Flight.isRecording()).isTrue();
            Flight.connectionUp("a@host", "b@host", true, false, "TLSv1.3", "strong");
            Flight.connectionDown("a@host", "b@host", "net_tick_timeout", "silent", 5_000_000_000L);
            Flight.handshake("a@host", "b@host", false, 7_000_000, "admitted");
            Flight.refused("a@host", "1.2.3.4:5", "cookie", "COOKIE", 3);
            Flight.readingPaused("a@host", "b@host", 1_000_000);
            Flight.senderWaited("a@host", "b@host", 2_000_000, 77);
            Flight.largeMessage("a@host", "b@host", 1_000_000);
            Flight.tickLate("a@host", "b@host", 23_000_000_000L, 8.5);
            Flight.loopLate("a@host", "b@host", 3_000_000_000L);
            recording.stop();
            recording.dump(file);
        }
        List<RecordedEvent> all = RecordingFile.readAllEvents(file);
        Map<String, RecordedEvent> events = all.stream()
                .filter(event -> event.getEventType().getName().startsWith("hawser."))
                .collect(Collectors.toMap(event -> event.getEventType().getName(), Function.identity()));
        assertThat(events).hasSize(9);
        assertThat(events.values()).allMatch(event -> event.getString("node").equals("a@host"));
        RecordedEvent down = one(events, "ConnectionDown");
        assertThat(down.getString("reason")).isEqualTo("net_tick_timeout");
        assertThat(down.getDuration("up")).isEqualTo(Duration.ofSeconds(5));
        assertThat(one(events, "SenderWaited").getStackTrace()).isNotNull();
        assertThat(one(events, "TickLate").getDouble("phi")).isEqualTo(8.5);
        assertThat(down.getStackTrace()).isNull();
    }

    private static RecordedEvent one(Map<String, RecordedEvent> events, String name) {
        return Objects.requireNonNull(events.get("hawser." + name), name);
    }

    @Test
    void doesNothingWhileNobodyRecords() {
        assertThat(Flight.isRecording()).isFalse();
        Flight.loopLate("a@host", "b@host", 1);
    }
}
