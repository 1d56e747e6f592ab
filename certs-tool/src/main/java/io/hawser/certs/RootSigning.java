package io.hawser.certs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.jspecify.annotations.Nullable;

/**
 * What the machine with the root's key does with a request: reads it, shows it, signs it. Needs no organisation there, only
 * the key; where there is one, the request must be its own. Not thread-safe; used by one caller at a time.
 */
public final class RootSigning {
    private final RootRequest request;
    private final String where;
    private final StoreOptions options;

    private RootSigning(RootRequest request, String where, StoreOptions options) {
        this.request = request;
        this.where = where;
        this.options = options;
    }

    /**
     * Reads a request and refuses what no root should sign.
     *
     * @param file the request
     * @param where what to call it
     * @param store the organisation's directory on this machine, which need not be there
     * @return what would be signed
     * @throws CertsException if it is no request ({@code UNREADABLE}), asks for what is refused ({@code REQUEST_REFUSED}),
     *     or is another organisation's ({@code NAMESPACE_REFUSED})
     */
    public static RootSigning read(byte[] file, String where, OrgStore store) {
        var signing = new RootSigning(RootRequest.read(file, where), where, store.options());
        signing.check();
        if (Files.exists(store.layout().config())) {
            signing.checkOwn(store);
        }
        return signing;
    }

    private void check() {
        X509Certificate root = request.root();
        Instant now = options.clock().instant();
        if (!RootTask.isRoot(root, now)) {
            throw refused("root (is no root, or has ended)");
        }
        RDN[] org = CertificateAuthority.subject(root).getRDNs(BCStyle.O);
        if (org.length != 1 || !org[0].getFirst().getValue().toString().equals(request.org())) {
            throw refused("org (is not the one that the root names)");
        }
        if (request.life().compareTo(Duration.ofMinutes(1)) < 0) {
            throw refused("lifetime (is shorter than a minute)");
        }
        request.task().objection(request, now).ifPresent(objection -> {
            throw refused(objection);
        });
    }

    private CertsException refused(String objection) {
        return new CertsException(ErrorCode.REQUEST_REFUSED, where + ": the request is refused: " + objection)
                .about(where);
    }

    private void checkOwn(OrgStore store) {
        OrgConfig own = store.config();
        if (!own.org().equals(request.org()) || !own.namespace().equals(request.namespace())) {
            throw new CertsException(
                            ErrorCode.NAMESPACE_REFUSED,
                            where + ": is for " + request.org() + ", "
                                    + request.namespace().domain() + " (expected: " + own.org() + ", "
                                    + own.namespace().domain() + ", the organisation here)")
                    .hint("Name the directory of the organisation that the request is from with --dir")
                    .about(request.org());
        }
    }

    /**
     * What is asked for, for a person to compare with what that person knows.
     *
     * @return names and values, in order
     */
    public Map<String, String> fields() {
        var fields = new LinkedHashMap<String, String>();
        Instant now = options.clock().instant().truncatedTo(ChronoUnit.SECONDS);
        fields.put("organisation", request.org());
        fields.put("root", Fingerprints.of(request.root()));
        fields.putAll(request.task().fields(request, now));
        return fields;
    }

    /**
     * The fingerprint of the key or the root that is to be certified, which the machine that asks prints too.
     *
     * @return {@code SHA256:} and 64 hexadecimal digits, several joined by commas; empty for a CRL
     */
    public String fingerprint() {
        return request.task().fingerprint();
    }

    static String fingerprint(PublicKey key) {
        return "SHA256:" + Fingerprints.sha256(key.getEncoded());
    }

    /**
     * Signs, and writes the answer to a file. Does nothing when the file answers this request already.
     *
     * @param store the organisation's directory on this machine, whose root is used when no other place is given
     * @param offlineRoot the directory with the root's key, or null
     * @param to the answer
     * @param secrets opens the root's key
     * @return the answer's file, and what was written
     * @throws CertsException if the key cannot be used, is not the root's ({@code KEY_ABSENT}), or something else is in the
     *     file ({@code FILE_EXISTS})
     */
    public Change<Path> sign(OrgStore store, @Nullable Path offlineRoot, Path to, SecretSource secrets) {
        var writer = new FileWriter(options.dryRun(), store.observer());
        if (Files.exists(to)) {
            if (!answers(to)) {
                throw new CertsException(ErrorCode.FILE_EXISTS, to + ": is there, and does not answer this request")
                        .hint("Choose another --out; nothing is overwritten")
                        .about(to);
            }
            return new Change<>(to, List.of(), List.of());
        }
        Path directory = offlineRoot == null ? directory(store) : RootKeys.directory(offlineRoot, request.rootName());
        try (var remembered = new RememberedSecret(secrets)) {
            CaSigner signer = store.keys().open(rootName(store), request.root().getPublicKey(), directory, remembered);
            var root = new CertificateAuthority(request.root(), signer, options.clock(), new SecureRandom());
            byte[] signed = request.task().sign(request, root);
            writer.directories(FileWriter.parent(to));
            writer.open(to, request.answer(signed));
            return new Change<>(to, writer.written(), List.of());
        } finally {
            store.closeKeys();
        }
    }

    private Optional<AuthorityRecord> ownRoot(OrgStore store) {
        return store.authorities().stream()
                .filter(authority -> authority.certificate().equals(request.root()))
                .findFirst();
    }

    private String rootName(OrgStore store) {
        return ownRoot(store).map(AuthorityRecord::name).orElseGet(request::rootName);
    }

    private Path directory(OrgStore store) {
        return ownRoot(store)
                .map(store::directory)
                .orElseThrow(() -> new CertsException(
                                ErrorCode.KEY_ABSENT,
                                where + ": the key of its root is not in "
                                        + store.layout().root())
                        .hint("Name the directory with the root's key: --offline-root DIR")
                        .about(where));
    }

    private boolean answers(Path file) {
        try {
            Map.Entry<String, byte[]> answer = RootRequest.readAnswer(OrgStore.readFile(file), file.toString());
            if (!answer.getKey().equals(request.name())) {
                return false;
            }
            return request.task().isAnsweredBy(request, answer.getValue(), file.toString());
        } catch (CertsException | GeneralSecurityException e) {
            return false; // something else, which stays as it is
        }
    }
}
