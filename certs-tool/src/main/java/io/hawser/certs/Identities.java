package io.hawser.certs;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;

/** Reads node names back from certificates. */
final class Identities {
    private static final int DNS = 2;
    private static final int URI = 6;
    private static final int IP = 7;
    private static final Pattern NODE_URI = Pattern.compile("spiffe://([^/]+)/node/([^/]+)/([^/]+)");

    private Identities() {}

    static List<String> dnsNames(X509Certificate certificate) {
        return names(certificate, DNS);
    }

    static List<String> uris(X509Certificate certificate) {
        return names(certificate, URI);
    }

    /** Whether a certificate has alternative names at all. */
    static boolean hasNames(X509Certificate certificate) {
        return certificate.getExtensionValue("2.5.29.17") != null;
    }

    /** Whether one of the alternative names is an IP address. */
    static boolean hasAddress(X509Certificate certificate) {
        return !names(certificate, IP).isEmpty();
    }

    /** The common name of the subject, the first if there are several. */
    static Optional<String> commonName(X509Certificate certificate) {
        return commonName(certificate.getSubjectX500Principal());
    }

    static Optional<String> commonName(X500Principal name) {
        RDN[] names = X500Name.getInstance(name.getEncoded()).getRDNs(BCStyle.CN);
        return names.length == 0
                ? Optional.empty()
                : Optional.of(IETFUtils.valueToString(names[0].getFirst().getValue()));
    }

    /** The URI, when there is exactly one. */
    static Optional<String> uri(X509Certificate certificate) {
        List<String> uris = uris(certificate);
        return uris.size() == 1 ? Optional.of(uris.get(0)) : Optional.empty();
    }

    /** The node a certificate stands for, when its URI names one and its DNS name agrees. */
    static Optional<NodeName> node(X509Certificate certificate) {
        return uri(certificate)
                .flatMap(Identities::nodeOf)
                .filter(node -> dnsNames(certificate).contains(node.host()));
    }

    /** The node a URI names, in whatever trust domain. */
    static Optional<NodeName> nodeOf(String uri) {
        Matcher matcher = NODE_URI.matcher(uri);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new NodeName(matcher.group(3), matcher.group(2)));
        } catch (CertsException e) {
            return Optional.empty(); // well-formed URI, but not a name this tool would issue
        }
    }

    private static List<String> names(X509Certificate certificate, int type) {
        var names = new ArrayList<String>();
        try {
            Collection<List<?>> all = certificate.getSubjectAlternativeNames();
            if (all != null) {
                for (List<?> name : all) {
                    if (name.get(0).equals(type)) {
                        names.add(String.valueOf(name.get(1)));
                    }
                }
            }
        } catch (CertificateParsingException e) {
            return List.of(); // names that cannot be read identify nobody
        }
        return names;
    }
}
