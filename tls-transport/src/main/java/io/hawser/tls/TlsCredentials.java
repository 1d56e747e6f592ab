package io.hawser.tls;

import static java.util.Objects.requireNonNull;

import io.hawser.term.NodeName;
import io.hawser.tls.IdentityFiles.Revocation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The identity of a node while it runs: what it shows and whom it trusts, and how both change.
 *
 * <p>{@link #watch} looks at its files twice a second, as long as a transport uses them, and takes a change once the files
 * have stayed the same for half a second, can be read and fit each other; until then the old state holds, and a log line
 * says why. {@link #reload} does so at once. A new certificate of our own must then lead to a root that we trust, if the one
 * before did. However the change came, new connections are judged by the new state, and so
 * are all that stand: those that no longer pass are closed with a reason, the others do not notice. A new certificate of
 * our own is shown to new connections; one that stands goes on until the old one, or the root above it, ends, and then
 * between Hawser nodes with the new one: both show theirs, and nothing that was sent is lost.
 *
 * <p>Thread-safe: one lock, held while files are read.
 */
public final class TlsCredentials {
    private static final Logger LOG = LoggerFactory.getLogger(TlsCredentials.class);
    /** For how long files must not change before they are read again. */
    private static final long SETTLED_NANOS = Duration.ofMillis(400).toNanos();

    private final @Nullable Function<FilesRead, TlsIdentity> source;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Adopter> adopters = new ArrayList<>();
    private FilesRead loaded = new FilesRead();
    private @Nullable FilesRead refused;
    private String seen = "";
    private long seenNanos;
    private volatile State state;

    private record State(TlsIdentity identity, long generation) {}

    /** Takes a new identity in two steps, so that all who use it take it or none. */
    interface Adopter {
        /** Makes ready what can fail. */
        Adoption prepare(TlsIdentity identity);
    }

    /** A change that was made ready; exactly one of the two is called. */
    interface Adoption {
        void commit();

        void discard();
    }

    private TlsCredentials(TlsIdentity identity) {
        this.source = null;
        this.state = new State(identity, 1);
    }

    private TlsCredentials(Function<FilesRead, TlsIdentity> source) {
        this.source = source;
        this.state = new State(source.apply(loaded), 1);
    }

    /**
     * Holds an identity that changes by {@link #replace} only.
     *
     * @param identity the first
     * @return the credentials
     */
    public static TlsCredentials of(TlsIdentity identity) {
        return new TlsCredentials(requireNonNull(identity, "identity"));
    }

    /**
     * Reads a directory as {@link TlsIdentity#load(Path)} does, and follows its changes.
     *
     * @param directory where the files are
     * @return the credentials
     * @throws TlsConfigurationException if a file is missing, unfit, or does not match the others
     */
    public static TlsCredentials watch(Path directory) {
        return new TlsCredentials(files -> IdentityFiles.ofDirectory(directory, null, Revocation.REQUIRED, files));
    }

    /**
     * Reads a directory as {@link TlsIdentity#load(Path, char[])} does, and follows its changes.
     *
     * @param directory where the files are
     * @param password opens the key store and the trust store; copied, and kept to read them again
     * @return the credentials
     * @throws TlsConfigurationException if a file is missing, unfit, or does not match the others
     */
    public static TlsCredentials watch(Path directory, char[] password) {
        char[] kept = password.clone();
        return new TlsCredentials(files -> IdentityFiles.ofDirectory(directory, kept, Revocation.REQUIRED, files));
    }

    /**
     * Reads a directory as {@link TlsIdentity#insecureLoadWithoutRevocation} does, and follows its changes.
     *
     * @param directory where the files are
     * @return the credentials
     * @throws TlsConfigurationException if another file is missing, or one is unfit, or does not match the others
     */
    public static TlsCredentials insecureWatchWithoutRevocation(Path directory) {
        return new TlsCredentials(
                files -> IdentityFiles.ofDirectory(directory, null, Revocation.INSECURELY_OPTIONAL, files));
    }

    /**
     * Reads PEM files as {@link TlsIdentity#ofPem(Path, Path, Path, Path)} does, and follows their changes.
     *
     * @param certificates the own certificate, then intermediates
     * @param key the private key
     * @param trust the roots that are trusted
     * @param crls revocation lists of every CA that peers' certificates may come from
     * @return the credentials
     * @throws TlsConfigurationException if a file is missing, unfit, or does not match the others
     */
    public static TlsCredentials watchPem(Path certificates, Path key, Path trust, Path crls) {
        return new TlsCredentials(files -> IdentityFiles.ofPem(certificates, key, trust, crls, files));
    }

    /**
     * Returns the identity that new connections are made with.
     *
     * @return the newest one that was taken
     */
    public TlsIdentity identity() {
        return state.identity();
    }

    /**
     * Returns how often the identity was taken anew.
     *
     * @return 1 at first, one more with each change
     */
    public long generation() {
        return state.generation();
    }

    /**
     * Reads the files again, now.
     *
     * @return what changed; nothing for credentials that do not come from files
     * @throws TlsConfigurationException if they cannot be taken, and the old state holds
     */
    public Set<CredentialPart> reload() {
        lock.lock();
        try {
            return source == null ? Set.of() : load(source);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes another identity. For files that are watched it holds until they change.
     *
     * @param identity what to show and whom to trust from now on, under the same node name
     * @return what changed
     * @throws TlsConfigurationException if it cannot be taken, and the old one holds
     */
    public Set<CredentialPart> replace(TlsIdentity identity) {
        lock.lock();
        try {
            return adopt(requireNonNull(identity, "identity"));
        } finally {
            lock.unlock();
        }
    }

    /** Looks whether the files changed, and takes them if they did. Called now and then; reads files. */
    void look(long nowNanos) {
        if (source == null || !lock.tryLock()) {
            return;
        }
        try {
            if (loaded.areUnchanged()) {
                refused = null;
                seen = "";
            } else if (refused == null || !refused.areUnchanged()) {
                lookAtChange(source, nowNanos);
            }
        } finally {
            lock.unlock();
        }
    }

    private void lookAtChange(Function<FilesRead, TlsIdentity> from, long nowNanos) {
        String stamp = loaded.stamp() + (refused == null ? "" : refused.stamp());
        if (!stamp.equals(seen)) {
            seen = stamp;
            seenNanos = nowNanos;
        } else if (nowNanos - seenNanos >= SETTLED_NANOS) {
            try {
                load(from);
            } catch (TlsConfigurationException e) {
                LOG.atWarn()
                        .addKeyValue("generation", state.generation())
                        .addKeyValue("reason", e.getMessage())
                        .log("Changed credentials are not taken, the old ones hold");
            }
        }
    }

    private Set<CredentialPart> load(Function<FilesRead, TlsIdentity> from) {
        var files = new FilesRead();
        try {
            TlsIdentity found = from.apply(files);
            if (!files.areUnchanged()) {
                throw new TlsConfigurationException("files changed while they were read (expected: that they stay)");
            }
            OwnCertificate.checkStillLeads(state.identity(), found);
            Set<CredentialPart> changed = adopt(found);
            loaded = files;
            refused = null;
            seen = "";
            return changed;
        } catch (TlsConfigurationException e) {
            refused = files;
            throw e;
        }
    }

    private Set<CredentialPart> adopt(TlsIdentity identity) {
        State before = state;
        Set<CredentialPart> changed = CredentialPart.between(before.identity(), identity);
        if (changed.isEmpty()) {
            return changed;
        }
        Optional<NodeName> name = before.identity().node();
        if (name.isPresent() && !name.equals(identity.node())) {
            throw new TlsConfigurationException("our new certificate is for "
                    + CertificateNames.of(identity.certificate()).describe() + " (expected: " + name.get()
                    + ", the node that runs)");
        }
        var ready = new ArrayList<Adoption>();
        try {
            adopters.forEach(adopter -> ready.add(adopter.prepare(identity)));
        } catch (TlsConfigurationException e) {
            ready.forEach(Adoption::discard);
            throw e;
        }
        state = new State(identity, before.generation() + 1);
        ready.forEach(Adoption::commit);
        LOG.atInfo()
                .addKeyValue("generation", before.generation() + 1)
                .addKeyValue("changed", changed)
                .log("Credentials changed");
        return changed;
    }

    /** Adds one who uses the identity, and gives it the present one. */
    void use(Adopter adopter) {
        lock.lock();
        try {
            adopter.prepare(state.identity()).commit();
            adopters.add(adopter);
        } finally {
            lock.unlock();
        }
    }

    void leave(Adopter adopter) {
        lock.lock();
        try {
            adopters.remove(adopter);
        } finally {
            lock.unlock();
        }
    }

    /** The identity and its generation; never the key. */
    @Override
    public String toString() {
        State now = state;
        return "TlsCredentials[" + now.identity() + ", generation " + now.generation() + "]";
    }
}
