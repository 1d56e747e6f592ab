package io.hawser.tls;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.UnrecoverableKeyException;
import java.security.cert.CRLException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** Reads the files of an identity: an export of {@code certs-tool}, or plain PEM. */
final class IdentityFiles {
    private static final String NAME_CONSTRAINTS = "2.5.29.30";
    private static final String PROPERTIES = "tls.properties";

    private final Path directory;

    IdentityFiles(Path directory) {
        this.directory = directory;
    }

    TlsIdentity load(char @Nullable [] password) {
        if (!Files.isDirectory(directory)) {
            throw new TlsConfigurationException(directory
                    + ": no such directory (expected: one that \"certs-tool export java NODE --to DIR\" wrote, or one with"
                    + " key.pem, cert.pem and trust.pem)");
        }
        if (Files.exists(directory.resolve(PROPERTIES))) {
            return ofExport(password);
        }
        Path crl = directory.resolve("crl.pem");
        return ofPem(
                directory.resolve("cert.pem"),
                directory.resolve("key.pem"),
                directory.resolve("trust.pem"),
                Files.exists(crl) ? crl : null);
    }

    static TlsIdentity ofPem(Path certificates, Path key, Path trust, @Nullable Path crls) {
        List<X509Certificate> chain = certificates(certificates);
        PrivateKey own = PemPrivateKey.read(
                key, SecretFiles.readSecret(key), chain.get(0).getPublicKey());
        OwnCertificate.check(certificates.toString(), own, chain.get(0));
        List<X509Certificate> roots = certificates(trust);
        return new TlsIdentity(own, chain, roots, List.of(), crls == null ? null : crls(crls), NameBinding.HOST, null);
    }

    private TlsIdentity ofExport(char @Nullable [] given) {
        Properties settings = settings();
        char[] password = given != null ? given : passwordFromFile(settings);
        try {
            Path keyFile = file(settings, "keystore");
            KeyStore keys = store(keyFile, settings, "keystore", password);
            String alias = settings.getProperty("keystore.alias", "node");
            PrivateKey key = key(keyFile, keys, alias, password);
            List<X509Certificate> chain = chain(keyFile, keys, alias);
            OwnCertificate.check(keyFile.toString(), key, chain.get(0));
            Path trustFile = file(settings, "truststore");
            List<X509Certificate> roots = trusted(trustFile, store(trustFile, settings, "truststore", password));
            return OwnCertificate.checkedForBinding(new TlsIdentity(
                    key,
                    chain,
                    roots,
                    crossCertificates(settings),
                    settings.containsKey("crls") ? crls(file(settings, "crls")) : null,
                    binding(settings),
                    settings.getProperty("trust-domain")));
        } finally {
            if (given == null) {
                Arrays.fill(password, '\0');
            }
        }
    }

    private Properties settings() {
        Path file = directory.resolve(PROPERTIES);
        var settings = new Properties();
        try {
            settings.load(new StringReader(new String(SecretFiles.read(file), UTF_8)));
        } catch (IOException | IllegalArgumentException e) {
            throw new TlsConfigurationException(file + ": not a properties file: " + e.getMessage(), e);
        }
        return settings;
    }

    private Path file(Properties settings, String key) {
        String name = settings.getProperty(key, "").strip();
        if (name.isEmpty()) {
            throw new TlsConfigurationException(
                    directory.resolve(PROPERTIES) + ": " + key + " is missing (expected: a file name)");
        }
        return directory.resolve(name);
    }

