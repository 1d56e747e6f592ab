package io.hawser.certs;

import java.security.PublicKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/**
 * Holds certificates, of this tool or another, against what all runtimes of a mesh take: OTP 25 and later, OpenSSL, the JDK.
 * Looks at each certificate by itself; whether a chain is valid is another question. Not thread-safe; used by one caller at
 * a time.
 */
public final class Linter {
    private static final int OTHER_NAME = 0;
    private static final int IP = 7;
    private static final String CONSTRAINTS = "2.5.29.30";
    private static final String POLICIES = "2.5.29.32";
    private static final String SAN = "2.5.29.17";
    private static final String BASIC = "2.5.29.19";
    private static final String USAGE = "2.5.29.15";
    private static final String SKI = "2.5.29.14";
    private static final String AKI = "2.5.29.35";
    private static final Pattern HOST_SHAPED = Pattern.compile("(?i)[a-z0-9*]([a-z0-9.-]*[a-z0-9])?");
    private static final Pattern COMMON_NAME = Pattern.compile("(?i)(?:^|,)CN=((?:\\\\.|[^,\\\\])*)");
    private static final Set<String> BOTH_ROLES = Set.of("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
    private static final Duration LONGEST_NODE_LIFE = Duration.ofDays(398);

    private final List<LintFinding> findings = new ArrayList<>();
    private int certificates;

    /** A linter that has seen nothing yet. */
    public Linter() {}

    /**
     * Looks at every certificate in a PEM or DER file.
     *
     * @param where what to call the file
     * @param content the file's bytes
     * @throws CertsException if it holds no certificate ({@code UNREADABLE})
     */
    public void add(String where, byte[] content) {
        for (X509Certificate certificate : Pem.readCertificates(content, where)) {
            certificates++;
            new One(where, certificate).lint();
        }
    }

    /**
     * How many certificates were looked at.
     *
     * @return the number
     */
    public int certificates() {
        return certificates;
    }

    /**
     * What was found.
     *
     * @return in the order of the files
     */
    public List<LintFinding> findings() {
        return List.copyOf(findings);
    }

    /** One certificate. */
    private final class One {
        private final String where;
        private final X509Certificate certificate;
        private final String subject;

        One(String where, X509Certificate certificate) {
            this.where = where;
            this.certificate = certificate;
            this.subject = Names.printable(certificate.getSubjectX500Principal().getName());
        }

        void lint() {
            everywhere();
            if (certificate.getBasicConstraints() >= 0) {
                authority();
            } else {
                node();
            }
        }

        private void everywhere() {
            if (!isStrong(certificate.getPublicKey())) {
                error("weak-or-odd-key", "EC P-256, EC P-384 and RSA with at least 3072 bits work everywhere");
            }
            String signature = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
            if (!signature.matches("SHA(256|384|512)WITH(ECDSA|RSA)")) {
                error("signature", Names.printable(signature) + " is not SHA-256 or better with ECDSA or RSA");
            }
            if (certificate.getSerialNumber().signum() <= 0
                    || certificate.getSerialNumber().bitLength() > 159) {
                error("serial", "must be positive and at most 20 octets");
            } else if (certificate.getSerialNumber().bitLength() < 64) {
                advice("serial-guessable", "has fewer than 64 bits");
            }
            if (certificate.getExtensionValue(SKI) == null) {
                advice("no-subject-key-id", "paths are found more slowly without");
            }
            boolean selfIssued = certificate.getIssuerX500Principal().equals(certificate.getSubjectX500Principal());
            if (!selfIssued && certificate.getExtensionValue(AKI) == null) {
                error("no-authority-key-id", "RFC 5280 wants one, and OpenSSL with -x509_strict refuses");
            }
            if (certificate.getExtensionValue(BASIC) == null || !critical().contains(BASIC)) {
                error("basic-constraints", "must be there and critical");
            }
            if (critical().contains(POLICIES)) {
                error("critical-policies", "OTP 25 refuses critical certificatePolicies");
            }
            if (!critical().contains(USAGE)) {
                advice("key-usage-not-critical", "keyUsage should be there and critical");
            }
        }

        private void authority() {
            boolean root = certificate.getIssuerX500Principal().equals(certificate.getSubjectX500Principal());
            if (!usage(5) || !usage(6)) {
                error("ca-key-usage", "needs keyCertSign and cRLSign");
            }
            var matcher =
                    COMMON_NAME.matcher(certificate.getSubjectX500Principal().getName());
            if (matcher.find() && HOST_SHAPED.matcher(matcher.group(1)).matches()) {
                error("ca-name-like-a-host", "the JDK takes the common name for a DNS name below name constraints");
            }
            List<String> permitted = Descriptions.permitted(certificate);
            boolean constrained = certificate.getExtensionValue(CONSTRAINTS) != null;
            if (root && constrained) {
                error("constraints-on-root", "OTP and the JDK do not enforce constraints of an anchor");
            }
            if (root && certificate.getBasicConstraints() < 2) {
                error("root-path-length", "OpenSSL counts it: root, cross-certificate, issuing CA, node need 2");
            }
            if (constrained && !critical().contains(CONSTRAINTS)) {
                error("constraints-not-critical", "a runtime may pass over them");
            }
            if (permitted.stream().anyMatch(name -> name.startsWith("DNS:."))) {
                error("constraint-with-dot", "OTP 25 refuses all names below a DNS constraint with a leading dot");
            }
            if (permitted.stream().anyMatch(name -> name.startsWith("[7]"))) {
                error("ip-constraint", "OTP crashes on IP constraints");
            }
            if (permitted.stream().filter(name -> name.startsWith("DNS:")).count() > 1) {
                error("two-dns-constraints", "OTP 25 compares with the second as a plain suffix: evilorga.test passes");
            }
            if (!root && !constrained) {
                advice("unconstrained-ca", "nothing keeps it to its organisation's names");
            }
        }

        private void node() {
            if (!usage(0)) {
                error("key-usage", "OTP 27 and TLS 1.3 need digitalSignature");
            }
            if (!purposes().containsAll(BOTH_ROLES)) {
                error("one-role", "a node is server and client, and needs both extended key usages");
            }
            if (Duration.between(
                                    certificate.getNotBefore().toInstant(),
                                    certificate.getNotAfter().toInstant())
                            .compareTo(LONGEST_NODE_LIFE)
                    > 0) {
                advice("long-life", "lasts over " + LONGEST_NODE_LIFE.toDays() + " days");
            }
            names();
        }

        private void names() {
            if (certificate.getExtensionValue(SAN) == null) {
                error("no-alternative-name", "OTP 25 falls back to the common name, past all constraints");
                return;
            }
            List<String> hosts = Identities.dnsNames(certificate);
            List<String> uris = Identities.uris(certificate);
            if (hosts.isEmpty()) {
                error("no-dns-name", "the host is all that OTP checks");
            }
            if (hosts.stream().anyMatch(host -> host.contains("*"))) {
                error("wildcard", "OTP refuses wildcards, and a certificate stands for one node");
            }
            if (uris.size() != 1) {
                error("not-one-uri", "has " + uris.size() + " URIs; the node's whole name is in exactly one");
            } else if (Identities.nodeOf(uris.get(0)).isEmpty()) {
                error("uri-form", "the URI is not spiffe://TRUST-DOMAIN/node/HOST/NAME");
            } else if (Identities.node(certificate).isEmpty()) {
                error("names-disagree", "the URI's host is not among the DNS names");
            }
            if (has(IP)) {
                error("ip-name", "Erlang releases check IP addresses in different ways");
            }
            if (has(OTHER_NAME)) {
                advice("other-name", "most verifiers do not hold otherName against constraints");
            }
        }

        private boolean has(int type) {
            try {
                Collection<List<?>> names = certificate.getSubjectAlternativeNames();
                return names != null
                        && names.stream().anyMatch(name -> name.get(0).equals(type));
            } catch (CertificateParsingException e) {
                return false; // then there is not one URI either, which is said
            }
        }

        private Set<String> purposes() {
            try {
                List<String> purposes = certificate.getExtendedKeyUsage();
                return purposes == null ? Set.of() : new HashSet<>(purposes);
            } catch (CertificateParsingException e) {
                return Set.of();
            }
        }

        private Set<String> critical() {
            Set<String> critical = certificate.getCriticalExtensionOIDs();
            return critical == null ? Set.of() : critical;
        }

        private boolean usage(int bit) {
            boolean[] usage = certificate.getKeyUsage();
            return usage != null && bit < usage.length && usage[bit];
        }

        private void error(String rule, String message) {
            findings.add(new LintFinding(where, subject, rule, true, message));
        }

        private void advice(String rule, String message) {
            findings.add(new LintFinding(where, subject, rule, false, message));
        }
    }

    private static boolean isStrong(PublicKey key) {
        if (key instanceof ECPublicKey) {
            return Set.of("P-256", "P-384").contains(Csr.curve(SubjectPublicKeyInfo.getInstance(key.getEncoded())));
        }
        return key instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() >= 3072;
    }
}
