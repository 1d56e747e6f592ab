package io.hawser.certs;

import java.nio.file.Path;

/** Told before each step that changes a file; a test stops the work there to see what is left behind. */
@FunctionalInterface
interface WriteObserver {
    void before(String step, Path path);
}
