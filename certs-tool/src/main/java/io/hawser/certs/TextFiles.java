package io.hawser.certs;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes text files that everybody may read, each in one step. */
public final class TextFiles {
    private TextFiles() {}

    /**
     * Writes files into a directory, apart from those that have their content already.
     *
     * @param directory made when it is not there
     * @param files content by name
     * @param options says whether this is a dry run
     * @return the directory, and what was written
     * @throws CertsException if writing failed ({@code IO})
     */
    public static Change<Path> write(Path directory, Map<String, String> files, StoreOptions options) {
        var writer = new FileWriter(options.dryRun(), (step, path) -> {});
        writer.directories(directory);
        new TreeMap<>(files)
                .forEach((name, text) ->
                        writer.openIfChanged(directory.resolve(name), text.getBytes(StandardCharsets.UTF_8)));
        return new Change<>(directory, writer.written(), List.of());
    }
}
