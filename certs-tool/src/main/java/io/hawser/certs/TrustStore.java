package io.hawser.certs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The trust between an organisation and its partners: bundles out, bundles in, a fence around each partner.
 *
 * <p>A partner's root never becomes a root of ours. Our root signs it as a cross-certificate with critical name
 * constraints, so that a partner's CA can name the partner's nodes and nobody else's. Not thread-safe; used by one caller
 * at a time.
 */
public final class TrustStore {
    private final OrgStore store;
    private final PartnerFiles files;

    /**
     * The trust of one organisation.
     *
     * @param store where it is
     */
    public TrustStore(OrgStore store) {
        this.store = store;
        this.files = new PartnerFiles(store.layout());
    }

    /**
     * The bundle for partners. The last one when nothing changed since; otherwise a new one with the next number.
     *
     * @param secrets opens the issuing CA's key; asked only when something must be signed and the key is encrypted
     * @return the bundle's bytes, and what was written
     * @throws CertsException if the key cannot be used, or the lock is held
     */
    public Change<byte[]> exportBundle(SecretSource secrets) {
        OrgConfig config = store.config();
        return store.changing("trust export", writer -> exportBundle(config, writer, secrets));
    }

    /** The same, as part of what holds the lock already. */
    Change<byte[]> exportBundle(OrgConfig config, FileWriter writer, SecretSource secrets) {
        Path file = store.layout().ownBundle();
        Optional<TrustBundle> last = Files.exists(file)
                ? Optional.of(TrustBundle.read(OrgStore.readFile(file), file.toString()))
                : Optional.empty();
        Roster roster = Roster.of(config, store.nodes(), store.revocations());
        if (last.isPresent() && last.get().says(TrustBundle.content(config, store, roster))) {
            return new Change<>(last.get().sealed().file(), writer.written(), List.of());
        }
        var signer = new NodeSigner(store, config, writer, new SecureRandom());
        CertificateAuthority authority = signer.open(secrets);
        Map<String, Object> content = TrustBundle.content(config, store, roster);
        long sequence = last.map(TrustBundle::sequence).orElse(0L) + 1;
        TrustBundle bundle = TrustBundle.seal(content, sequence, signer.now(), authority);
        writer.directories(FileWriter.parent(file));
        writer.open(file, bundle.sealed().file());
        return new Change<>(bundle.sealed().file(), writer.written(), signer.notices());
    }

    /**
     * Writes the bundle for partners to a file, unless it is there.
     *
     * @param to the file; another bundle of this organisation in it is replaced
     * @param secrets opens the issuing CA's key; asked only when something must be signed and the key is encrypted
     * @return the bundle's bytes, and what was written
     * @throws CertsException if the file holds something else ({@code FILE_EXISTS}), the key cannot be used, or the lock
     *     is held
     */
    public Change<byte[]> exportBundle(Path to, SecretSource secrets) {
        if (Files.exists(to)) {
            requireOwnBundle(to);
        }
        Change<byte[]> change = exportBundle(secrets);
        var writer = new FileWriter(store.options().dryRun(), store.observer());
        writer.openIfChanged(to, change.value());
        var written = new ArrayList<>(change.files());
        written.addAll(writer.written());
        return new Change<>(change.value(), written, change.notices());
    }

    private void requireOwnBundle(Path file) {
        try {
            if (TrustBundle.read(OrgStore.readFile(file), file.toString())
                    .org()
                    .equals(store.config().org())) {
                return;
            }
        } catch (CertsException e) {
            if (e.code() != ErrorCode.BUNDLE_INVALID) {
                throw e;
            }
        }
        throw new CertsException(ErrorCode.FILE_EXISTS, file + ": is there, and is no bundle of this organisation")
                .hint("Choose another --to; nothing else is overwritten")
                .about(file);
    }

    /**
     * The fingerprints that a partner must confirm.
     *
     * @return of each of our roots
     */
    public List<String> ownFingerprints() {
        return store.roots().stream().map(Fingerprints::of).toList();
    }

