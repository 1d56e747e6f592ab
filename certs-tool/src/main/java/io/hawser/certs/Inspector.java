package io.hawser.certs;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.util.io.pem.PemObject;

/**
 * Says what files hold: certificates, CRLs, keys, PKCS12 stores, as PEM or DER. Private keys are described, never shown.
 *
 * <p>Not thread-safe; used by one caller at a time.
 */
public final class Inspector {
    private static final int MAX_BYTES = 4 << 20;

    private final Clock clock;
    private final SecretSource secrets;
    private final boolean allowGroupRead;
    private final List<Map<String, Object>> objects = new ArrayList<>();
    private final List<X509Certificate> certificates = new ArrayList<>();
    private final List<FoundKey> keys = new ArrayList<>();

    /** A private key and the description that will say which certificate it belongs to. */
    private record FoundKey(PrivateKey key, Map<String, Object> description) {}

    /**
     * An inspector that has seen nothing yet.
     *
     * @param clock tells how long certificates are still valid
     * @param secrets opens encrypted keys and PKCS12 stores; may give none, then keys are named only
     * @param allowGroupRead whether files of mode 0640 may hold keys
     */
    public Inspector(Clock clock, SecretSource secrets, boolean allowGroupRead) {
        this.clock = clock;
        this.secrets = secrets;
        this.allowGroupRead = allowGroupRead;
    }

    /**
     * Looks into a file.
     *
     * @param file a file of at most 4 MiB
     * @throws CertsException if it cannot be read, holds nothing known ({@code UNREADABLE}), or holds a private key that
     *     others can read ({@code UNSAFE_PERMISSIONS})
     */
    public void add(Path file) {
        try {
            byte[] content = CappedFile.read(file, MAX_BYTES)
                    .orElseThrow(() -> unreadable(file.toString(), "larger than " + MAX_BYTES + " bytes", null));
            int before = keys.size() + encryptedKeys();
            add(file.toString(), content);
            if (keys.size() + encryptedKeys() > before) {
                new SecretFiles(allowGroupRead).check(file.toRealPath());
            }
        } catch (IOException e) {
            throw CertsException.io("reading", file, e);
        }
    }

    private int encryptedKeys() {
        return Math.toIntExact(objects.stream()
                .filter(object -> Boolean.TRUE.equals(object.get("encrypted")))
                .count());
    }

    /**
     * Looks at bytes, such as those of standard input.
     *
     * @param where what to call them
     * @param content PEM or DER
     * @throws CertsException if they hold nothing known ({@code UNREADABLE})
     */
    public void add(String where, byte[] content) {
        int before = objects.size();
        try {
            if (new String(content, StandardCharsets.ISO_8859_1).contains("-----BEGIN ")) {
                for (PemObject object : Pem.objects(content)) {
                    addPem(where, object);
                }
            } else {
                addDer(where, content);
            }
        } catch (IOException | GeneralSecurityException | IllegalArgumentException | ClassCastException e) {
            throw unreadable(where, "neither PEM, DER nor PKCS12", e);
        }
        if (objects.size() == before) {
            throw unreadable(where, "no certificate, CRL or key", null);
        }
    }

    /**
     * What was found, in order, with each key's certificate.
     *
     * @return one description for each object, of strings, numbers, booleans and lists
     */
    public List<Map<String, Object>> objects() {
        for (FoundKey found : keys) {
            found.description().put("belongsTo", KeyMatch.find(found.key(), certificates));
        }
        return Collections.unmodifiableList(objects);
    }

    private void addPem(String where, PemObject object) throws GeneralSecurityException {
        byte[] der = object.getContent();
        switch (object.getType()) {
            case "CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE" -> addCertificate(where, certificate(der));
            case "X509 CRL" -> addCrl(where, Pem.readCrl(der, where));
            case PrivateKeys.PLAIN -> addKey(where, PrivateKeys.fromPkcs8(der), false);
            case PrivateKeys.ENCRYPTED -> addEncrypted(where, der);
            default ->
                objects.add(Json.object("file", where, "type", "other", "label", Names.printable(object.getType())));
        }
    }

