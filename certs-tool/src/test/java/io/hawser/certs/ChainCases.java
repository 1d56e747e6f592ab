package io.hawser.certs;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.x509.CertificatePolicies;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.PolicyInformation;

/** Chains that runtimes disagree on, with the verdict of each. */
final class ChainCases {
    private static final int DNS = GeneralName.dNSName;
    private static final int URI = GeneralName.uniformResourceIdentifier;
    private static final int IP = GeneralName.iPAddress;
    private static final String HOST = "a.orga.test";
    private static final String NODE = "spiffe://orga.test/node/a.orga.test/a";

    private final Mint root = root().authority(2).selfSigned();
    private final List<Case> cases = new ArrayList<>();

    /**
     * One chain.
     *
     * @param verdicts of otp25, otp27, jdk17, openssl and bc: A accepts, R refuses
     */
    record Case(String name, String verdicts, Presented presented, Mint leaf) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Case> all() {
        var all = new ChainCases();
        all.names();
        all.constraints();
        all.nested();
        all.uses();
        all.chains();
        all.keys();
        return all.cases;
    }

    private static Mint.Form root() {
        return new Mint.Form().subject("O=orga,CN=orga Root 1");
    }

    private static Mint.Form issuing() {
        return new Mint.Form().subject("O=orga,CN=orga Issuing 1").authority(0);
    }

    private static Mint.Form plainLeaf() {
        return new Mint.Form()
                .subject("O=orga,CN=a@a.orga.test")
                .with(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(new KeyPurposeId[] {
                    KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
                }));
    }

    private static Mint.Form leaf() {
        return plainLeaf().name(DNS, HOST).name(URI, NODE);
    }

    private void add(String name, String verdicts, Mint.Form leaf, Mint... authorities) {
        addTo(root, HOST, name, verdicts, leaf, authorities);
    }

    /** Authorities from the one that issues the leaf upwards. */
    private void addTo(Mint anchor, String host, String name, String verdicts, Mint.Form leaf, Mint... authorities) {
        Mint minted = leaf.signedBy(authorities[0]);
        var chain = new ArrayList<X509Certificate>(List.of(minted.certificate()));
        for (Mint authority : authorities) {
            chain.add(authority.certificate());
        }
        add(anchor, host, name, verdicts, minted, chain);
    }

    private void add(Mint anchor, String host, String name, String verdicts, Mint minted, List<X509Certificate> chain) {
        var presented = new Presented(host, chain, List.of(anchor.certificate()), List.of(), List.of(), Instant.now());
        cases.add(new Case(name, verdicts, presented, minted));
    }

    private Mint fenced(int kind, String... permitted) {
        return issuing().permit(kind, permitted).signedBy(root);
    }

    private void names() {
        Mint open = issuing().signedBy(root);
        add("as this tool issues", "AAAAA", leaf(), fence().signedBy(root));
        add("no alternative name, host as common name", "ARAAA", plainLeaf().subject("CN=" + HOST), open);
        add("wildcard", "RRAAA", plainLeaf().name(DNS, "*.orga.test"), open);
        add(
                "common name beside a URI",
                "RRAAA",
                plainLeaf().subject("CN=" + HOST).name(URI, NODE),
                open);
        addTo(root, "b.orga.test", "another host is dialled", "RRARA", leaf(), open);
        add("upper case", "AAAAA", plainLeaf().name(DNS, "A.Orga.Test"), open);
    }

    private Mint.Form fence() {
        return issuing().permit(DNS, "orga.test").permit(URI, "orga.test");
    }

    private void constraints() {
        add("DNS name inside", "AAAAA", leaf(), fenced(DNS, "orga.test"));
        addTo(
                root,
                "a.orgb.test",
                "DNS name outside",
                "RRRRR",
                plainLeaf().name(DNS, "a.orgb.test"),
                fenced(DNS, "orga.test"));
        add(
                "one of two DNS names outside",
                "RRRRR",
                plainLeaf().name(DNS, HOST, "a.orgb.test"),
                fenced(DNS, "orga.test"));
        add("permitted with a leading dot", "RAAAA", leaf(), fenced(DNS, ".orga.test"));
        addTo(
                root,
                "evilorga.test",
                "the ending of the second permitted name",
                "ARRRR",
                plainLeaf().name(DNS, "evilorga.test"),
                fenced(DNS, "x.test", "orga.test"));
        addTo(
                root,
                "a.orgb.test",
                "a common name outside, no other name",
                "ARRRA",
                plainLeaf().subject("CN=a.orgb.test"),
                fenced(DNS, "orga.test"));
        add(
                "URI outside",
                "RRRRR",
                plainLeaf().name(DNS, HOST).name(URI, "spiffe://orgb.test/node/a/a"),
                fence().signedBy(root));
        add("URI without host", "RRRRR", plainLeaf().name(DNS, HOST).name(URI, "urn:a:b"), fence().signedBy(root));
        add(
                "IP address below a constraint on addresses",
                "RRAAA",
                leaf().name(IP, "10.0.0.1"),
                issuing().permit(DNS, "orga.test").permit(IP, "10.0.0.0/8").signedBy(root));
        Mint constrained = root().authority(2).permit(DNS, "orga.test").selfSigned();
        addTo(
                constrained,
                "a.orgb.test",
                "outside what the root permits",
                "AAARA",
                plainLeaf().name(DNS, "a.orgb.test"),
                issuing().signedBy(constrained));
    }

