package io.hawser.tls;

import io.hawser.term.NodeName;
import io.hawser.tls.IdentityFiles.Revocation;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * What a node shows to its peers, a private key and its certificates, and with it whom it trusts: a {@link TrustPolicy}.
 *
 * <p>Immutable.
 */
public final class TlsIdentity {
    private final PrivateKey key;
    private final List<X509Certificate> chain;
    private final TrustPolicy trust;

    TlsIdentity(PrivateKey key, List<X509Certificate> chain, TrustPolicy trust) {
        this.key = key;
        this.chain = List.copyOf(chain);
        this.trust = trust.trustDomain().isPresent()
                ? trust
                : CertificateNames.of(chain.get(0))
                        .spiffeName()
                        .map(name -> trust.withTrustDomain(name.trustDomain()))
                        .orElse(trust);
    }

    /**
     * Reads a directory that {@code certs-tool export java} wrote (it holds {@code tls.properties}; binding
     * {@link NameBinding#FULL} when the file does not say), or one with {@code key.pem}, {@code cert.pem} (own
     * certificate, then intermediates), {@code trust.pem} and {@code crl.pem} (binding {@link NameBinding#HOST}).
     *
     * <p>Files that hold a key or a password must be readable by their owner only.
     *
     * @param directory where the files are
     * @return the identity
     * @throws TlsConfigurationException if a file is missing, unfit, or does not match the others
     */
    public static TlsIdentity load(Path directory) {
        return IdentityFiles.ofDirectory(directory, null, Revocation.REQUIRED, new FilesRead());
    }

    /**
     * Reads a directory as {@link #load(Path)} does, with the stores' password given.
     *
     * @param directory where the files are
     * @param password opens the key store and the trust store; not changed, not kept
     * @return the identity
     * @throws TlsConfigurationException if a file is missing, unfit, or does not match the others
     */
    public static TlsIdentity load(Path directory, char[] password) {
        return IdentityFiles.ofDirectory(directory, password, Revocation.REQUIRED, new FilesRead());
    }

    /**
     * Reads a directory as {@link #load(Path)} does, but takes plain PEM files without {@code crl.pem}: then no certificate
     * is ever looked up in a revocation list. Insecure: a stolen key is good until its certificate ends.
     *
     * @param directory where the files are
     * @return the identity
     * @throws TlsConfigurationException if another file is missing, or one is unfit, or does not match the others
     */
    public static TlsIdentity insecureLoadWithoutRevocation(Path directory) {
        return IdentityFiles.ofDirectory(directory, null, Revocation.INSECURELY_OPTIONAL, new FilesRead());
    }

    /**
     * Reads PEM files; binding {@link NameBinding#HOST}, no revocation lists. Insecure: a stolen key is good until its
     * certificate ends.
     *
     * @param certificates the own certificate, then intermediates
     * @param key the private key, unencrypted, as PKCS#8, SEC1 or PKCS#1; readable by its owner only
     * @param trust the roots that are trusted
     * @return the identity
     * @throws TlsConfigurationException if a file is missing, unfit, or does not match the others
     */
    public static TlsIdentity insecureOfPemWithoutRevocation(Path certificates, Path key, Path trust) {
        return IdentityFiles.ofPem(certificates, key, trust, null, new FilesRead());
    }

    /**
     * Reads PEM files; binding {@link NameBinding#HOST}.
     *
     * @param certificates the own certificate, then intermediates
     * @param key the private key, unencrypted, as PKCS#8, SEC1 or PKCS#1; readable by its owner only
     * @param trust the roots that are trusted
     * @param crls revocation lists of every CA that peers' certificates may come from; a CA without one is refused
     * @return the identity
     * @throws TlsConfigurationException if a file is missing, unfit, or does not match the others
     */
    public static TlsIdentity ofPem(Path certificates, Path key, Path trust, Path crls) {
        return IdentityFiles.ofPem(certificates, key, trust, crls, new FilesRead());
    }

    /**
     * Returns this identity with another binding.
     *
     * @param wanted how peers' certificates must carry their names
     * @return the changed copy
     * @throws TlsConfigurationException if {@code wanted} is {@link NameBinding#FULL} and the own certificate does not
     *     carry a name of that form
     */
    public TlsIdentity withBinding(NameBinding wanted) {
        return OwnCertificate.checkedForBinding(new TlsIdentity(key, chain, trust.withBinding(wanted)));
    }

    /**
     * Returns this identity with other peers trusted.
     *
     * @param wanted whom to trust
     * @return the changed copy
     * @throws TlsConfigurationException if {@code wanted} has the binding {@link NameBinding#FULL} and the own certificate
     *     does not carry a name of that form
     */
    public TlsIdentity withTrust(TrustPolicy wanted) {
        return OwnCertificate.checkedForBinding(new TlsIdentity(key, chain, wanted));
    }

    /**
     * Returns whom the node trusts.
     *
     * @return the policy
     */
    public TrustPolicy trust() {
        return trust;
    }

    /**
     * Returns how peers' certificates must carry their names.
     *
     * @return the binding
     */
    public NameBinding binding() {
        return trust.binding();
    }

    /**
     * Returns the trust domain that peers must be of, unless the policy binds one to their root or cross-certificate.
     *
     * @return the domain; empty if the files and the own certificate do not say
     */
    public Optional<String> trustDomain() {
        return trust.trustDomain();
    }

    /**
     * Returns the node name in the own certificate.
     *
     * @return empty if the certificate does not carry a whole name
     */
    public Optional<NodeName> node() {
        return CertificateNames.of(certificate()).spiffeName().map(SpiffeName::node);
    }

    /**
     * Returns the own certificate.
     *
     * @return the certificate that peers see
     */
    public X509Certificate certificate() {
        return chain.get(0);
    }

    PrivateKey key() {
        return key;
    }

    List<X509Certificate> chain() {
        return chain;
    }

    /** The names in the certificate; never the key. */
    @Override
    public String toString() {
        return "TlsIdentity[" + CertificateNames.of(certificate()).describe() + ", " + trust.binding() + "]";
    }
}
