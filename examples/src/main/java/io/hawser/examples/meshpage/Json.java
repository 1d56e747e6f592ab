package io.hawser.examples.meshpage;

import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Writes reports as JSON. Text is escaped so that it is harmless in HTML too. Not thread-safe; used by one caller at a time. */
final class Json {
    private final StringBuilder out = new StringBuilder();

    private Json() {}

    static String of(String self, List<Report> reports) {
        var json = new Json();
        json.out.append("{\"self\":");
        json.text(self);
        json.out.append(",\"nodes\":");
        json.list(reports, Json::report);
        return json.out.append('}').toString();
    }

    private <T> void list(List<T> items, BiConsumer<Json, T> writer) {
        out.append('[');
        for (int i = 0; i < items.size(); i++) {
            out.append(i == 0 ? "" : ",");
            writer.accept(this, items.get(i));
        }
        out.append(']');
    }

    private void report(Report report) {
        open("node", report.node());
        value("hidden", report.hidden());
        value("mailboxes", report.mailboxes());
        name("links");
        list(report.links(), Json::link);
        name("absent");
        list(report.absent(), Json::absent);
        out.append('}');
    }

    private void link(Report.Link link) {
        open("peer", link.peer());
        name("protocol");
        text(link.protocol());
        name("cipher");
        text(link.cipher());
        name("proof");
        text(link.proof());
        value("dialled", link.dialled());
        value("up", link.upSeconds());
        value("in", link.bytesIn());
        value("out", link.bytesOut());
        value("queued", link.queued());
        value("silence", link.silenceMillis());
        value("phi", link.phi());
        value("suspected", link.suspected());
        value("peerDays", orNull(link.peerDays()));
        value("ownDays", orNull(link.ownDays()));
        out.append('}');
    }

    private void absent(Report.Absent absent) {
        open("peer", absent.peer());
        name("stage");
        text(absent.stage());
        name("reason");
        text(absent.reason());
        out.append('}');
    }

    private static Object orNull(Optional<Long> number) {
        return number.isPresent() ? number.get() : "null";
    }

    private void open(String name, String text) {
        out.append("{\"").append(name).append("\":");
        text(text);
    }

    private void name(String name) {
        out.append(",\"").append(name).append("\":");
    }

    private void value(String name, Object value) {
        name(name);
        out.append(value);
    }

    private void text(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c <= '~' && "\"\\<>&'".indexOf(c) < 0) {
                out.append(c);
            } else {
                out.append(String.format("\\u%04x", (int) c));
            }
        }
        out.append('"');
    }
}
