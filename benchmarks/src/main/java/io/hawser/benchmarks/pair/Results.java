package io.hawser.benchmarks.pair;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What the launches of several rounds measured. Not thread-safe; used by one caller at a time. */
final class Results {
    /** A launch repeats what it measures; its median counts. */
    private record Cell(String peer, String metric, int round) {}

    private final Map<Cell, List<Double>> values = new LinkedHashMap<>();
    private final Map<String, String> units = new LinkedHashMap<>();
    private final Set<String> peers = new LinkedHashSet<>();

    void add(int round, Collection<Sample> samples) {
        for (Sample sample : samples) {
            peers.add(sample.peer());
            units.putIfAbsent(sample.metric(), sample.unit());
            values.computeIfAbsent(new Cell(sample.peer(), sample.metric(), round), cell -> new ArrayList<>())
                    .add(sample.value());
        }
    }

    /** Returns the peers that have values, in the order they came. */
    List<String> peers() {
        return List.copyOf(peers);
    }

    /** Returns the metrics in the order they came. */
    List<String> metrics() {
        return List.copyOf(units.keySet());
    }

    String unit(String metric) {
        return units.getOrDefault(metric, "");
    }

    /** Returns one value for each launch, by its round. */
    Map<Integer, Double> rounds(String peer, String metric) {
        var rounds = new TreeMap<Integer, Double>();
        values.forEach((cell, repeated) -> {
            if (cell.peer().equals(peer) && cell.metric().equals(metric)) {
                rounds.put(cell.round(), Spread.of(repeated).median());
            }
        });
        return rounds;
    }

    Optional<Spread> spread(String peer, String metric) {
        Collection<Double> launches = rounds(peer, metric).values();
        return launches.isEmpty() ? Optional.empty() : Optional.of(Spread.of(List.copyOf(launches)));
    }

    /** Compares each launch with that of another peer in the same round. */
    Optional<Spread> ratio(String peer, String metric, String reference, String referenceMetric) {
        Map<Integer, Double> references = rounds(reference, referenceMetric);
        var ratios = new ArrayList<Double>();
        rounds(peer, metric).forEach((round, value) -> {
            Double other = references.get(round);
            if (other != null && other > 0) {
                ratios.add(value / other);
            }
        });
        return ratios.isEmpty() ? Optional.empty() : Optional.of(Spread.of(ratios));
    }
}