    private void nested() {
        Mint same = root().subject("O=orga,CN=orga Policy 1")
                .authority(1)
                .permit(DNS, "orga.test")
                .permit(URI, "orga.test")
                .signedBy(root);
        add("the same constraints twice", "AAAAA", leaf(), fence().signedBy(same), same);
        add(
                "narrower constraints below",
                "RRAAA",
                leaf(),
                issuing().permit(DNS, HOST).permit(URI, "orga.test").signedBy(same),
                same);
        add(
                "two URI constraints below one",
                "RRAAA",
                leaf(),
                issuing()
                        .permit(DNS, "orga.test")
                        .permit(URI, "orga.test", ".orga.test")
                        .signedBy(same),
                same);
        Mint shallow = root().authority(0).selfSigned();
        addTo(
                shallow,
                HOST,
                "the root's path length is too small",
                "AAARA",
                leaf(),
                issuing().signedBy(shallow));
    }

    private void uses() {
        Mint open = issuing().signedBy(root);
        Mint.Form listener = new Mint.Form()
                .name(DNS, HOST)
                .with(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
        Mint.Form dialler = new Mint.Form()
                .name(DNS, HOST)
                .with(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth));
        add("for listeners only", "RRRRR", listener, open);
        add("for diallers only", "RRRRR", dialler, open);
        add("for no purpose in particular", "AAAAA", new Mint.Form().name(DNS, HOST), open);
        add("no digital signature", "ARRRR", leaf().usage(KeyUsage.nonRepudiation), open);
        add(
                "critical policies",
                "RAAAA",
                leaf().with(
                                Extension.certificatePolicies,
                                true,
                                new CertificatePolicies(new PolicyInformation(new ASN1ObjectIdentifier("1.2.3.4")))),
                open);
        add(
                "an unknown critical extension",
                "RRRRR",
                leaf().with(new ASN1ObjectIdentifier("1.2.3.4.5"), true, DERNull.INSTANCE),
                open);
        add("no authority key identifier", "AAARA", leaf().withoutAuthorityKey(), open);
    }

    private void chains() {
        Duration yesterday = Duration.ofDays(-1);
        Mint open = issuing().signedBy(root);
        add("over", "RRRRR", leaf().life(yesterday.multipliedBy(2), yesterday), open);
        add("not yet", "RRRRR", leaf().life(Duration.ofDays(1), Duration.ofDays(2)), open);
        add(
                "the CA is over",
                "RRRRR",
                leaf(),
                issuing().life(yesterday.multipliedBy(2), yesterday).signedBy(root));
        Mint leaf = leaf().signedBy(open);
        add(root, HOST, "the CA is not sent", "RRRRR", leaf, List.of(leaf.certificate()));
        add(
                root,
                HOST,
                "the root is sent",
                "AAAAA",
                leaf,
                List.of(leaf.certificate(), open.certificate(), root.certificate()));
        Mint policy = root().subject("O=orga,CN=orga Policy 1").authority(1).signedBy(root);
        Mint below = issuing().signedBy(policy);
        Mint other = leaf().signedBy(below);
        add(
                root,
                HOST,
                "CAs out of order",
                "AAAAA",
                other,
                List.of(other.certificate(), policy.certificate(), below.certificate()));
        Mint noAuthority = new Mint.Form().subject("O=orga,CN=b@b.orga.test").signedBy(root);
        add("issued by a node", "RRRRR", leaf(), noAuthority);
        Mint foreign = root().authority(2).selfSigned();
        add("a foreign root of the same name", "RRRRR", leaf(), issuing().signedBy(foreign));
    }

    private void keys() {
        Mint open = issuing().signedBy(root);
        add("RSA", "AAAAA", leaf().keys(Mint.keys("RSA")), open);
        add("P-384", "AAAAA", leaf().keys(Mint.keys("P-384")), open);
        add("P-521", "AAAAA", leaf().keys(Mint.keys("P-521")), open);
        add("Ed25519", "AAAAA", leaf().keys(Mint.keys("Ed25519")), open);
        add("brainpool", "RRAAA", leaf().keys(Mint.keys("brainpoolP256r1")), open);
        add("RSA-PSS", "RRAAA", leaf().keys(Mint.keys("RSASSA-PSS")), open);
    }
}
