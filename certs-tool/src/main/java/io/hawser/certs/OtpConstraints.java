package io.hawser.certs;

import java.net.URI;
import java.net.URISyntaxException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.jspecify.annotations.Nullable;

/**
 * Name constraints as Erlang's public_key reads them, which is not in all things as RFC 5280 does: measured on OTP 25 and 27.
 * Knows DNS names and URIs. Not thread-safe; used for one path.
 */
final class OtpConstraints {
    private static final int DNS = 2;
    private static final int URI_NAME = 6;
    private static final int IP = 7;

    private final boolean old;
    private @Nullable List<Entry> permitted;
    private final List<Entry> excluded = new ArrayList<>();

    private record Entry(int kind, String base) {}

    /** @param old whether to read them as OTP 25 does */
    OtpConstraints(boolean old) {
        this.old = old;
    }

    /** Adds what a CA permits and excludes; from the root downwards. */
    void add(X509Certificate authority) {
        byte[] value = authority.getExtensionValue(Extension.nameConstraints.getId());
        if (value == null) {
            return;
        }
        var constraints =
                NameConstraints.getInstance(ASN1OctetString.getInstance(value).getOctets());
        GeneralSubtree[] trees = constraints.getPermittedSubtrees();
        if (trees != null) {
            List<Entry> further = entries(trees);
            permitted = permitted == null ? further : intersection(further, permitted);
        }
        if (constraints.getExcludedSubtrees() != null) {
            excluded.addAll(entries(constraints.getExcludedSubtrees()));
        }
    }

    private static List<Entry> entries(GeneralSubtree[] trees) {
        var entries = new ArrayList<Entry>();
        for (GeneralSubtree tree : trees) {
            entries.add(new Entry(
                    tree.getBase().getTagNo(),
                    tree.getBase().getName().toString().toLowerCase(Locale.ROOT)));
        }
        return entries;
    }

    /** Each is held against the first of its kind there is: the same stays, another becomes empty, which permits nothing. */
    private static List<Entry> intersection(List<Entry> further, List<Entry> before) {
        var result = new ArrayList<>(before);
        for (Entry entry : further) {
            int same = 0;
            while (same < result.size() && result.get(same).kind() != entry.kind()) {
                same++;
            }
            if (same == result.size()) {
                result.add(entry);
            } else if (!result.get(same).equals(entry)) {
                result.set(same, new Entry(entry.kind(), ""));
            }
        }
        return result;
    }

    /** Why a leaf's names are refused, or empty. */
    Optional<String> refusal(X509Certificate leaf) {
        for (String name : Identities.dnsNames(leaf)) {
            if (!passes(DNS, name)) {
                return Optional.of("the DNS name " + Names.printable(name) + " is outside the name constraints");
            }
        }
        for (String name : Identities.uris(leaf)) {
            if (!passes(URI_NAME, name)) {
                return Optional.of("the URI " + Names.printable(name) + " is outside the name constraints");
            }
        }
        var all = new ArrayList<>(excluded);
        all.addAll(permitted == null ? List.of() : permitted);
        boolean constrainsAddresses = all.stream().anyMatch(entry -> entry.kind() == IP);
        return constrainsAddresses && Identities.hasAddress(leaf)
                ? Optional.of("an IP address below a constraint on addresses crashes it")
                : Optional.empty();
    }

    private boolean passes(int kind, String name) {
        List<String> allowed = bases(permitted == null ? List.of() : permitted, kind);
        List<String> denied = bases(excluded, kind);
        return (allowed.isEmpty() || matches(kind, name, allowed))
                && (denied.isEmpty() || !matches(kind, name, denied));
    }

    private static List<String> bases(List<Entry> entries, int kind) {
        return entries.stream()
                .filter(entry -> entry.kind() == kind)
                .map(Entry::base)
                .toList();
    }

    private boolean matches(int kind, String name, List<String> bases) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (kind == URI_NAME) {
            String host = host(lower);
            return !host.isEmpty()
                    && bases.stream().anyMatch(base -> base.startsWith(".") ? host.endsWith(base) : host.equals(base));
        }
        for (int i = 0; i < bases.size(); i++) {
            String base = bases.get(i);
            if (old) {
                // the first is held against whole labels, the others are plain endings
                if (lower.endsWith(i == 0 ? "." + base : base) || (i == 0 && lower.equals(base))) {
                    return true;
                }
            } else if (lower.equals(base) || lower.endsWith(base.startsWith(".") ? base : "." + base)) {
                return true;
            }
        }
        return false;
    }

    private static String host(String uri) {
        try {
            String host = new URI(uri).getHost();
            return host == null ? "" : host;
        } catch (URISyntaxException e) {
            return "";
        }
    }
}
