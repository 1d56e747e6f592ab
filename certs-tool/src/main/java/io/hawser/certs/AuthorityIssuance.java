package io.hawser.certs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.jspecify.annotations.Nullable;

/**
 * One run of making a further issuing CA. Its key and the request for the root are written first, in one step; then the
 * root signs, here or on another machine; then the CA appears, in one step. Whatever was stopped is gone on with.
 */
final class AuthorityIssuance {
    /** An empty file beside a request whose answer begins a rotation. */
    private static final String ROTATES = "rotates";

    private final OrgStore store;
    private final OrgConfig config;
    private final FileWriter writer;
    private final Instant now;
    private final List<Notice> notices = new ArrayList<>();

    AuthorityIssuance(OrgStore store, OrgConfig config, FileWriter writer) {
        this.store = store;
        this.config = config;
        this.writer = writer;
        this.now = store.options().clock().instant();
    }

    Change<IssuedAuthority> run(AuthorityRequest request, SecretSource secrets) {
        String name = request.name();
        Optional<AuthorityRecord> there = named(name);
        if (there.isPresent()) {
            requireSame(request, there.get());
            writer.discard(directory(name));
            return done(there.get());
        }
        String next = next();
        if (!name.equals(next)) {
            throw new CertsException(
                            ErrorCode.CA_UNKNOWN,
                            Names.printable(name) + ": is no name for a new issuing CA (expected: " + next + ")")
                    .hint("'certs-tool ca list' prints the CAs there are")
                    .about(Names.printable(name));
        }
        AuthorityRecord root = store.authority("root");
        try (var remembered = new RememberedSecret(secrets)) {
            Optional<CaSigner> rootSigner = new RootKeys(store, request.offlineRoot(), remembered).find(root);
            PendingAuthority pending = pending(name, request.life(), false).orElse(null);
            CaSigner signer = null;
            if (pending == null) {
                NewKey key = newKey(name, new KeyPlace(request.signer(), request.encryptKey()), root, remembered);
                signer = key.signer();
                pending = write(request(name, request.life(), root, signer), key, false);
            }
            if (rootSigner.isEmpty()) {
                return new Change<>(
                        new IssuedAuthority(name, Optional.empty(), Optional.of(file(name))),
                        writer.written(),
                        notices);
            }
            var authority = new CertificateAuthority(
                    root.certificate(), rootSigner.get(), store.options().clock(), new SecureRandom());
            X509Certificate issued = authority.issuing(
                    config,
                    pending.request().number(),
                    pending.publicKey(),
                    pending.request().life());
            return install(pending, issued, signer, remembered);
        }
    }

    /**
     * Makes the key of the issuing CA with which a rotation begins once it is installed, and asks the root, whose key is
     * elsewhere.
     */
    Path askForRotation(String name, KeyPlace place, SecretSource secrets) {
        if (pending(name, null, true).isEmpty()) {
            AuthorityRecord root = store.authority("root");
            NewKey key = newKey(name, place, root, secrets);
            var unused = write(request(name, null, root, key.signer()), key, true);
        }
        return file(name);
    }

    /** Takes what the root's machine sent back. */
    Change<IssuedAuthority> install(String name, byte[] signed, String where, SecretSource secrets) {
        X509Certificate issued = Pem.readCertificates(signed, where).get(0);
        if (store.rotation()
                .filter(rotation -> rotation.coming().contains(name))
                .isPresent()) {
            notices.addAll(RotationWork.settleAgain(store, config, writer, secrets));
        }
        Optional<AuthorityRecord> there = named(name);
        if (there.isPresent()) {
            if (!there.get().certificate().equals(issued)) {
                throw new CertsException(ErrorCode.CA_EXISTS, name + ": is there with another certificate").about(name);
            }
            writer.discard(directory(name));
            return done(there.get());
        }
        PendingAuthority pending = read(name)
                .orElseThrow(() -> new CertsException(
                                ErrorCode.CA_UNKNOWN,
                                where + ": answers a request for " + Names.printable(name) + ", which is not here")
                        .hint("Install it where the request was written; the key of the new CA is there")
                        .about(Names.printable(name)));
        return install(pending, issued, null, secrets);
    }

    private Change<IssuedAuthority> done(AuthorityRecord authority) {
        return new Change<>(
                new IssuedAuthority(authority.name(), Optional.of(authority), Optional.empty()),
                writer.written(),
                notices);
    }

