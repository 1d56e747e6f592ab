package io.hawser.benchmarks.pair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckoutTest {
    @TempDir
    Path directory;

    private Path commit(String content) throws Exception {
        Path repository = Files.createDirectories(directory.resolve("repository"));
        Path driver = repository.resolve("benchmarks").resolve("bin").resolve("bench-node");
        Files.createDirectories(driver.getParent());
        Files.writeString(driver, content);
        git("init", "-q");
        git("add", ".");
        git("-c", "user.name=a", "-c", "user.email=a@a.test", "commit", "-q", "-m", "Say " + content);
        return repository;
    }

    private void git(String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(words));
        Tool.output(directory.resolve("repository"), "git", command);
    }

    @Test
    void checksACommitOutAndLeavesNothing() throws Exception {
        commit("one");
        Path repository = commit("two");
        Path driver;
        try (Checkout first = Checkout.of(repository, "HEAD~1", directory);
                Checkout second = Checkout.of(repository, "HEAD", directory)) {
            driver = first.driver();
            assertThat(first.name()).endsWith(" Say one");
            assertThat(driver).hasContent("one");
            assertThat(second.driver()).hasContent("two");
            assertThat(first.driverDiffers(second)).isTrue();
            assertThat(first.driverDiffers(first)).isFalse();
        }
        assertThat(driver).doesNotExist();
        try (var left = Files.list(directory)) {
            assertThat(left).containsExactly(repository);
        }
    }

    @Test
    void takesADirectoryAsItIs() throws Exception {
        Path repository = commit("here");

        try (Checkout checkout = Checkout.of(repository, repository.toString(), directory)) {
            assertThat(checkout.name()).isEqualTo(repository.toString());
        }
        assertThat(repository.resolve("benchmarks")).exists();
    }

    @Test
    void saysWhatGitDoesNotKnow() throws Exception {
        Path repository = commit("one");

        assertThatIOException()
                .isThrownBy(() -> Checkout.of(repository, "no-such-commit", directory))
                .withMessageContaining("no-such-commit");
    }

    @Test
    void saysWhatToInstall() {
        assertThatIOException()
                .isThrownBy(() -> Tool.output(Path.of("."), "Debian: apt-get install it", List.of("no-such-program")))
                .withMessage("no-such-program: cannot be run (Debian: apt-get install it)")
                .withCauseInstanceOf(IOException.class);
    }
}
