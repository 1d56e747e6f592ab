package io.hawser.certs;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.PrivateKey;

/** Reaches the private keys of a store's CAs. Not thread-safe; used by one operation at a time. */
final class CaKeys {
    private final StoreOptions options;

    CaKeys(StoreOptions options) {
        this.options = options;
    }

    /** What signs for a CA, with the key that a directory holds or says where to find. */
    CaSigner open(AuthorityRecord authority, Path directory, SecretSource secrets) {
        CaSigner signer = file(directory.resolve("key.pem"), secrets);
        if (!signer.publicKey().equals(authority.certificate().getPublicKey())) {
            throw new CertsException(
                            ErrorCode.KEY_ABSENT, directory + ": holds another key than that of " + authority.name())
                    .about(authority.name());
        }
        return signer;
    }

    private CaSigner file(Path file, SecretSource secrets) {
        PrivateKey key =
                PrivateKeys.read(new SecretFiles(options.allowGroupRead()).read(file), file.toString(), secrets);
        return CaSigner.of(key, PrivateKeys.publicKey(key, file.toString()));
    }

    /** Where the key of the CA in a directory is, in one word. */
    static String state(Path directory) {
        Path key = directory.resolve("key.pem");
        if (!Files.exists(key, LinkOption.NOFOLLOW_LINKS)) {
            return "offline";
        }
        return PrivateKeys.isEncrypted(OrgStore.readFile(key)) ? "encrypted" : "plain";
    }
}
