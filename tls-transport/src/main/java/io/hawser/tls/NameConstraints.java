package io.hawser.tls;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/**
 * What the name constraints of a CA certificate permit, as far as node names go (RFC 5280, 4.2.1.10). They are enforced by
 * the JDK with the path; this reads them to know whose nodes are below. Immutable.
 *
 * @param dns the permitted DNS names
 * @param uris the permitted hosts of URIs
 */
record NameConstraints(List<String> dns, List<String> uris) {
    static final String OID = "2.5.29.30";
    private static final int PERMITTED = 0xA0;
    private static final int DNS = 0x82;
    private static final int URI = 0x86;

    NameConstraints {
        dns = List.copyOf(dns);
        uris = List.copyOf(uris);
    }

    /**
     * Reads them.
     *
     * @return nothing permitted where there are none, or none that are critical
     * @throws IllegalArgumentException if they are malformed
     */
    static NameConstraints of(X509Certificate ca) {
        var dns = new ArrayList<String>();
        var uris = new ArrayList<String>();
        byte[] extension = ca.getExtensionValue(OID);
        if (extension != null && ca.getCriticalExtensionOIDs().contains(OID)) {
            Der constraints = new Der(extension).next().inside().next().inside();
            while (constraints.hasNext()) {
                Der.Element subtrees = constraints.next();
                if (subtrees.tag() == PERMITTED) {
                    addBases(subtrees.inside(), dns, uris);
                }
            }
        }
        return new NameConstraints(dns, uris);
    }

    private static void addBases(Der subtrees, List<String> dns, List<String> uris) {
        while (subtrees.hasNext()) {
            Der.Element base = subtrees.next().inside().next();
            String name = base.ascii();
            if (base.tag() == DNS) {
                dns.add(name);
            } else if (base.tag() == URI) {
                uris.add(name);
            }
        }
    }
}