    private Optional<AuthorityRecord> named(String name) {
        return store.authorities().stream()
                .filter(authority -> !authority.isRoot() && authority.name().equals(name))
                .findFirst();
    }

    /** The name after the latest issuing CA's. */
    String next() {
        int last = store.layout().authorities("issuing").stream()
                .map(path ->
                        StoreLayout.numberOf(String.valueOf(path.getFileName())).orElse(0))
                .reduce(0, Math::max);
        return "issuing-" + (last + 1);
    }

    private void requireSame(AuthorityRequest request, AuthorityRecord there) {
        X509Certificate certificate = there.certificate();
        if (request.life() == null) {
            return;
        }
        Instant begun = certificate.getNotBefore().toInstant().plus(CertificateAuthority.BACKDATE);
        Instant end = certificate.getNotAfter().toInstant();
        if (!end.equals(begun.plus(request.life())) && !isCut(certificate)) {
            throw exists(there.name(), "with the lifetime " + LifeSpan.format(Duration.between(begun, end)));
        }
    }

    private boolean isCut(X509Certificate certificate) {
        return store.roots().stream()
                .anyMatch(root -> root.getNotAfter()
                        .toInstant()
                        .equals(certificate.getNotAfter().toInstant()));
    }

    private static CertsException exists(String name, String how) {
        return new CertsException(ErrorCode.CA_EXISTS, name + ": is there, " + how)
                .hint("Leave --life away to keep it, or name the next CA")
                .about(name);
    }

    private Path directory(String name) {
        return store.layout().requests().resolve(name);
    }

    private Path file(String name) {
        return directory(name).resolve("request.json");
    }

    private Optional<PendingAuthority> pending(String name, @Nullable Duration life, boolean rotates) {
        Optional<PendingAuthority> pending = read(name);
        pending.ifPresent(there -> {
            if (there.rotates() != rotates) {
                throw new CertsException(
                                ErrorCode.CA_EXISTS,
                                name + ": was asked for already, " + (rotates ? "but not for" : "for") + " a rotation")
                        .hint("Have " + file(name) + " signed and installed, or remove " + directory(name)
                                + " to ask anew")
                        .about(name);
            }
            if (life != null && !there.request().life().equals(life)) {
                throw new CertsException(
                                ErrorCode.CA_EXISTS,
                                name + ": was asked for already, with the lifetime "
                                        + LifeSpan.format(there.request().life()))
                        .hint("Ask for the same, or remove " + directory(name) + " to ask anew")
                        .about(name);
            }
        });
        return pending;
    }

    private Optional<PendingAuthority> read(String name) {
        if (StoreLayout.numberOf(name).isEmpty() || !Files.isRegularFile(file(name))) {
            return Optional.empty();
        }
        RootRequest request =
                RootRequest.read(OrgStore.readFile(file(name)), file(name).toString());
        String keyFile = Files.exists(directory(name).resolve(SignerSpec.FILE)) ? SignerSpec.FILE : CaKeys.KEY;
        byte[] key = new SecretFiles(store.options().allowGroupRead())
                .read(directory(name).resolve(keyFile));
        return Optional.of(new PendingAuthority(
                request, keyFile, key, Files.exists(directory(name).resolve(ROTATES))));
    }

    private NewKey newKey(String name, KeyPlace place, AuthorityRecord root, SecretSource secrets) {
        NewKey key = store.keys()
                .make(name, place.signer(), KeyKind.of(root.certificate().getPublicKey()), place.encrypted(), secrets);
        requireUnused(store, name, key.signer().publicKey());
        return key;
    }

    /** Refuses a key that a CA has, or had. */
    static void requireUnused(OrgStore store, String name, PublicKey key) {
        Stream.concat(store.authorities().stream(), store.retired().stream())
                .filter(other -> !other.name().equals(name)
                        && other.certificate().getPublicKey().equals(key))
                .findFirst()
                .ifPresent(other -> {
                    throw new CertsException(
                                    ErrorCode.KEY_IN_USE, name + ": the key is that of " + other.name() + " already")
                            .hint("Name another: another object= in the token, or another argument of the command")
                            .about(name);
                });
    }