    private void addDer(String where, byte[] der) throws IOException, GeneralSecurityException {
        ASN1Sequence sequence = ASN1Sequence.getInstance(Pem.flat(der));
        if (sequence.size() > 1 && sequence.getObjectAt(0) instanceof ASN1Integer version) {
            if (version.intValueExact() == 3) {
                addPkcs12(where, der);
            } else {
                addKey(where, PrivateKeys.fromPkcs8(der), false);
            }
        } else if (sequence.size() == 2) {
            addEncrypted(where, der);
        } else if (isCrl(der)) {
            addCrl(where, Pem.readCrl(der, where));
        } else {
            addCertificate(where, certificate(der));
        }
    }

    private static boolean isCrl(byte[] der) {
        try {
            CertificateFactory.getInstance("X.509").generateCRL(new ByteArrayInputStream(der));
            return true;
        } catch (GeneralSecurityException e) {
            return false; // then it may be a certificate
        }
    }

    private void addPkcs12(String where, byte[] der) throws GeneralSecurityException, IOException {
        char[] password = secrets.passphrase(SecretSource.Use.OPEN)
                .orElseThrow(
                        () -> new CertsException(ErrorCode.PASSPHRASE_NEEDED, where + ": a PKCS12 store has a password")
                                .hint("Add --pass file:PATH, --pass env:VAR, --pass fd:N or --pass prompt")
                                .about(where));
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            try {
                store.load(new ByteArrayInputStream(der), password);
            } catch (IOException e) {
                if (e.getCause() instanceof GeneralSecurityException) {
                    throw new CertsException(
                                    ErrorCode.PASSPHRASE_WRONG, where + ": the passphrase does not open the store", e)
                            .about(where);
                }
                throw e;
            }
            for (String alias : Collections.list(store.aliases())) {
                addEntry(where, store, alias, password);
            }
        } finally {
            Arrays.fill(password, '\0');
        }
    }

    private void addEntry(String where, KeyStore store, String alias, char[] password) throws GeneralSecurityException {
        String place = where + ":" + Names.printable(alias);
        if (store.isKeyEntry(alias)) {
            if (store.getKey(alias, password) instanceof PrivateKey key) {
                addKey(place, key, true);
            }
            for (Certificate certificate :
                    Optional.ofNullable(store.getCertificateChain(alias)).orElse(new Certificate[0])) {
                addCertificate(place, (X509Certificate) certificate);
            }
        } else {
            addCertificate(place, (X509Certificate) store.getCertificate(alias));
        }
    }

    private void addCertificate(String where, X509Certificate certificate) {
        certificates.add(certificate);
        objects.add(Descriptions.certificate(where, certificate, clock.instant()));
    }

    private void addCrl(String where, X509CRL crl) {
        objects.add(Descriptions.crl(where, crl, clock.instant()));
    }

    private void addKey(String where, PrivateKey key, boolean encrypted) {
        Map<String, Object> description = Descriptions.key(where, key, encrypted);
        objects.add(description);
        keys.add(new FoundKey(key, description));
    }

    private void addEncrypted(String where, byte[] der) {
        byte[] pem = Pem.ascii(Pem.encode(PrivateKeys.ENCRYPTED, der));
        try {
            addKey(where, PrivateKeys.read(pem, where, secrets), true);
        } catch (CertsException e) {
            if (e.code() != ErrorCode.PASSPHRASE_NEEDED) {
                throw e;
            }
            objects.add(Json.object("file", where, "type", "private key", "encrypted", true, "opened", false));
        }
    }

    private static X509Certificate certificate(byte[] der) throws GeneralSecurityException {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
    }

    private static CertsException unreadable(
            String where, String why, @org.jspecify.annotations.Nullable Exception cause) {
        String message = Names.printable(where, 400) + ": " + why;
        CertsException error = cause == null
                ? new CertsException(ErrorCode.UNREADABLE, message)
                : new CertsException(ErrorCode.UNREADABLE, message, cause);
        return error.about(Names.printable(where, 400));
    }
}
