package io.hawser.certs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.security.auth.x500.X500Principal;

/**
 * Puts CRLs into a directory under the names by which OpenSSL and OTP look for them, and takes out those of CAs that were
 * rotated out.
 */
final class CrlInstall {
    private static final int MAX_COLLISIONS = 10;

    private final Path directory;
    private final FileWriter writer;

    CrlInstall(Path directory, FileWriter writer) {
        this.directory = directory;
        this.writer = writer;
    }

    /**
     * Installs.
     *
     * @param crls of all CAs there are
     * @param gone CAs that are no more; a list goes only if one of them signed it and no CA of its name is left
     */
    Change<Path> run(List<X509CRL> crls, List<X509Certificate> gone) {
        writer.directories(directory);
        for (X509CRL crl : crls) {
            install(crl);
        }
        Set<X500Principal> present =
                crls.stream().map(X509CRL::getIssuerX500Principal).collect(Collectors.toSet());
        for (X509Certificate authority : gone) {
            if (!present.contains(authority.getSubjectX500Principal())) {
                remove(authority);
            }
        }
        return new Change<>(directory, writer.written(), List.of());
    }

    /** The next free number, or that of an older CRL of the same CA. */
    private void install(X509CRL crl) {
        String hash = OpensslNameHash.of(crl.getIssuerX500Principal());
        for (int i = 0; i < MAX_COLLISIONS; i++) {
            Path file = file(hash, i);
            if (!exists(hash, i)) {
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

    /** Without a gap in the numbers: OpenSSL and OTP stop looking at the first that is not there. */
    private void remove(X509Certificate authority) {
        String hash = OpensslNameHash.of(authority.getSubjectX500Principal());
        int last = 0;
        while (last < MAX_COLLISIONS && exists(hash, last)) {
            last++;
        }
        for (int i = last - 1; i >= 0; i--) {
            if (isBy(read(file(hash, i)), authority)) {
                last--;
                if (i < last) {
                    writer.open(file(hash, i), Pem.crls(List.of(read(file(hash, last)))));
                }
                writer.remove(file(hash, last));
            }
        }
    }

    private Path file(String hash, int number) {
        return directory.resolve(hash + ".r" + number);
    }

    private boolean exists(String hash, int number) {
        return Files.exists(file(hash, number), LinkOption.NOFOLLOW_LINKS);
    }

    private static boolean isBy(X509CRL crl, X509Certificate authority) {
        try {
            crl.verify(authority.getPublicKey());
            return crl.getIssuerX500Principal().equals(authority.getSubjectX500Principal());
        } catch (GeneralSecurityException e) {
            return false; // another organisation's of the same name, which is none of our business
        }
    }

    private static X509CRL read(Path file) {
        try {
            return Pem.readCrl(Files.readAllBytes(file), file.toString());
        } catch (IOException e) {
            throw CertsException.io("reading", file, e);
        }
    }
}