    private RootRequest request(String name, @Nullable Duration life, AuthorityRecord root, CaSigner signer) {
        try {
            var csr = new JcaPKCS10CertificationRequestBuilder(
                            CertificateAuthority.authorityName(
                                    config,
                                    "Issuing",
                                    StoreLayout.numberOf(name).orElseThrow()),
                            signer.publicKey())
                    .build(new SignerContent(signer));
            return new RootRequest(
                    config.org(),
                    config.namespace(),
                    root.certificate(),
                    name,
                    life == null ? config.policy().issuingLife() : life,
                    new AuthorityTask(Pem.encode("CERTIFICATE REQUEST", csr.getEncoded())));
        } catch (IOException e) {
            throw new IllegalStateException("a request could not be encoded", e);
        }
    }

    private PendingAuthority write(RootRequest request, NewKey key, boolean rotates) {
        Path next = store.layout().requests().resolve(".next");
        writer.temporaryDirectory(next);
        writer.fill(next.resolve(key.file()), key.content(), true);
        writer.fill(next.resolve("request.json"), request.file(), false);
        if (rotates) {
            writer.fill(next.resolve(ROTATES), new byte[0], false);
        }
        writer.publish(next, directory(request.name()));
        return new PendingAuthority(request, key.file(), key.content(), rotates);
    }

    private Change<IssuedAuthority> install(
            PendingAuthority pending, X509Certificate issued, @Nullable CaSigner signer, SecretSource secrets) {
        String name = pending.request().name();
        PublicKey key = pending.publicKey();
        X509Certificate root = requireAsAsked(pending.request(), key, issued);
        CaSigner own = signer != null ? signer : store.keys().open(name, key, directory(name), secrets);
        var authority = new CertificateAuthority(issued, own, store.options().clock(), new SecureRandom());
        X509CRL crl = new CrlIssuer(authority).first(config.policy().crlLife());
        String where = pending.keyFile().equals(SignerSpec.FILE)
                ? SignerSpec.read(pending.key(), directory(name)).kind()
                : PrivateKeys.isEncrypted(pending.key()) ? "encrypted" : "plain";
        var record = new AuthorityRecord(name, issued, crl, where);
        if (pending.rotates()) {
            notices.addAll(RotationWork.beginWith(store, config, writer, secrets, pending, record, root));
            writer.discard(directory(name));
            return done(record);
        }
        Path next = store.layout().authorities().resolve(".next");
        Path directory = store.layout().authorities().resolve(name);
        writer.temporaryDirectory(next);
        writer.fill(next.resolve(pending.keyFile()), pending.key(), true);
        writer.fill(next.resolve("cert.pem"), Pem.certificates(List.of(issued)), false);
        writer.fill(next.resolve("chain.pem"), Pem.certificates(List.of(issued, root)), false);
        writer.fill(next.resolve("crl.pem"), Pem.crls(List.of(crl)), false);
        writer.publish(next, directory);
        writer.discard(directory(name));
        notices.add(new Notice(
                "EXPORT_AGAIN",
                name + ": issues from now on; export to all nodes first, so that they have its CRL when they meet its"
                        + " certificates"));
        return done(record);
    }

    /** What came back must be what was asked for, neither more nor less. */
    private X509Certificate requireAsAsked(RootRequest request, PublicKey key, X509Certificate issued) {
        String name = request.name();
        if (!store.roots().contains(request.root())) {
            throw new CertsException(
                            ErrorCode.VERIFICATION_FAILED, name + ": was asked of a root that was rotated out since")
                    .hint("Remove " + directory(name) + " and ask anew")
                    .about(name);
        }
        ChainVerifier.verify(List.of(issued), request.root(), List.of(), now, name);
        Map<String, Boolean> asked = Map.of(
                "key", issued.getPublicKey().equals(key),
                "subject",
                        CertificateAuthority.authorityName(config, "Issuing", request.number())
                                .equals(CertificateAuthority.subject(issued)),
                "path length", issued.getBasicConstraints() == 0,
                "name constraints", CertificateAuthority.isFencedTo(issued, config.namespace()));
        asked.forEach((field, right) -> {
            if (!right) {
                throw new CertsException(
                                ErrorCode.VERIFICATION_FAILED,
                                name + ": the certificate is not what was asked for: it has another " + field)
                        .about(name);
            }
        });
        return request.root();
    }
}