    /**
     * The fingerprints of the roots in a bundle, for people to compare; says nothing about whether to trust them.
     *
     * @param where what to call the bundle
     * @param bundle the bundle's bytes
     * @return of each root
     * @throws CertsException if it is no bundle ({@code BUNDLE_INVALID})
     */
    public static List<String> fingerprints(String where, byte[] bundle) {
        return TrustBundle.read(bundle, where).roots().stream()
                .map(Fingerprints::of)
                .toList();
    }

    /**
     * Makes an organisation a partner, or brings a partner up to date.
     *
     * @param request the bundle, and what was confirmed
     * @param secrets opens our root's key; asked only when a cross-certificate must be signed and the key is encrypted
     * @return the partner, and what was written
     * @throws CertsException if nobody confirmed the root ({@code TRUST_UNCONFIRMED}), it is another ({@code
     *     FINGERPRINT_MISMATCH}), the bundle is not what the partner signed ({@code BUNDLE_INVALID}) or older than the one
     *     there is ({@code BUNDLE_ROLLBACK}), the partner's names are not its own ({@code NAMESPACE_REFUSED}), it is a
     *     partner with other parameters ({@code PARTNER_EXISTS}), the root's key cannot be used, or the lock is held
     */
    public Change<Partner> importBundle(ImportRequest request, SecretSource secrets) {
        OrgConfig config = store.config();
        return store.changing(
                "trust import",
                writer -> new PartnerImport(store, config, files, writer).importBundle(request, secrets));
    }

    /**
     * Brings a partner up to date with a newer bundle, which its signature ties to the root that was confirmed. A new root
     * of the partner is fenced like the first.
     *
     * @param where what to call the bundle
     * @param bundle the bundle's bytes
     * @param offlineRoot where our root's key is, when it is not in the store, or null
     * @param secrets opens our root's key; asked only when a cross-certificate must be signed and the key is encrypted
     * @return the partner, and what was written
     * @throws CertsException as {@link #importBundle}, or if it is from no partner ({@code PARTNER_UNKNOWN})
     */
    public Change<Partner> refresh(String where, byte[] bundle, @Nullable Path offlineRoot, SecretSource secrets) {
        OrgConfig config = store.config();
        return store.changing(
                "trust refresh",
                writer -> new PartnerImport(store, config, files, writer).refresh(where, bundle, offlineRoot, secrets));
    }

    /**
     * The partners there are.
     *
     * @return in order of name
     */
    public List<Partner> partners() {
        store.config();
        return files.all();
    }

    /**
     * Says what a bundle would change. Verifies nothing but its form, unless it is from a partner.
     *
     * @param where what to call the bundle
     * @param file the bundle's bytes
     * @return the differences
     * @throws CertsException if it is no bundle, or not from the partner it names
     */
    public TrustDiff diff(String where, byte[] file) {
        store.config();
        TrustBundle bundle = TrustBundle.read(file, where);
        Optional<Partner> partner = files.find(bundle.org());
        if (partner.isPresent()) {
            Instant now = store.options().clock().instant();
            new BundleVerifier(bundle, where, now)
                    .verify(
                            new TreeSet<>(partner.get().pinned()),
                            files.bundle(bundle.org()).roots());
        }
        return BundleComparison.compare(partner.map(known -> files.bundle(known.org())), bundle);
    }

    /**
     * Ends a partnership: revokes the cross-certificates on our root's CRL, where the root's key is at hand, and removes
     * what is known of the partner. Does nothing when that was done before.
     *
     * @param org the partner's name
     * @param offlineRoot where our root's key is, when it is not in the store, or null
     * @param secrets opens our root's key, when it is encrypted
     * @return what was written
     * @throws CertsException if there never was such a partner ({@code PARTNER_UNKNOWN}), the root's key cannot be used, or
     *     the lock is held
     */
    public Change<List<X509Certificate>> remove(String org, @Nullable Path offlineRoot, SecretSource secrets) {
        OrgConfig config = store.config();
        return store.changing(
                "trust remove",
                writer -> new PartnerRemoval(store, config, files, writer).run(org, offlineRoot, secrets));
    }
}
