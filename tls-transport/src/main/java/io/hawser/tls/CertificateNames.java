package io.hawser.tls;

import io.hawser.term.NodeName;
import io.hawser.term.Printable;
import io.netty.util.NetUtil;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The subject alternative names of a certificate that matter here (RFC 5280, 4.2.1.6). The common name never does.
 * Immutable.
 */
record CertificateNames(List<String> uris, List<String> dns, List<String> addresses) {
    private static final int DNS = 2;
    private static final int URI = 6;
    private static final int IP = 7;
    /** How many names a message shows. */
    private static final int SHOWN = 4;

    CertificateNames {
        uris = List.copyOf(uris);
        dns = List.copyOf(dns);
        addresses = List.copyOf(addresses);
    }

    /** Reads the names; none where the extension is missing or cannot be read. */
    static CertificateNames of(X509Certificate certificate) {
        var uris = new ArrayList<String>();
        var dns = new ArrayList<String>();
        var addresses = new ArrayList<String>();
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            for (List<?> name : names == null ? List.<List<?>>of() : names) {
                List<String> kind = switch ((Integer) name.get(0)) {
                    case DNS -> dns;
                    case URI -> uris;
                    case IP -> addresses;
                    default -> new ArrayList<>();
                };
                kind.add(String.valueOf(name.get(1)));
            }
        } catch (CertificateParsingException e) {
            return new CertificateNames(List.of(), List.of(), List.of());
        }
        return new CertificateNames(uris, dns, addresses);
    }

    /** The whole node name, if there is exactly one URI and it is one. */
    Optional<SpiffeName> spiffeName() {
        return uris.size() == 1 ? SpiffeName.parse(uris.get(0)) : Optional.empty();
    }

    /** Whether who has these names is the node that had the others: nobody who was that one is not this one. */
    boolean isStill(CertificateNames before, NameBinding binding) {
        return switch (binding) {
            case FULL -> spiffeName().isPresent() && spiffeName().equals(before.spiffeName());
            case HOST -> dns.containsAll(before.dns) && addresses.containsAll(before.addresses);
        };
    }

    /** Why a peer with these names may not be the node; empty if it may. See {@link NameBinding}. */
    Optional<String> refusal(NodeName name, NameBinding binding, Optional<String> trustDomain) {
        Optional<String> reason = switch (binding) {
            case FULL -> fullRefusal(name, trustDomain);
            case HOST -> hostRefusal(name);
        };
        return reason.map(text -> "the peer's certificate " + text);
    }

    private Optional<String> fullRefusal(NodeName name, Optional<String> trustDomain) {
        String expected = " (expected: " + SpiffeName.expected(trustDomain, name) + ")";
        Optional<SpiffeName> found = spiffeName();
        if (found.isEmpty()) {
            return Optional.of(
                    uris.size() == 1
                            ? "is for " + describe() + expected
                            : "has " + uris.size() + " URI names"
                                    + expected.replace("expected:", "expected: exactly one,"));
        }
        if (!found.get().node().equals(name)) {
            return Optional.of("is for " + found.get().node() + expected);
        }
        if (trustDomain.isPresent() && !trustDomain.get().equals(found.get().trustDomain())) {
            return Optional.of("is of the trust domain " + found.get().trustDomain() + expected);
        }
        if (dns.stream().noneMatch(name.host()::equalsIgnoreCase)) {
            return Optional.of(
                    "has no DNS name of the host (found: " + shown(dns) + ", expected: DNS " + name.host() + ")");
        }
        return Optional.empty();
    }

    private Optional<String> hostRefusal(NodeName name) {
        String host = name.host();
        byte[] address = NetUtil.createByteArrayFromIpAddressString(host);
        boolean matches = dns.stream().anyMatch(host::equalsIgnoreCase)
                || (address != null && addresses.stream().anyMatch(found -> isAddress(found, address)));
        if (matches) {
            return Optional.empty();
        }
        String kind = address == null ? "DNS " : "IP ";
        return Optional.of("is for " + describe() + " (expected: " + kind + host + ")");
    }

    private static boolean isAddress(String found, byte[] address) {
        return Arrays.equals(NetUtil.createByteArrayFromIpAddressString(found), address);
    }

    /** The names in one line: the node if it is whole, else each. */
    String describe() {
        Optional<SpiffeName> whole = spiffeName();
        if (whole.isPresent()) {
            return whole.get().node().toString();
        }
        var all = new ArrayList<String>();
        uris.forEach(uri -> all.add("URI " + uri));
        dns.forEach(name -> all.add("DNS " + name));
        addresses.forEach(address -> all.add("IP " + address));
        return shown(all);
    }

    private static String shown(List<String> names) {
        if (names.isEmpty()) {
            return "nobody";
        }
        String shown = String.join(", ", names.subList(0, Math.min(SHOWN, names.size())));
        return Printable.of(names.size() > SHOWN ? shown + ", and " + (names.size() - SHOWN) + " more" : shown);
    }
}
