package io.hawser.certs;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Lays out what a Java node reads: key store, trust store, CRLs, policy, and {@code tls.properties} naming them. */
public final class JavaExport {
    private static final String KEY_ALIAS = "node";
    private static final String PASSWORD_FILE = "password";

    private final OrgStore store;
    private final @Nullable Path nodeKey;

    /**
     * Exports from a store.
     *
     * @param store where the node's certificate is
     */
    public JavaExport(OrgStore store) {
        this(store, null);
    }

    private JavaExport(OrgStore store, @Nullable Path nodeKey) {
        this.store = store;
        this.nodeKey = nodeKey;
    }

    /**
     * The same export for a node that keeps its own key.
     *
     * @param key the key's file; it must belong to the node's current certificate
     * @return an export that takes the key from there
     */
    public JavaExport withNodeKey(Path key) {
        return new JavaExport(store, key);
    }

    /**
     * Writes the files; brings an earlier export of the same node up to date.
     *
     * @param node which node
     * @param to the directory, made when it is not there
     * @param secrets gives the password of both stores; when it gives none, a random one is written to the file
     *     {@code password} beside them
     * @return the directory, and what was written
     * @throws CertsException if there is no such node, or the directory holds something else
     */
    public Change<Path> write(NodeName node, Path to, SecretSource secrets) {
        ExportSource source = ExportSource.of(store, node, nodeKey);
        Optional<char[]> given = secrets.passphrase(SecretSource.Use.PROTECT);
        var target = new ExportDirectory(
                to, "java", source.node(), store, Map.of("password", given.isPresent() ? "given" : "file"));
        char[] password = given.orElseGet(() -> passwordFromFile(target));
        try {
            if (given.isEmpty()) {
                target.addSecret(PASSWORD_FILE, Pem.ascii(new String(password)));
            }
            addStores(target, source, password);
            target.add("crls.pem", Pem.crls(source.crls()));
            target.add("cross.pem", Pem.certificates(source.cross()));
            target.add("policy.json", policy(source));
            target.add("tls.properties", properties(source, given.isEmpty()));
            target.add("README", readme(source, given.isEmpty()));
            return target.write(source.notices());
        } finally {
            Arrays.fill(password, '\0');
        }
    }

