package io.hawser.tls;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whom a node trusts, in both roles: roots and what each may name, partners' cross-certificates, revocation lists, the
 * roster, the certificates that are denied, and how names must be carried.
 *
 * <p>Partners come in through a cross-certificate that lies with us, is signed by our root and permits their names only; a
 * root of theirs among our roots could name our nodes.
 *
 * <p>Immutable.
 */
public final class TrustPolicy {
    private final List<X509Certificate> roots;
    private final Map<X509Certificate, Namespace> namespaces;
    private final List<CrossCertificate> crossCertificates;
    private final @Nullable List<X509CRL> crls;
    private final Duration crlGrace;
    private final NameBinding binding;
    private final @Nullable String trustDomain;
    private final @Nullable Set<String> roster;
    private final DenyList denied;
    private final @Nullable Duration maxNodeLife;

    private TrustPolicy(Parts parts) {
        this.roots = List.copyOf(parts.roots);
        this.namespaces = Map.copyOf(parts.namespaces);
        this.crossCertificates = List.copyOf(parts.crossCertificates);
        this.crls = parts.crls == null ? null : List.copyOf(parts.crls);
        this.crlGrace = parts.crlGrace;
        this.binding = parts.binding;
        this.trustDomain = parts.trustDomain;
        this.roster = parts.roster == null ? null : Set.copyOf(parts.roster);
        this.denied = parts.denied;
        this.maxNodeLife = parts.maxNodeLife;
    }

    /** What a policy is made of. Not thread-safe; used by one caller at a time. */
    static final class Parts {
        private final List<X509Certificate> roots;
        private final NameBinding binding;
        Map<X509Certificate, Namespace> namespaces = Map.of();
        List<CrossCertificate> crossCertificates = List.of();

        @Nullable
        List<X509CRL> crls;

        Duration crlGrace = Duration.ZERO;

        @Nullable
        String trustDomain;

        @Nullable
        Set<String> roster;

        DenyList denied = DenyList.EMPTY;

        @Nullable
        Duration maxNodeLife;

        Parts(List<X509Certificate> roots, NameBinding binding) {
            this.roots = roots;
            this.binding = binding;
        }

        TrustPolicy build() {
            if (roots.isEmpty()) {
                throw new TlsConfigurationException("roots: none (expected: those that peers' certificates come from)");
            }
            return new TrustPolicy(this);
        }
    }

    private Parts parts(NameBinding wanted) {
        var parts = new Parts(roots, wanted);
        parts.namespaces = namespaces;
        parts.crossCertificates = crossCertificates;
        parts.crls = crls;
        parts.crlGrace = crlGrace;
        parts.trustDomain = trustDomain;
        parts.roster = roster;
        parts.denied = denied;
        parts.maxNodeLife = maxNodeLife;
        return parts;
    }

    /**
     * Reads whom to trust from a directory as {@link TlsIdentity#load(Path)} does, and leaves the key aside.
     *
     * @param directory where the files are
     * @return the policy
     * @throws TlsConfigurationException if a file is missing, unfit, or does not match the others
     */
    public static TrustPolicy load(Path directory) {
        return TlsIdentity.load(directory).trust();
    }

    /**
     * Reads PEM files; binding {@link NameBinding#HOST}, and no roster.
     *
     * @param trust the roots that are trusted
     * @param crls revocation lists of every CA that peers' certificates may come from; a CA without one is refused
     * @return the policy
     * @throws TlsConfigurationException if a file is missing or unfit
     */
    public static TrustPolicy ofPem(Path trust, Path crls) {
        return IdentityFiles.trustOfPem(trust, crls, new FilesRead());
    }

    /**
     * Returns this policy with another binding.
     *
     * @param wanted how peers' certificates must carry their names
     * @return the changed copy
     */
    public TrustPolicy withBinding(NameBinding wanted) {
        return parts(requireNonNull(wanted, "wanted")).build();
    }

    TrustPolicy withTrustDomain(String domain) {
        Parts parts = parts(binding);
        parts.trustDomain = domain;
        return parts.build();
    }

    /**
     * Returns how peers' certificates must carry their names.
     *
     * @return the binding
     */
    public NameBinding binding() {
        return binding;
    }

    /**
     * Returns the trust domain of nodes whose root has none of its own in the policy.
     *
     * @return the domain; empty if nothing says
     */
    public Optional<String> trustDomain() {
        return Optional.ofNullable(trustDomain);
    }

    /**
     * Returns the roots that are trusted.
     *
     * @return at least one, unmodifiable
     */
    public List<X509Certificate> roots() {
        return roots;
    }

    /**
     * Returns whether peers' certificates are looked up in revocation lists.
     *
     * @return false if the policy was made insecurely, without lists
     */
    public boolean checksRevocation() {
        return crls != null;
    }

    /**
     * Returns the URIs of the nodes that may connect.
     *
     * @return empty if every node with a valid certificate may
     */
    public Optional<Set<String>> roster() {
        return Optional.ofNullable(roster);
    }

    /** What the certificates below a root may name; empty if that is not bound to the root. */
    Optional<Namespace> namespace(X509Certificate root) {
        return Optional.ofNullable(namespaces.get(root));
    }

    List<CrossCertificate> crossCertificates() {
        return crossCertificates;
    }

    /** The revocation lists; null when revocation is not checked. */
    @Nullable
    List<X509CRL> crls() {
        return crls;
    }

    Duration crlGrace() {
        return crlGrace;
    }

    DenyList denied() {
        return denied;
    }

    Optional<Duration> maxNodeLife() {
        return Optional.ofNullable(maxNodeLife);
    }

    /** How much there is of each kind. */
    @Override
    public String toString() {
        return "TrustPolicy[" + binding + ", roots: " + roots.size() + ", partners: " + crossCertificates.size()
                + ", CRLs: " + (crls == null ? "not checked" : crls.size()) + ", roster: "
                + (roster == null ? "anybody" : roster.size()) + "]";
    }
}
