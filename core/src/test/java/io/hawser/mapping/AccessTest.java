package io.hawser.mapping;

import static io.hawser.term.TermParser.parse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.invoke.MethodHandles;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which records the module system lets a mapper use, and what it says of others. */
class AccessTest {
    @TempDir
    private static Path directory;

    @SuppressWarnings("NullAway.Init") // made before the first test
    private static ClassLoader loader;

    private record Hidden(int value) {}

    @BeforeAll
    static void compileAModule() throws Exception {
        write("module-info.java", "module acme { exports acme.api; opens acme.opened; }");
        write("acme/api/Shown.java", "package acme.api; public record Shown(int value) {}");
        write("acme/opened/Opened.java", "package acme.opened; record Opened(int value) {}");
        write("acme/closed/Closed.java", "package acme.closed; public record Closed(int value) {}");
        write(
                "acme/api/Access.java",
                "package acme.api; import java.lang.invoke.MethodHandles; public class Access {"
                        + " public static MethodHandles.Lookup lookup() { return MethodHandles.lookup(); } }");
        Path classes = directory.resolve("classes");
        int status = ToolProvider.findFirst("javac")
                .orElseThrow()
                .run(
                        System.out,
                        System.err,
                        "-d",
                        classes.toString(),
                        "--module-source-path",
                        "acme=" + directory,
                        "--module",
                        "acme");
        assertThat(status).isZero();
        var parent = ModuleLayer.boot();
        Configuration configuration = parent.configuration()
                .resolve(ModuleFinder.of(classes.resolve("acme")), ModuleFinder.of(), Set.of("acme"));
        loader = parent.defineModulesWithOneLoader(configuration, AccessTest.class.getClassLoader())
                .findLoader("acme");
    }

    private static void write(String name, String source) throws Exception {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, source);
    }

    private static void assertMaps(TermMapper mapper, String className, String term) throws ClassNotFoundException {
        Object value = mapper.fromTerm(parse(term), loader.loadClass(className));
        assertThat(value.getClass().getName()).isEqualTo(className);
        assertThat(mapper.toTerm(value)).isEqualTo(parse(term));
    }

    @Test
    void aPrivateRecordOnTheClassPathIsUsed() {
        var mapper = TermMapper.of();
        assertThat(mapper.fromTerm(mapper.toTerm(new Hidden(1)), Hidden.class)).isEqualTo(new Hidden(1));
    }

    @Test
    void aPublicRecordInAnExportedPackageIsUsed() throws Exception {
        assertMaps(TermMapper.of(), "acme.api.Shown", "{shown,1}");
    }

    @Test
    void aRecordInAnOpenedPackageIsUsed() throws Exception {
        assertMaps(TermMapper.of(), "acme.opened.Opened", "{opened,1}");
    }

    @Test
    void aRecordThatIsClosedIsRefusedWithWhatToDo() throws Exception {
        Class<?> closed = loader.loadClass("acme.closed.Closed");
        assertThatThrownBy(() -> TermMapper.of(closed))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Closed: acme.closed.Closed is not accessible (expected: \"opens acme.closed;\" in the"
                        + " module-info of acme, or TermMapper.builder().lookup(MethodHandles.lookup()) called in a class"
                        + " that sees it)");
    }

    @Test
    void aRecordThatIsClosedIsUsedWithALookup() throws Exception {
        var lookup = (MethodHandles.Lookup)
                loader.loadClass("acme.api.Access").getMethod("lookup").invoke(null);
        assertMaps(TermMapper.builder().lookup(lookup).build(), "acme.closed.Closed", "{closed,1}");
    }

    @Test
    void aLookupThatSeesNothingDoesNoHarm() throws Exception {
        var mapper = TermMapper.builder().lookup(MethodHandles.publicLookup()).build();
        assertMaps(mapper, "acme.opened.Opened", "{opened,1}");
        assertThat(mapper.fromTerm(parse("{hidden,2}"), Hidden.class)).isEqualTo(new Hidden(2));
        assertThat(List.of(mapper.toTerm(new Hidden(3)))).containsExactly(parse("{hidden,3}"));
    }
}
