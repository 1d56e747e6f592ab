package io.hawser.certs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Organisations and nodes that tests share by value. */
final class Fixtures {
    static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    static final NodeName A = NodeName.parse("a@a.orga.test");
    static final NodeName B = NodeName.parse("b@b.orga.test");

    private Fixtures() {}

    static Clock at(Instant instant) {
        return Clock.fixed(instant, ZoneOffset.UTC);
    }

    static OrgConfig orga() {
        return new OrgConfig("orga", new Namespace("orga.test", "orga.test"), OrgPolicy.defaults());
    }

    static OrgConfig orgb() {
        return new OrgConfig("orgb", new Namespace("orgb.test", "orgb.test"), OrgPolicy.defaults());
    }

    static OrgStore newStore(Path directory, OrgConfig config, Instant now) {
        OrgStore store = store(directory, now);
        store.init(plain(config), SecretSource.none());
        return store;
    }

    static OrgRequest plain(OrgConfig config) {
        return new OrgRequest(config, false, null);
    }

    /** A store with plain keys, which are quick. */
    static OrgStore store(Path directory, Instant now) {
        return OrgStore.at(directory, StoreOptions.of(at(now)));
    }

    static OrgStore newStore(Path directory) {
        OrgStore store = store(directory, NOW);
        store.init(plain(orga()), SecretSource.none());
        return store;
    }

    static SecretSource secret(String passphrase) {
        return use -> Optional.of(passphrase.toCharArray());
    }

    /** A copy of a directory with modes and links, which is quicker than another like it. */
    static Path copy(Path from, Path to) {
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : paths.toList()) {
                Files.copy(
                        path,
                        to.resolve(from.relativize(path)),
                        StandardCopyOption.COPY_ATTRIBUTES,
                        LinkOption.NOFOLLOW_LINKS);
            }
            return to;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every file with a digest of its content and its mode. */
    static Map<String, String> snapshot(Path directory) {
        var snapshot = new TreeMap<String, String>();
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.toList()) {
                String what = Files.isSymbolicLink(path)
                        ? "-> " + Files.readSymbolicLink(path)
                        : Files.isDirectory(path) ? "directory" : Fingerprints.sha256(Files.readAllBytes(path));
                Object mode = Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS);
                snapshot.put(directory.relativize(path).toString(), what + " " + mode);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return snapshot;
    }
}
