package io.hawser.certs;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes further issuing CAs, also where the root's key is on another machine: a request goes there, an answer comes back.
 * Not thread-safe; used by one caller at a time.
 */
public final class AuthorityStore {
    private final OrgStore store;

    /**
     * The CAs of one organisation.
     *
     * @param store where it is
     */
    public AuthorityStore(OrgStore store) {
        this.store = store;
    }

    /**
     * Makes a further issuing CA, which issues from then on. With the root's key elsewhere it makes the new CA's key and a
     * request, which {@link RootSigning} signs on the machine where the root's key is.
     *
     * @param request its name, and where keys are
     * @param secrets protects the new key, and opens the root's
     * @return the CA or the request, and what was written
     * @throws CertsException if the name is not the next one ({@code CA_UNKNOWN}), the CA exists with another lifetime
     *     ({@code CA_EXISTS}), a key cannot be used, or the lock is held
     */
    public Change<IssuedAuthority> issue(AuthorityRequest request, SecretSource secrets) {
        OrgConfig config = store.config();
        return store.changing(
                "ca issue-intermediate", writer -> new AuthorityIssuance(store, config, writer).run(request, secrets));
    }

    /**
     * The name of the issuing CA that replaces another.
     *
     * @param name an issuing CA
     * @param signer where the new CA's key shall be instead of in a file, or null
     * @return the name with the next number
     * @throws CertsException if there is no such issuing CA ({@code CA_UNKNOWN}), or its key is in no file and nobody says
     *     where the new one shall be ({@code USAGE})
     */
    public String successor(String name, @Nullable SignerSpec signer) {
        store.config();
        AuthorityRecord before = store.authorities().stream()
                .filter(authority -> !authority.isRoot() && authority.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new CertsException(
                                ErrorCode.CA_UNKNOWN, Names.printable(name) + ": is no issuing CA of this organisation")
                        .hint("'certs-tool ca list' prints those there are; a root is replaced by 'rotate root'")
                        .about(Names.printable(name)));
        if (signer == null && List.of("pkcs11", "exec").contains(before.key())) {
            throw new CertsException(ErrorCode.USAGE, name + ": its key is in no file (" + before.key() + ")")
                    .hint("Say with --signer where the key of the new CA shall be; it needs a name of its own there")
                    .about(name);
        }
        return "issuing-" + (StoreLayout.numberOf(name).orElseThrow() + 1);
    }

    /**
     * What waits for the root's signature.
     *
     * @return the requests' files, in order of name
     */
    public List<Path> requests() {
        return StoreLayout.children(store.layout().requests()).stream()
                .filter(name -> !name.startsWith("."))
                .map(name -> name.endsWith(".json")
                        ? store.layout().requests().resolve(name)
                        : store.layout().requests().resolve(name).resolve("request.json"))
                .toList();
    }

    /**
     * The fingerprint of the key or the roots that a request is for.
     *
     * @param request the request's file
     * @return {@code SHA256:} and 64 hexadecimal digits, several joined by commas; empty for a CRL
     */
    public String requestedKey(Path request) {
        return RootSigning.read(OrgStore.readFile(request), request.toString(), store)
                .fingerprint();
    }

    /**
     * Installs what the machine with the root's key sent back: an issuing CA, with which a rotation begins if it was asked
     * for by one, the root's CRL, a partner's roots behind their fence, or the next root as the one before signed it.
     *
     * @param answer the file
     * @param where what to call it
     * @param secrets opens the new CA's key, which signs its first CRL
     * @return the CA that it is about, or that signed it, and what was written
     * @throws CertsException if it is no answer ({@code UNREADABLE}), not to a request of this store ({@code CA_UNKNOWN}),
     *     or not what was asked for ({@code VERIFICATION_FAILED})
     */
    public Change<AuthorityRecord> install(byte[] answer, String where, SecretSource secrets) {
        OrgConfig config = store.config();
        return store.changing("ca install", writer -> {
            try (var remembered = new RememberedSecret(secrets)) {
                return new RootAnswer(store, config, writer).install(answer, where, remembered);
            }
        });
    }
}