    private static char[] passwordFromFile(ExportDirectory target) {
        Optional<byte[]> existing = target.existingSecret(PASSWORD_FILE);
        if (existing.isPresent() && existing.get().length > 0) {
            return new String(existing.get(), StandardCharsets.ISO_8859_1).toCharArray();
        }
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random).toCharArray();
    }

    /** The JDK's own PKCS12 store: AES-256 and HMAC-SHA256, and trusted entries that Java sees. */
    private static void addStores(ExportDirectory target, ExportSource source, char[] password) {
        try {
            KeyStore keys = empty();
            Certificate[] chain = source.chain().toArray(new X509Certificate[0]);
            keys.setKeyEntry(KEY_ALIAS, source.requireKey(), password, chain);
            PrivateKey key = source.requireKey();
            target.addSecret(
                    "keystore.p12", encode(keys, password), there -> holds(target, there, password, key, chain));
            KeyStore trust = empty();
            for (int i = 0; i < source.roots().size(); i++) {
                trust.setCertificateEntry(rootAlias(i), source.roots().get(i));
            }
            target.addSecret("truststore.p12", encode(trust, password), there -> {
                try {
                    KeyStore existing = open(target, there, password);
                    return existing.size() == source.roots().size() && trusts(existing, source.roots());
                } catch (GeneralSecurityException | IOException e) {
                    return false; // not a key store: the record decides whether it may be replaced
                }
            });
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("this JDK cannot write PKCS12", e);
        }
    }

    private static String rootAlias(int index) {
        return index == 0 ? "root" : "root-" + (index + 1);
    }

    private static boolean trusts(KeyStore store, List<X509Certificate> roots) throws GeneralSecurityException {
        for (int i = 0; i < roots.size(); i++) {
            if (!roots.get(i).equals(store.getCertificate(rootAlias(i)))) {
                return false;
            }
        }
        return true;
    }

    private static boolean holds(
            ExportDirectory target, byte[] there, char[] password, PrivateKey key, Certificate[] chain) {
        try {
            KeyStore existing = open(target, there, password);
            Key other = existing.getKey(KEY_ALIAS, password);
            return existing.size() == 1
                    && other != null
                    && Arrays.equals(other.getEncoded(), key.getEncoded())
                    && Arrays.equals(existing.getCertificateChain(KEY_ALIAS), chain);
        } catch (GeneralSecurityException | IOException e) {
            return false; // not a key store: the record decides whether it may be replaced
        }
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore empty = KeyStore.getInstance("PKCS12");
        empty.load(null, null);
        return empty;
    }

    private static KeyStore open(ExportDirectory target, byte[] there, char[] password)
            throws GeneralSecurityException, IOException {
        KeyStore existing = KeyStore.getInstance("PKCS12");
        try {
            existing.load(new ByteArrayInputStream(there), password);
        } catch (IOException e) {
            if (e.getCause() instanceof UnrecoverableKeyException) {
                throw target.conflict("its key stores have another password");
            }
            throw e;
        }
        return existing;
    }

    private static byte[] encode(KeyStore store, char[] password) throws GeneralSecurityException, IOException {
        var bytes = new ByteArrayOutputStream();
        store.store(bytes, password);
        return bytes.toByteArray();
    }

    private static byte[] policy(ExportSource source) {
        return Json.file(Json.object(
                "schema",
                "certs-tool/policy-1",
                "node",
                source.node().node().toString(),
                "uri",
                source.node().uri(),
                "maxNodeLife",
                LifeSpan.format(source.config().policy().maxNodeLife()),
                "anchors",
                anchors(source),
                "roster",
                source.roster().entries(source.partners()),
                "denied",
                source.roster().denied()));
    }

    /** Which namespace each certificate may speak for: the roots, and the cross-certificates below them. */
    private static List<Map<String, Object>> anchors(ExportSource source) {
        var anchors = new ArrayList<Map<String, Object>>();
        source.roots()
                .forEach(root -> anchors.add(anchor(
                        source.config().org(), "own", root, source.config().namespace())));
        for (Partner partner : source.partners()) {
            partner.cross().forEach(cross -> anchors.add(anchor(partner.org(), "partner", cross, partner.namespace())));
        }
        return anchors;
    }

    private static Map<String, Object> anchor(
            String org, String kind, X509Certificate certificate, Namespace namespace) {
        return Json.object(
                "org",
                org,
                "kind",
                kind,
                "fingerprint",
                Fingerprints.of(certificate),
                "domain",
                namespace.domain(),
                "trustDomain",
                namespace.trustDomain());
    }

    private static byte[] properties(ExportSource source, boolean passwordFile) {
        return Pem.ascii("""
            # Written by certs-tool. File names are relative to this directory.
            node=%s
            binding=full
            trust-domain=%s
            keystore=keystore.p12
            keystore.type=PKCS12
            keystore.alias=%s
            truststore=truststore.p12
            truststore.type=PKCS12
            %scrls=crls.pem
            cross=cross.pem
            policy=policy.json
            """.formatted(
                        source.node().node(),
                        source.config().namespace().trustDomain(),
                        KEY_ALIAS,
                        passwordFile ? "password.file=" + PASSWORD_FILE + "\n" : ""));
    }

    private static byte[] readme(ExportSource source, boolean passwordFile) {
        return Pem.ascii("""
            TLS material of the Java node %s, written by certs-tool.

            tls.properties    names the files below; point the node's TLS configuration at this directory
            keystore.p12      private key and certificate chain, alias "%s"
            truststore.p12    the organisation's own root
            %s
            crls.pem          revocation lists of root and issuing CA
            cross.pem         cross-certificates of partner organisations (empty without partners)
            policy.json       which namespace each root may name, and the roster

            Run "certs-tool export java %s --to DIR" again after each renewal and each new node.
            """.formatted(
                        source.node().node(),
                        KEY_ALIAS,
                        passwordFile
                                ? "password          opens both stores; readable by its owner only"
                                : "                  the password of both stores was given at export and is not stored"
                                        + " here",
                        source.node().node()));
    }
}
