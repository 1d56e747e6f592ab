package io.hawser.certs;

import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.Attribute;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.jspecify.annotations.Nullable;

/**
 * Holds a certificate request against what the CA would issue. What would widen the certificate refuses the request;
 * what the profile decides anyway is ignored; nothing is dropped in silence.
 *
 * <p>Not thread-safe; used for one request.
 */
final class CsrReviewer {
    private static final Map<ASN1ObjectIdentifier, String> EXTENSION_NAMES = Map.of(
            Extension.nameConstraints, "nameConstraints",
            Extension.certificatePolicies, "certificatePolicies",
            Extension.subjectKeyIdentifier, "subjectKeyIdentifier",
            Extension.authorityKeyIdentifier, "authorityKeyIdentifier",
            Extension.cRLDistributionPoints, "cRLDistributionPoints",
            Extension.authorityInfoAccess, "authorityInfoAccess",
            Extension.policyConstraints, "policyConstraints",
            Extension.issuerAlternativeName, "issuerAltName");
    private static final Set<KeyPurposeId> PURPOSES =
            Set.of(KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth);
    private static final Map<Integer, String> KINDS = Map.of(
            GeneralName.otherName, "san.otherName",
            GeneralName.rfc822Name, "san.email",
            GeneralName.dNSName, "san.dns",
            GeneralName.directoryName, "san.dirName",
            GeneralName.uniformResourceIdentifier, "san.uri",
            GeneralName.iPAddress, "san.ip",
            GeneralName.registeredID, "san.registeredID");
    private static final int MAX_NAMES = 100;

    private final Csr csr;
    private final Namespace namespace;
    private final @Nullable NodeName expected;
    private final List<CsrField> fields = new ArrayList<>();
    private final List<GeneralName> names = new ArrayList<>();
    private String namesError = "";

    CsrReviewer(Csr csr, Namespace namespace, @Nullable NodeName expected) {
        this.csr = csr;
        this.namespace = namespace;
        this.expected = expected;
    }

    CsrReview review() {
        reviewKey();
        readNames();
        Optional<NodeName> node = node();
        csr.subject().forEach(attribute -> reviewSubject(attribute, node));
        reviewNames(node);
        csr.extensions().ifPresent(this::reviewExtensions);
        csr.attributes().forEach(this::reviewAttribute);
        return new CsrReview(node, fields);
    }

    private void reviewKey() {
        Optional<PublicKey> key = csr.acceptableKey();
        if (key.isPresent()) {
            taken("key", csr.keyDescription(), "strong enough");
            boolean proved = csr.isSignedBy(key.get());
            add(
                    "signature",
                    csr.signatureAlgorithm(),
                    proved ? CsrField.Verdict.IGNORED : CsrField.Verdict.REFUSED,
                    proved ? "proves that the requester has the key" : "does not prove that the requester has the key");
        } else {
            refused("key", csr.keyDescription(), "expected EC P-256, EC P-384 or RSA with at least 3072 bits");
        }
    }

    private void readNames() {
        Optional<Extension> extension = csr.extensions().map(all -> all.getExtension(Extension.subjectAlternativeName));
        try {
            if (extension.isPresent()) {
                names.addAll(List.of(GeneralNames.getInstance(extension.get().getParsedValue())
                        .getNames()));
            }
        } catch (IllegalArgumentException | IllegalStateException | ClassCastException e) {
            namesError = "cannot be read";
        }
        if (names.size() > MAX_NAMES) {
            namesError = "holds " + names.size() + " names";
            names.clear();
        }
    }

    /** The one node that the request can be about: as expected, or by its common name, or by its URI. */
    private Optional<NodeName> node() {
        if (expected != null) {
            return checked("expected name", expected.toString());
        }
        for (AttributeTypeAndValue attribute : csr.subject()) {
            String value = IETFUtils.valueToString(attribute.getValue());
            if (attribute.getType().equals(BCStyle.CN) && value.indexOf('@') >= 0) {
                return checked("subject.CN", value.replace("\\", ""));
            }
        }
        for (GeneralName name : names) {
            Optional<NodeName> node = name.getTagNo() == GeneralName.uniformResourceIdentifier
                    ? Identities.nodeOf(name.getName().toString())
                    : Optional.empty();
            if (node.isPresent()) {
                return checked("san.uri", node.get().toString());
            }
        }
        refused("name", "", "neither a common name NAME@HOST nor a node URI says whom the certificate is for");
        return Optional.empty();
    }

    private Optional<NodeName> checked(String field, String name) {
        try {
            NodeName node = NodeName.parse(name);
            namespace.uri(node);
            return Optional.of(node);
        } catch (CertsException e) {
            refused(field, Names.printable(name), e.message());
            return Optional.empty();
        }
    }

