package io.hawser.benchmarks.pair;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** Results as tables that a README can hold: a row for each metric, a column for each peer. */
final class Report {
    private final Results results;

    Report(Results results) {
        this.results = results;
    }

    /** Returns the medians of all, and from where to where the launches go. */
    String values() {
        return table(results.peers(), (peer, metric) -> results.spread(peer, metric), true);
    }

    /** Returns all as multiples of a peer, each launch against that of the same round. */
    String ratios(String reference) {
        List<String> others = new ArrayList<>(results.peers());
        others.remove(reference);
        return table(
                others, (peer, metric) -> results.ratio(peer, metric, reference, comparable(reference, metric)), false);
    }

    /** Returns the values of two peers, and the second as multiples of the first. */
    String compared(String first, String second) {
        String ratio = second + "/" + first;
        return table(
                List.of(first, second, ratio),
                (column, metric) -> column.equals(ratio)
                        ? results.ratio(second, metric, first, metric)
                        : results.spread(column, metric),
                true);
    }

    /** The floor has one connection, no matter how many send. */
    private String comparable(String reference, String metric) {
        boolean isThroughput = metric.startsWith("thr.");
        return isThroughput && results.rounds(reference, metric).isEmpty()
                ? metric.substring(0, metric.lastIndexOf('.')) + ".1"
                : metric;
    }

    private String table(List<String> peers, BiFunction<String, String, Optional<Spread>> cell, boolean withUnits) {
        var text = new StringBuilder("| |");
        peers.forEach(peer -> text.append(' ').append(peer).append(" |"));
        text.append("\n|---|").append("---|".repeat(peers.size())).append('\n');
        for (String metric : results.metrics()) {
            List<Optional<Spread>> row =
                    peers.stream().map(peer -> cell.apply(peer, metric)).toList();
            if (row.stream().allMatch(Optional::isEmpty)) {
                continue;
            }
            text.append("| ").append(name(metric));
            text.append(withUnits ? ", " + results.unit(metric) + " |" : " |");
            row.forEach(spread -> text.append(' ')
                    .append(spread.map(Spread::toString).orElse("-"))
                    .append(" |"));
            text.append('\n');
        }
        return text.toString();
    }

    private static String name(String metric) {
        String[] parts = metric.split("\\.", -1);
        return parts[0].equals("thr") && parts.length == 3 ? parts[1] + " x" + parts[2] : String.join(" ", parts);
    }
}
