package io.hawser.certs;

import java.security.Key;
import java.security.PrivateKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.jspecify.annotations.Nullable;

/** Puts certificates, CRLs and keys into words; what comes from the file is made fit to print. */
final class Descriptions {
    private static final List<String> KEY_USAGES = List.of(
            "digitalSignature",
            "nonRepudiation",
            "keyEncipherment",
            "dataEncipherment",
            "keyAgreement",
            "keyCertSign",
            "cRLSign",
            "encipherOnly",
            "decipherOnly");
    private static final Map<String, String> PURPOSES =
            Map.of("1.3.6.1.5.5.7.3.1", "serverAuth", "1.3.6.1.5.5.7.3.2", "clientAuth");

    private Descriptions() {}

    static Map<String, Object> certificate(String where, X509Certificate certificate, Instant now) {
        Map<String, Object> text = Json.object("file", where, "type", "certificate");
        text.put("subject", name(certificate.getSubjectX500Principal()));
        text.put("issuer", name(certificate.getIssuerX500Principal()));
        Identities.node(certificate).ifPresent(node -> text.put("node", node.toString()));
        text.put("dnsNames", printable(Identities.dnsNames(certificate)));
        text.put("uris", printable(Identities.uris(certificate)));
        text.put("serial", certificate.getSerialNumber().toString(16));
        text.put("notBefore", certificate.getNotBefore().toInstant().toString());
        text.put("notAfter", certificate.getNotAfter().toInstant().toString());
        text.put("daysLeft", daysLeft(certificate.getNotAfter(), now));
        text.put("valid", valid(certificate, now));
        text.put("key", key(certificate.getPublicKey()));
        text.put("signature", Names.printable(certificate.getSigAlgName()));
        int pathLength = certificate.getBasicConstraints();
        text.put("ca", pathLength >= 0);
        if (pathLength >= 0 && pathLength < Integer.MAX_VALUE) {
            text.put("pathLength", pathLength);
        }
        text.put("keyUsage", keyUsage(certificate));
        text.put("extendedKeyUsage", purposes(certificate));
        addNameConstraints(text, certificate);
        text.put("fingerprint", Fingerprints.of(certificate));
        return text;
    }

    static Map<String, Object> crl(String where, X509CRL crl, Instant now) {
        Map<String, Object> text = Json.object("file", where, "type", "crl");
        text.put("issuer", name(crl.getIssuerX500Principal()));
        text.put("number", CrlIssuer.number(crl).toString());
        text.put("thisUpdate", crl.getThisUpdate().toInstant().toString());
        Date next = crl.getNextUpdate();
        if (next != null) {
            text.put("nextUpdate", next.toInstant().toString());
            text.put("daysLeft", daysLeft(next, now));
        }
        text.put(
                "revoked",
                crl.getRevokedCertificates() == null
                        ? 0
                        : crl.getRevokedCertificates().size());
        text.put("signature", Names.printable(crl.getSigAlgName()));
        text.put("nameHash", OpensslNameHash.of(crl.getIssuerX500Principal()));
        return text;
    }

    static Map<String, Object> key(String where, PrivateKey key, boolean encrypted) {
        return Json.object(
                "file", where, "type", "private key", "key", key(key), "encrypted", encrypted, "opened", true);
    }

    /** Whole days until then, negative when it is over. */
    static long daysLeft(Date end, Instant now) {
        return Math.floorDiv(Duration.between(now, end.toInstant()).toSeconds(), 86_400);
    }

    private static String valid(X509Certificate certificate, Instant now) {
        if (now.isBefore(certificate.getNotBefore().toInstant())) {
            return "not yet";
        }
        return now.isAfter(certificate.getNotAfter().toInstant()) ? "expired" : "yes";
    }

    private static String key(Key key) {
        if (key instanceof ECKey ec) {
            return "EC P-" + ec.getParams().getCurve().getField().getFieldSize();
        }
        return key instanceof RSAKey rsa ? "RSA " + rsa.getModulus().bitLength() : Names.printable(key.getAlgorithm());
    }

    private static List<String> keyUsage(X509Certificate certificate) {
        var usages = new ArrayList<String>();
        boolean[] bits = certificate.getKeyUsage();
        for (int i = 0; bits != null && i < Math.min(bits.length, KEY_USAGES.size()); i++) {
            if (bits[i]) {
                usages.add(KEY_USAGES.get(i));
            }
        }
        return usages;
    }

    private static List<String> purposes(X509Certificate certificate) {
        try {
            List<String> oids = certificate.getExtendedKeyUsage();
            return oids == null
                    ? List.of()
                    : oids.stream().map(Descriptions::purpose).toList();
        } catch (CertificateParsingException e) {
            return List.of("unreadable");
        }
    }

    static String purpose(String oid) {
        return PURPOSES.getOrDefault(oid, oid);
    }

    private static void addNameConstraints(Map<String, Object> text, X509Certificate certificate) {
        byte[] value = certificate.getExtensionValue(Extension.nameConstraints.getId());
        if (value == null) {
            return;
        }
        NameConstraints constraints =
                NameConstraints.getInstance(ASN1OctetString.getInstance(value).getOctets());
        text.put("permitted", subtrees(constraints.getPermittedSubtrees()));
        text.put("excluded", subtrees(constraints.getExcludedSubtrees()));
    }

    /** What critical name constraints permit; empty when there are none, or when they exclude something too. */
    static List<String> permitted(X509Certificate certificate) {
        byte[] value = certificate.getExtensionValue(Extension.nameConstraints.getId());
        if (value == null || !certificate.getCriticalExtensionOIDs().contains(Extension.nameConstraints.getId())) {
            return List.of();
        }
        try {
            NameConstraints constraints = NameConstraints.getInstance(
                    ASN1OctetString.getInstance(value).getOctets());
            return constraints.getExcludedSubtrees() == null ? subtrees(constraints.getPermittedSubtrees()) : List.of();
        } catch (IllegalArgumentException | ClassCastException e) {
            return List.of("unreadable");
        }
    }

    private static List<String> subtrees(GeneralSubtree @Nullable [] subtrees) {
        var names = new ArrayList<String>();
        for (int i = 0; subtrees != null && i < subtrees.length; i++) {
            int tag = subtrees[i].getBase().getTagNo();
            String kind = tag == 2 ? "DNS:" : tag == 6 ? "URI:" : "[" + tag + "]:";
            names.add(kind + Names.printable(subtrees[i].getBase().getName().toString()));
        }
        return names;
    }

    private static String name(X500Principal name) {
        return Names.printable(name.getName(), 400);
    }

    private static List<String> printable(List<String> names) {
        return names.stream().map(name -> Names.printable(name, 300)).toList();
    }
}
