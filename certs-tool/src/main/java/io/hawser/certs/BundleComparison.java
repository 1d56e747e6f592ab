package io.hawser.certs;

import java.math.BigInteger;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** Puts the difference between two bundles of one organisation into lines. */
final class BundleComparison {
    private BundleComparison() {}

    static TrustDiff compare(Optional<TrustBundle> before, TrustBundle after) {
        var lines = new ArrayList<String>();
        if (before.isPresent()) {
            String from = describe(before.get().namespace());
            String to = describe(after.namespace());
            if (!from.equals(to)) {
                lines.add("! names " + from + " become " + to);
            }
            if (after.sequence() < before.get().sequence()) {
                lines.add("! older than the bundle there is");
            }
        } else {
            lines.add("+ names " + describe(after.namespace()));
        }
        addDifference(lines, "root ", names(before.map(TrustBundle::roots).orElse(List.of())), names(after.roots()));
        addDifference(
                lines,
                "issuing CA ",
                names(before.map(TrustBundle::issuing).orElse(List.of())),
                names(after.issuing()));
        addDifference(lines, "node ", before.map(TrustBundle::nodes).orElse(List.of()), after.nodes());
        addCrls(lines, before.map(TrustBundle::crls).orElse(List.of()), after.crls());
        return new TrustDiff(
                after.org(),
                before.isPresent(),
                before.map(TrustBundle::sequence).orElse(0L),
                after.sequence(),
                lines);
    }

    private static void addDifference(List<String> lines, String what, Collection<?> before, Collection<?> after) {
        var gone = new TreeSet<String>();
        before.forEach(each -> gone.add(each.toString()));
        var come = new TreeSet<String>();
        after.forEach(each -> come.add(each.toString()));
        gone.stream().filter(each -> !come.contains(each)).forEach(each -> lines.add("- " + what + each));
        come.stream().filter(each -> !gone.contains(each)).forEach(each -> lines.add("+ " + what + each));
    }

    private static void addCrls(List<String> lines, List<X509CRL> before, List<X509CRL> after) {
        Map<String, BigInteger> numbers = new TreeMap<>();
        before.forEach(crl -> numbers.put(crl.getIssuerX500Principal().getName(), CrlIssuer.number(crl)));
        for (X509CRL crl : after) {
            String issuer = crl.getIssuerX500Principal().getName();
            BigInteger old = numbers.get(issuer);
            if (!CrlIssuer.number(crl).equals(old)) {
                lines.add("+ CRL " + CrlIssuer.number(crl) + " of " + Names.printable(issuer) + ", until "
                        + crl.getNextUpdate().toInstant());
            }
        }
        var revoked = Revocations.of(before).entries().keySet();
        Revocations.of(after).entries().forEach((key, entry) -> {
            if (!revoked.contains(key)) {
                lines.add("+ revoked " + entry.serial().toString(16) + " (" + entry.reason() + ")");
            }
        });
    }

    private static List<String> names(List<X509Certificate> certificates) {
        return certificates.stream()
                .map(certificate -> Names.printable(
                                certificate.getSubjectX500Principal().getName()) + " " + Fingerprints.of(certificate))
                .toList();
    }

    private static String describe(Namespace namespace) {
        return namespace.domain() + " and spiffe://" + namespace.trustDomain();
    }
}
