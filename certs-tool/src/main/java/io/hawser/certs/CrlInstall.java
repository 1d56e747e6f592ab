package io.hawser.certs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.cert.X509CRL;
import java.util.List;

/** Puts CRLs into a directory under the names by which OpenSSL and OTP look for them. */
final class CrlInstall {
    private static final int MAX_COLLISIONS = 10;

    private final Path directory;
    private final FileWriter writer;

    CrlInstall(Path directory, FileWriter writer) {
        this.directory = directory;
        this.writer = writer;
    }

    Change<Path> run(List<X509CRL> crls) {
        writer.directories(directory);
        for (X509CRL crl : crls) {
            install(crl);
        }
        return new Change<>(directory, writer.written(), List.of());
    }

    /** The next free number, or that of an older CRL of the same CA. */
    private void install(X509CRL crl) {
        String hash = OpensslNameHash.of(crl.getIssuerX500Principal());
        for (int i = 0; i < MAX_COLLISIONS; i++) {
            Path file = directory.resolve(hash + ".r" + i);
            if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                writer.open(file, Pem.crls(List.of(crl)));
                return;
            }
            X509CRL there = read(file);
            if (there.getIssuerX500Principal().equals(crl.getIssuerX500Principal())) {
                if (CrlIssuer.number(there).compareTo(CrlIssuer.number(crl)) > 0) {
                    throw new CertsException(
                                    ErrorCode.FILE_EXISTS,
                                    file + ": holds CRL number " + CrlIssuer.number(there) + ", newer than ours")
                            .hint("This store is not the latest; nothing older is put in place of it")
                            .about(file);
                }
                writer.openIfChanged(file, Pem.crls(List.of(crl)));
                return;
            }
        }
        throw new CertsException(ErrorCode.FILE_EXISTS, directory + ": no free name for the hash " + hash)
                .about(directory);
    }

    private static X509CRL read(Path file) {
        try {
            return Pem.readCrl(Files.readAllBytes(file), file.toString());
        } catch (IOException e) {
            throw CertsException.io("reading", file, e);
        }
    }
}
