package io.hawser.certs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1BMPString;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1IA5String;
import org.bouncycastle.asn1.ASN1PrintableString;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.ASN1T61String;
import org.bouncycastle.asn1.ASN1UTF8String;
import org.bouncycastle.asn1.ASN1UniversalString;
import org.bouncycastle.asn1.ASN1VisibleString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;

/**
 * The hash under which OpenSSL and OTP look for the CRLs of an issuer: the first four bytes, as a little-endian number,
 * of SHA-1 over the name in canonical form.
 *
 * <p>Canonical: every string as UTF8String, ASCII letters in lower case, blanks at the ends gone and runs of them made
 * one; the relative names one after another, without the sequence around them.
 *
 * @see <a href="https://docs.openssl.org/3.0/man1/openssl-rehash/">openssl-rehash</a>
 */
final class OpensslNameHash {
    private static final Pattern BLANKS = Pattern.compile("[ \\t\\n\\x0B\\f\\r]+");

    private OpensslNameHash() {}

    static String of(X500Principal name) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            for (RDN rdn : X500Name.getInstance(name.getEncoded()).getRDNs()) {
                var attributes = new ASN1EncodableVector();
                for (AttributeTypeAndValue attribute : rdn.getTypesAndValues()) {
                    var pair = new ASN1EncodableVector();
                    pair.add(attribute.getType());
                    pair.add(canonical(attribute.getValue()));
                    attributes.add(new DERSequence(pair));
                }
                sha1.update(new DERSet(attributes).getEncoded("DER"));
            }
            byte[] hash = sha1.digest();
            return HexFormat.of().formatHex(new byte[] {hash[3], hash[2], hash[1], hash[0]});
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("a name that was decoded cannot be encoded", e);
        }
    }

    private static ASN1Encodable canonical(ASN1Encodable value) {
        boolean text = value instanceof ASN1UTF8String
                || value instanceof ASN1PrintableString
                || value instanceof ASN1T61String
                || value instanceof ASN1IA5String
                || value instanceof ASN1VisibleString
                || value instanceof ASN1BMPString
                || value instanceof ASN1UniversalString;
        if (!text) {
            return value;
        }
        String string = BLANKS.matcher(((ASN1String) value).getString()).replaceAll(" ");
        string = string.startsWith(" ") ? string.substring(1) : string;
        string = string.endsWith(" ") ? string.substring(0, string.length() - 1) : string;
        byte[] bytes = string.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] >= 'A' && bytes[i] <= 'Z') {
                bytes[i] = (byte) (bytes[i] + ('a' - 'A')); // other alphabets keep their case
            }
        }
        return new DERUTF8String(new String(bytes, StandardCharsets.UTF_8));
    }
}