    private void reviewSubject(AttributeTypeAndValue attribute, Optional<NodeName> node) {
        String type = BCStyle.INSTANCE.oidToDisplayName(attribute.getType());
        String field = "subject." + (type == null ? attribute.getType().getId() : type);
        String value =
                Names.printable(IETFUtils.valueToString(attribute.getValue()).replace("\\", ""));
        if (!attribute.getType().equals(BCStyle.CN)) {
            ignored(field, value, "the CA writes the organisation's name there");
        } else if (node.isPresent() && value.equals(node.get().toString())) {
            taken(field, value, "the node's name");
        } else if (value.indexOf('@') < 0) {
            ignored(field, value, "the CA writes the node's name there");
        } else if (node.isPresent()) {
            refused(field, value, "names another node than " + node.get());
        }
    }

    private void reviewNames(Optional<NodeName> node) {
        if (!namesError.isEmpty()) {
            refused("san", "", namesError);
        }
        for (GeneralName name : names) {
            String field = KINDS.getOrDefault(name.getTagNo(), "san." + name.getTagNo());
            String value = Names.printable(name.getName().toString());
            String wanted = node.map(known -> switch (name.getTagNo()) {
                        case GeneralName.dNSName -> known.host();
                        case GeneralName.uniformResourceIdentifier -> namespace.uri(known);
                        default -> "";
                    })
                    .orElse("");
            if (!wanted.isEmpty() && value.equals(wanted)) {
                taken(field, value, "is the node's");
            } else if (wanted.isEmpty() && node.isPresent()) {
                refused(field, value, "a node has one DNS name and one URI, and no name of this kind");
            } else {
                refused(
                        field,
                        value,
                        node.map(known -> "is not " + wanted).orElse("belongs to no node of this domain"));
            }
        }
    }

    private void reviewExtensions(Extensions extensions) {
        for (ASN1ObjectIdentifier oid : extensions.getExtensionOIDs()) {
            Extension extension = extensions.getExtension(oid);
            try {
                if (!oid.equals(Extension.subjectAlternativeName)) {
                    reviewExtension(oid, extension);
                }
            } catch (IllegalArgumentException | IllegalStateException | ClassCastException e) {
                refused(extensionName(oid), "", "cannot be read");
            }
        }
    }

    private void reviewExtension(ASN1ObjectIdentifier oid, Extension extension) {
        if (oid.equals(Extension.basicConstraints)) {
            boolean ca =
                    BasicConstraints.getInstance(extension.getParsedValue()).isCA();
            add(
                    "basicConstraints",
                    ca ? "CA:TRUE" : "CA:FALSE",
                    ca ? CsrField.Verdict.REFUSED : CsrField.Verdict.TAKEN,
                    "a node is no CA");
        } else if (oid.equals(Extension.keyUsage)) {
            reviewKeyUsage(KeyUsage.getInstance(extension.getParsedValue()));
        } else if (oid.equals(Extension.extendedKeyUsage)) {
            for (KeyPurposeId purpose :
                    ExtendedKeyUsage.getInstance(extension.getParsedValue()).getUsages()) {
                boolean known = PURPOSES.contains(purpose);
                String name = Descriptions.purpose(purpose.getId());
                add(
                        "extendedKeyUsage",
                        name,
                        known ? CsrField.Verdict.TAKEN : CsrField.Verdict.REFUSED,
                        known ? "every node is server and client" : "a node is server and client, and nothing else");
            }
        } else if (oid.equals(Extension.nameConstraints) || oid.equals(Extension.policyConstraints)) {
            refused(extensionName(oid), "", "only a CA has it");
        } else if (extension.isCritical()) {
            refused(extensionName(oid), "critical", "not every runtime understands it");
        } else {
            ignored(extensionName(oid), "", "the CA's profile decides");
        }
    }

    private void reviewKeyUsage(KeyUsage usage) {
        if (usage.hasUsages(KeyUsage.keyCertSign) || usage.hasUsages(KeyUsage.cRLSign)) {
            refused("keyUsage", "keyCertSign or cRLSign", "a node is no CA");
        } else if (usage.hasUsages(KeyUsage.digitalSignature)) {
            taken("keyUsage", "digitalSignature", "all that TLS 1.3 needs");
        } else {
            ignored("keyUsage", "", "the CA writes digitalSignature there");
        }
    }

    private void reviewAttribute(Attribute attribute) {
        boolean challenge = attribute.getAttrType().equals(PKCSObjectIdentifiers.pkcs_9_at_challengePassword);
        ignored(
                challenge
                        ? "challengePassword"
                        : "attribute." + attribute.getAttrType().getId(),
                "",
                challenge ? "not used, and not shown" : "not used");
    }

    private static String extensionName(ASN1ObjectIdentifier oid) {
        return EXTENSION_NAMES.getOrDefault(oid, "extension." + oid.getId());
    }

    private void taken(String name, String value, String why) {
        add(name, value, CsrField.Verdict.TAKEN, why);
    }

    private void ignored(String name, String value, String why) {
        add(name, value, CsrField.Verdict.IGNORED, why);
    }

    private void refused(String name, String value, String why) {
        add(name, value, CsrField.Verdict.REFUSED, why);
    }

    private void add(String name, String value, CsrField.Verdict verdict, String why) {
        fields.add(new CsrField(name, value, verdict, why));
    }
}
