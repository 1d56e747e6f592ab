package io.hawser.certs;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;

/** Finds the certificate of a private key, by a signature that the one makes and the other verifies. */
final class KeyMatch {
    private KeyMatch() {}

    static String find(PrivateKey key, List<X509Certificate> certificates) {
        for (X509Certificate certificate : certificates) {
            if (matches(key, certificate)) {
                return Names.printable(certificate.getSubjectX500Principal().getName(), 400);
            }
        }
        return certificates.isEmpty() ? "not checked, no certificate was given" : "no certificate that was given";
    }

    static boolean matches(PrivateKey key, X509Certificate certificate) {
        return matches(key, certificate.getPublicKey());
    }

    static boolean matches(PrivateKey key, PublicKey publicKey) {
        if (!key.getAlgorithm().equals(publicKey.getAlgorithm())) {
            return false;
        }
        try {
            Signature signature =
                    Signature.getInstance("SHA256with" + (key.getAlgorithm().equals("EC") ? "ECDSA" : "RSA"));
            signature.initSign(key);
            byte[] message = Pem.ascii("certs-tool key match");
            signature.update(message);
            byte[] signed = signature.sign();
            signature.initVerify(publicKey);
            signature.update(message);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false; // another curve or kind of key
        }
    }
}
