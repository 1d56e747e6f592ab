package io.hawser.certs;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.NameConstraintValidatorException;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.asn1.x509.PKIXNameConstraintValidator;

/**
 * Name constraints as OpenSSL reads them: as RFC 5280 does, those of the root too, and a common name that could be a host
 * counts as a DNS name when there is no other.
 */
final class OpensslConstraints {
    private static final Pattern HOST = Pattern.compile("(?i)[a-z0-9_-]+(\\.[a-z0-9_-]+)+");

    private OpensslConstraints() {}

    /** Why a leaf's names are refused, or empty. */
    static Optional<String> refusal(List<X509Certificate> authorities, X509Certificate leaf) {
        var validator = new PKIXNameConstraintValidator();
        for (X509Certificate authority : authorities) {
            byte[] value = authority.getExtensionValue(Extension.nameConstraints.getId());
            if (value == null) {
                continue;
            }
            var constraints = NameConstraints.getInstance(
                    ASN1OctetString.getInstance(value).getOctets());
            if (constraints.getPermittedSubtrees() != null) {
                validator.intersectPermittedSubtree(constraints.getPermittedSubtrees());
            }
            GeneralSubtree[] excluded = constraints.getExcludedSubtrees();
            for (int i = 0; excluded != null && i < excluded.length; i++) {
                validator.addExcludedSubtree(excluded[i]);
            }
        }
        byte[] san = leaf.getExtensionValue(Extension.subjectAlternativeName.getId());
        if (san != null) {
            for (GeneralName name : GeneralNames.getInstance(
                            ASN1OctetString.getInstance(san).getOctets())
                    .getNames()) {
                if (isOutside(validator, name)) {
                    return outside(name.getName().toString());
                }
            }
        }
        Optional<String> common =
                Identities.commonName(leaf).filter(name -> HOST.matcher(name).matches());
        if (Identities.dnsNames(leaf).isEmpty()
                && common.isPresent()
                && isOutside(validator, new GeneralName(GeneralName.dNSName, common.get()))) {
            return outside(common.get());
        }
        return Optional.empty();
    }

    private static Optional<String> outside(String name) {
        return Optional.of("the name " + Names.printable(name) + " is outside the name constraints");
    }

    private static boolean isOutside(PKIXNameConstraintValidator validator, GeneralName name) {
        try {
            validator.checkPermitted(name);
            validator.checkExcluded(name);
            return false;
        } catch (NameConstraintValidatorException e) {
            return true;
        }
    }
}
