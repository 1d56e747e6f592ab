package io.hawser.certs;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The roots' keys in one operation: in the store, in tokens, behind commands, or in the directories where offline roots keep
 * them. While a root is rotated there may be two of those. Opens nothing before something must be signed. Not thread-safe;
 * used by one operation.
 */
final class RootKeys {
    private final OrgStore store;
    private final @Nullable Path offline;
    private final SecretSource secrets;
    private final Map<String, CaSigner> opened = new HashMap<>();
    private boolean tried;

    /**
     * @param offline the directory with the key of an offline root, or with a directory of that root's name for each; null
     *     when none is at hand
     * @param secrets remembered, since several keys are opened with one passphrase
     */
    RootKeys(OrgStore store, @Nullable Path offline, SecretSource secrets) {
        this.store = store;
        this.offline = offline;
        this.secrets = secrets;
    }

    /** Where the key of one root is, in a directory that was named for roots. */
    static Path directory(Path offline, String root) {
        Path own = offline.resolve(root);
        return holdsKey(own) ? own : offline;
    }

    private static boolean holdsKey(Path directory) {
        return Files.exists(directory.resolve(CaKeys.KEY), LinkOption.NOFOLLOW_LINKS)
                || Files.exists(directory.resolve(SignerSpec.FILE), LinkOption.NOFOLLOW_LINKS);
    }

    /** What signs for a root; empty when its key is kept elsewhere, so that it must be asked by a request. */
    Optional<CaSigner> find(AuthorityRecord root) {
        if (!root.key().equals("offline")) {
            return Optional.of(store.signer(root, null, secrets));
        }
        if (!tried) {
            tryAll();
            tried = true;
        }
        return Optional.ofNullable(opened.get(root.name()));
    }

    /** What signs for a root whose key must be at hand. */
    CaSigner open(AuthorityRecord root) {
        return find(root).orElseGet(() -> store.signer(root, offline, secrets));
    }

    /** One directory that was named may be for one root of two; it must be for one of them. */
    private void tryAll() {
        List<AuthorityRecord> away = store.authorities().stream()
                .filter(authority -> authority.isRoot() && authority.key().equals("offline"))
                .toList();
        var used = new HashSet<Path>();
        CertsException failure = null;
        for (AuthorityRecord root : away) {
            for (Path directory : directories(root)) {
                if (opened.containsKey(root.name()) || used.contains(directory)) {
                    continue; // a directory holds one key
                }
                try {
                    opened.put(root.name(), store.signer(root, directory, secrets));
                    used.add(directory);
                } catch (CertsException e) {
                    failure = failure == null ? e : failure;
                }
            }
        }
        boolean given = offline != null && used.stream().noneMatch(directory -> directory.startsWith(offline));
        if (failure != null && (opened.isEmpty() || given)) {
            throw failure;
        }
    }

    private List<Path> directories(AuthorityRecord root) {
        var directories = new ArrayList<Path>();
        if (offline != null && (holdsKey(offline) || holdsKey(offline.resolve(root.name())))) {
            directories.add(directory(offline, root.name()));
        }
        store.rotation()
                .filter(rotation -> rotation.coming().contains(root.name())
                        && !rotation.offlineRoot().isEmpty())
                .map(rotation -> Path.of(rotation.offlineRoot()))
                .filter(RootKeys::holdsKey)
                .ifPresent(directories::add);
        if (directories.isEmpty() && offline != null) {
            directories.add(offline); // opening it says what is missing there
        }
        return directories;
    }
}
