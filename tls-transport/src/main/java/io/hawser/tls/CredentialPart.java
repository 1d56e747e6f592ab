package io.hawser.tls;

import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/** What a change of {@link TlsCredentials} can be about. */
public enum CredentialPart {
    /** The key or the certificates that are shown to peers. */
    OWN_CERTIFICATE,
    /** The roots. */
    ROOTS,
    /** The cross-certificates of partners. */
    PARTNERS,
    /** The revocation lists. */
    REVOCATION_LISTS,
    /** The nodes there are. */
    ROSTER,
    /** The certificates that are denied. */
    DENIED,
    /** Binding, namespaces, the longest life of certificates, the grace of revocation lists. */
    RULES;

    /** What differs between two. */
    static Set<CredentialPart> between(TlsIdentity before, TlsIdentity after) {
        var parts = EnumSet.noneOf(CredentialPart.class);
        TrustPolicy old = before.trust();
        TrustPolicy now = after.trust();
        add(
                parts,
                OWN_CERTIFICATE,
                before.chain().equals(after.chain()) && before.key().equals(after.key()));
        add(parts, ROOTS, Set.copyOf(old.roots()).equals(Set.copyOf(now.roots())));
        add(parts, PARTNERS, old.crossCertificates().equals(now.crossCertificates()));
        add(parts, REVOCATION_LISTS, Objects.equals(old.crls(), now.crls()));
        add(parts, ROSTER, old.roster().equals(now.roster()));
        add(parts, DENIED, old.denied().equals(now.denied()));
        add(
                parts,
                RULES,
                old.binding() == now.binding()
                        && old.trustDomain().equals(now.trustDomain())
                        && now.roots().stream()
                                .filter(old.roots()::contains)
                                .allMatch(root -> old.namespace(root).equals(now.namespace(root)))
                        && old.maxNodeLife().equals(now.maxNodeLife())
                        && old.crlGrace().equals(now.crlGrace()));
        return parts;
    }

    private static void add(Set<CredentialPart> parts, CredentialPart part, boolean same) {
        if (!same) {
            parts.add(part);
        }
    }
}
