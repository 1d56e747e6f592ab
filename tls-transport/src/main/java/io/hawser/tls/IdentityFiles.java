package io.hawser.tls;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the files of an identity: an export of {@code certs-tool}, or plain PEM. */
final class IdentityFiles {
    private IdentityFiles() {}

    /** Whether a policy without revocation lists is taken. */
    enum Revocation {
        REQUIRED,
        INSECURELY_OPTIONAL
    }

    static TlsIdentity ofDirectory(Path directory, char @Nullable [] password, Revocation revocation, FilesRead files) {
        if (!Files.isDirectory(directory)) {
            throw new TlsConfigurationException(directory
                    + ": no such directory (expected: one that \"certs-tool export java NODE --to DIR\" wrote, or one with"
                    + " key.pem, cert.pem, trust.pem and crl.pem)");
        }
        if (files.exists(directory.resolve(ExportFiles.PROPERTIES))) {
            return new ExportFiles(directory, files).load(password);
        }
        Path crl = directory.resolve("crl.pem");
        boolean without = revocation == Revocation.INSECURELY_OPTIONAL && !files.exists(crl);
        return ofPem(
                directory.resolve("cert.pem"),
                directory.resolve("key.pem"),
                directory.resolve("trust.pem"),
                without ? null : crl,
                files);
    }

    static TlsIdentity ofPem(Path certificates, Path key, Path trust, @Nullable Path crls, FilesRead files) {
        List<X509Certificate> chain = PemBlocks.certificates(certificates, files.read(certificates));
        PrivateKey own =
                PemPrivateKey.read(key, files.readSecret(key), chain.get(0).getPublicKey());
        OwnCertificate.check(certificates.toString(), own, chain.get(0));
        return new TlsIdentity(own, chain, trustOfPem(trust, crls, files));
    }

    static TrustPolicy trustOfPem(Path trust, @Nullable Path crls, FilesRead files) {
        var parts = new TrustPolicy.Parts(PemBlocks.certificates(trust, files.read(trust)), NameBinding.HOST);
        if (crls != null && !files.exists(crls)) {
            throw new TlsConfigurationException(crls + ": no such file (expected: revocation lists of the CAs; without"
                    + " them a stolen key is good until its certificate ends, and TlsIdentity has methods for that"
                    + " whose names say insecure)");
        }
        parts.crls = crls == null ? null : PemBlocks.crls(crls, files.read(crls));
        return parts.build();
    }
}
