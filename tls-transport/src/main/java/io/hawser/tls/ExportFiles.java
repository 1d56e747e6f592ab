package io.hawser.tls;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hawser.term.Printable;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads what {@code certs-tool export java} writes. Not thread-safe; reads one directory once. */
final class ExportFiles {
    static final String PROPERTIES = "tls.properties";

    private static final Set<String> KNOWN = Set.of(
            "node",
            "binding",
            "trust-domain",
            "keystore",
            "keystore.type",
            "keystore.alias",
            "truststore",
            "truststore.type",
            "password.file",
            "crls",
            "cross",
            "policy");

    private final Path directory;
    private final FilesRead files;
    private final Properties settings;

    ExportFiles(Path directory, FilesRead files) {
        this.directory = directory;
        this.files = files;
        this.settings = settings(directory.resolve(PROPERTIES), files);
    }

    private static Properties settings(Path file, FilesRead files) {
        var settings = new Properties();
        try {
            settings.load(new StringReader(new String(files.read(file), UTF_8)));
        } catch (IOException | IllegalArgumentException e) {
            throw new TlsConfigurationException(file + ": not a properties file: " + e.getMessage(), e);
        }
        for (String name : new TreeSet<>(settings.stringPropertyNames())) {
            if (!KNOWN.contains(name)) {
                throw new TlsConfigurationException(file + ": " + Printable.of(name + "=" + settings.getProperty(name))
                        + ": no such setting (expected: some of " + new TreeSet<>(KNOWN)
                        + "; peers are always verified)");
            }
        }
        return settings;
    }

    TlsIdentity load(char @Nullable [] given) {
        // what is cheap to read comes first: a file that is being written is met often
        Path policyFile = file("policy", "what each root may name, and the roster");
        PolicyFile policy = PolicyReader.read(policyFile, files.read(policyFile));
        Path crls = file("crls", "the revocation lists of the CAs");
        List<X509CRL> lists = PemBlocks.crls(crls, files.read(crls));
        char[] password = given != null ? given : passwordFromFile();
        try {
            Path keyFile = file("keystore", "a file name");
            Path trustFile = file("truststore", "a file name");
            byte[] keyBytes = StoreFile.whole(keyFile, files.readSecret(keyFile), type("keystore"));
            byte[] trustBytes = StoreFile.whole(trustFile, files.read(trustFile), type("truststore"));
            StoreFile keys = StoreFile.open(keyFile, keyBytes, type("keystore"), password);
            String alias = settings.getProperty("keystore.alias", "node");
            PrivateKey key = keys.key(alias, password);
            List<X509Certificate> chain = keys.chain(alias);
            OwnCertificate.check(keyFile.toString(), key, chain.get(0));
            List<X509Certificate> roots = StoreFile.open(trustFile, trustBytes, type("truststore"), password)
                    .trusted();
            var parts = new TrustPolicy.Parts(roots, binding());
            parts.trustDomain = settings.getProperty("trust-domain");
            parts.crls = lists;
            new PolicyMatch(policyFile, policy).apply(parts, roots, crossCertificates(roots));
            TlsIdentity identity = OwnCertificate.checkedForBinding(new TlsIdentity(key, chain, parts.build()));
            OwnCertificate.checkPath(keyFile.toString(), identity);
            return identity;
        } finally {
            if (given == null) {
                Arrays.fill(password, '\0');
            }
        }
    }

    /** Partners' roots, signed by ours. */
    private List<CrossCertificate> crossCertificates(List<X509Certificate> roots) {
        if (!settings.containsKey("cross")) {
            return List.of();
        }
        Path file = file("cross", "a file name");
        byte[] bytes = files.read(file);
        return bytes.length == 0
                ? List.of()
                : PemBlocks.certificates(file, bytes).stream()
                        .map(certificate -> CrossCertificate.of(file.toString(), certificate, roots))
                        .toList();
    }

    private String type(String key) {
        return settings.getProperty(key + ".type", "PKCS12");
    }

    private Path file(String key, String expected) {
        String name = settings.getProperty(key, "").strip();
        if (name.isEmpty()) {
            throw new TlsConfigurationException(
                    directory.resolve(PROPERTIES) + ": " + key + " is missing (expected: " + expected + ")");
        }
        return directory.resolve(name);
    }

    private NameBinding binding() {
        String value = settings.getProperty("binding", "full").strip();
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "full" -> NameBinding.FULL;
            case "host" -> NameBinding.HOST;
            default ->
                throw new TlsConfigurationException(
                        directory.resolve(PROPERTIES) + ": binding=" + value + " (expected: full or host)");
        };
    }

    private char[] passwordFromFile() {
        if (!settings.containsKey("password.file")) {
            throw new TlsConfigurationException(directory.resolve(PROPERTIES)
                    + ": no password.file (expected: one, or the stores' password given to TlsIdentity.load)");
        }
        byte[] bytes = files.readSecret(file("password.file", "a file name"));
        return new String(bytes, UTF_8).stripTrailing().toCharArray();
    }
}
