package io.hawser;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Which packages may know which: arrows point one way. */
class ArchitectureTest {
    private static final Map<String, List<String>> MAY_KNOW = Map.ofEntries(
            Map.entry("term", List.of()),
            Map.entry("etf", List.of("term")),
            Map.entry("mapping", List.of("term")),
            Map.entry("flight", List.of()),
            Map.entry("transport", List.of("term")),
            Map.entry("handshake", List.of("term", "transport")),
            Map.entry("epmd", List.of("term", "transport")),
            Map.entry("dist", List.of("term", "etf", "handshake")),
            Map.entry("peer", List.of("term", "etf", "transport", "handshake", "epmd", "dist")),
            Map.entry("node", List.of("term", "etf", "flight", "transport", "handshake", "epmd", "dist", "peer")),
            Map.entry("cluster", List.of("term", "transport", "node")),
            Map.entry("metrics", List.of("term", "transport", "node")));

    private static JavaClasses classes;

    @BeforeAll
    static void readClasses() {
        classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.hawser");
    }

    @Test
    void everyPackageHasItsArrows() {
        var packages = classes.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> !name.equals("io.hawser"))
                .map(name -> name.substring("io.hawser.".length()))
                .collect(Collectors.toSet());
        assertThat(packages).isEqualTo(MAY_KNOW.keySet());
    }

    @Test
    void packagesKnowOnlyWhatTheyMay() {
        var layers = layeredArchitecture().consideringOnlyDependenciesInLayers();
        for (String name : MAY_KNOW.keySet()) {
            layers = layers.layer(name).definedBy("io.hawser." + name);
        }
        for (var arrows : MAY_KNOW.entrySet()) {
            var layer = layers.whereLayer(arrows.getKey());
            String[] known = arrows.getValue().toArray(new String[0]);
            layers = known.length == 0 ? layer.mayNotAccessAnyLayer() : layer.mayOnlyAccessLayers(known);
        }
        layers.check(classes);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.hawser.(*)..").should().beFreeOfCycles().check(classes);
    }

    @Test
    void termsKnowTheJdkAlone() {
        ArchRuleDefinition.classes()
                .that()
                .resideInAPackage("io.hawser.term")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.hawser.term",
                        "java.lang..",
                        "java.io",
                        "java.math",
                        "java.nio..",
                        "java.util..",
                        "org.jspecify.annotations")
                .check(classes);
    }

    /** What may be missing at run time is known in one place each. */
    @Test
    void whatIsOptionalIsKnownInOnePlace() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.hawser.flight")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jdk.jfr..")
                .check(classes);
        noClasses()
                .that()
                .resideOutsideOfPackage("io.hawser.metrics")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.micrometer..")
                .check(classes);
    }

    @Test
    void nothingKnowsNetty() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.netty..")
                .check(classes);
    }
}