    private NameBinding binding(Properties settings) {
        String value = settings.getProperty("binding", "full").strip();
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "full" -> NameBinding.FULL;
            case "host" -> NameBinding.HOST;
            default ->
                throw new TlsConfigurationException(
                        directory.resolve(PROPERTIES) + ": binding=" + value + " (expected: full or host)");
        };
    }

    private char[] passwordFromFile(Properties settings) {
        if (!settings.containsKey("password.file")) {
            throw new TlsConfigurationException(directory.resolve(PROPERTIES)
                    + ": no password.file (expected: one, or the stores' password given to TlsIdentity.load)");
        }
        byte[] bytes = SecretFiles.readSecret(file(settings, "password.file"));
        return new String(bytes, UTF_8).stripTrailing().toCharArray();
    }

    private static KeyStore store(Path file, Properties settings, String key, char[] password) {
        byte[] bytes = key.equals("keystore") ? SecretFiles.readSecret(file) : SecretFiles.read(file);
        String type = settings.getProperty(key + ".type", "PKCS12");
        try {
            KeyStore store = KeyStore.getInstance(type);
            store.load(new ByteArrayInputStream(bytes), password);
            return store;
        } catch (IOException e) {
            if (e.getCause() instanceof UnrecoverableKeyException) {
                throw new TlsConfigurationException(file + ": the password is wrong", e);
            }
            throw new TlsConfigurationException(file + ": not a " + type + " store: " + e.getMessage(), e);
        } catch (GeneralSecurityException e) {
            throw new TlsConfigurationException(file + ": not a " + type + " store: " + e.getMessage(), e);
        }
    }

    private static PrivateKey key(Path file, KeyStore store, String alias, char[] password) {
        try {
            Key key = store.getKey(alias, password);
            if (key instanceof PrivateKey found) {
                return found;
            }
            throw new TlsConfigurationException(file + ": no private key with the alias " + alias + " (found aliases: "
                    + Collections.list(store.aliases()) + ")");
        } catch (UnrecoverableKeyException e) {
            throw new TlsConfigurationException(file + ": the password does not open the key " + alias, e);
        } catch (GeneralSecurityException e) {
            throw new TlsConfigurationException(file + ": the key " + alias + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static List<X509Certificate> chain(Path file, KeyStore store, String alias) {
        try {
            var chain = new ArrayList<X509Certificate>();
            Certificate[] found = store.getCertificateChain(alias);
            for (Certificate certificate : found == null ? new Certificate[0] : found) {
                if (certificate instanceof X509Certificate x509) {
                    chain.add(x509);
                }
            }
            if (chain.isEmpty()) {
                throw new TlsConfigurationException(file + ": no certificate for the key " + alias);
            }
            return chain;
        } catch (GeneralSecurityException e) {
            throw new TlsConfigurationException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static List<X509Certificate> trusted(Path file, KeyStore store) {
        try {
            var trusted = new ArrayList<X509Certificate>();
            for (String alias : Collections.list(store.aliases())) {
                if (store.isCertificateEntry(alias) && store.getCertificate(alias) instanceof X509Certificate x509) {
                    trusted.add(x509);
                }
            }
            if (trusted.isEmpty()) {
                throw new TlsConfigurationException(file
                        + ": holds no trusted certificate (expected: the roots that peers' certificates come from)");
            }
            return trusted;
        } catch (GeneralSecurityException e) {
            throw new TlsConfigurationException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /** Partners' roots, signed by ours; without name constraints they could name our own nodes. */
    private List<X509Certificate> crossCertificates(Properties settings) {
        if (!settings.containsKey("cross")) {
            return List.of();
        }
        Path file = file(settings, "cross");
        if (SecretFiles.read(file).length == 0) {
            return List.of();
        }
        List<X509Certificate> found = certificates(file);
        for (X509Certificate certificate : found) {
            if (certificate.getExtensionValue(NAME_CONSTRAINTS) == null) {
                throw new TlsConfigurationException(file + ": the cross-certificate of "
                        + certificate.getSubjectX500Principal() + " has no name constraints (expected: DNS and URI)");
            }
        }
        return found;
    }

    private static List<X509Certificate> certificates(Path file) {
        byte[] bytes = SecretFiles.read(file);
        try {
            var found = new ArrayList<X509Certificate>();
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(bytes))) {
                found.add((X509Certificate) certificate);
            }
            if (found.isEmpty()) {
                throw new TlsConfigurationException(file + ": holds no certificate (expected: PEM)");
            }
            return found;
        } catch (CertificateException e) {
            throw new TlsConfigurationException(file + ": not a PEM certificate: " + e.getMessage(), e);
        }
    }

    private static List<X509CRL> crls(Path file) {
        byte[] bytes = SecretFiles.read(file);
        try {
            var found = new ArrayList<X509CRL>();
            for (var crl : CertificateFactory.getInstance("X.509").generateCRLs(new ByteArrayInputStream(bytes))) {
                found.add((X509CRL) crl);
            }
            if (found.isEmpty()) {
                throw new TlsConfigurationException(file + ": holds no revocation list (expected: PEM; remove the"
                        + " setting or the file to do without revocation)");
            }
            return found;
        } catch (CertificateException | CRLException e) {
            throw new TlsConfigurationException(file + ": not a PEM revocation list: " + e.getMessage(), e);
        }
    }
}
