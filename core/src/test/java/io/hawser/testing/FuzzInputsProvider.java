package io.hawser.testing;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.support.ParameterDeclarations;

/** Reads the inputs of {@link FuzzInputs}. */
final class FuzzInputsProvider implements ArgumentsProvider {
    @Override
    public Stream<? extends Arguments> provideArguments(ParameterDeclarations parameters, ExtensionContext context)
            throws IOException, URISyntaxException {
        Class<?> target = context.getRequiredTestClass();
        String folder = target.getSimpleName() + ".inputs";
        URL inputs = requireNonNull(target.getResource(folder), folder + ": no such test resource folder");
        Stream<Path> files;
        try (var listed = Files.list(Path.of(inputs.toURI()))) {
            files = listed.sorted().toList().stream();
        }
        return Stream.concat(
                Stream.of(Arguments.of(Named.of("no bytes", new byte[0]))),
                files.map(file -> Arguments.of(Named.of(String.valueOf(file.getFileName()), bytes(file)))));
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }
}
