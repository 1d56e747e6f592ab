package io.hawser.examples.attack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The threat model names tests that there are, and all attacks. */
class ThreatModelTest {
    private static final Path REPOSITORY = Path.of("..");
    private static final Pattern NAMED = Pattern.compile("`(\\w+(?:Test|Contract))\\.(\\w+)`");
    private static final Pattern CLAIM = Pattern.compile("(?m)^    (?:public final )?void (\\w+)\\(");

    /** The test classes of all modules, by name, as source. */
    private static Map<String, String> sources() throws IOException {
        var sources = new HashMap<String, String>();
        for (String module : List.of("core", "cookie-auth", "tls-transport", "certs-tool", "simulator", "examples")) {
            try (Stream<Path> files = Files.walk(REPOSITORY.resolve(module).resolve("src/test/java"))) {
                for (Path file : files.filter(each -> each.toString().matches(".*(Test|Contract)\\.java"))
                        .toList()) {
                    String name = file.getFileName().toString().replace(".java", "");
                    sources.merge(name, Files.readString(file), String::concat);
                }
            }
        }
        return sources;
    }

    private static List<MatchResult> named() throws IOException {
        String model = Files.readString(REPOSITORY.resolve("THREAT-MODEL.md"));
        return NAMED.matcher(model).results().toList();
    }

    @Test
    void everyTestThatIsNamedIsThere() throws IOException {
        Map<String, String> sources = sources();
        assertThat(named())
                .hasSizeGreaterThan(60)
                .allSatisfy(test -> assertThat(sources.getOrDefault(test.group(1), ""))
                        .as(test.group())
                        .containsPattern("@(Parameterized)?Test[^;]*\\bvoid " + test.group(2) + "\\("));
    }

    @Test
    void everyAttackIsNamed() throws IOException {
        List<String> named = named().stream().map(MatchResult::group).toList();
        try (Stream<Path> files = Files.list(Path.of("src/test/java/io/hawser/examples/attack"))) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith("Test.java")).toList()) {
                String name = file.getFileName().toString().replace(".java", "");
                if (!name.equals("ThreatModelTest")) {
                    assertThat(CLAIM.matcher(Files.readString(file)).results().map(claim -> claim.group(1)))
                            .filteredOn(claim -> !List.of("start", "stop").contains(claim))
                            .allSatisfy(claim -> assertThat(named).contains("`" + name + "." + claim + "`"));
                }
            }
        }
    }
}
