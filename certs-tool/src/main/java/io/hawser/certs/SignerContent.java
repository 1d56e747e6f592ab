package io.hawser.certs;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.DefaultSignatureAlgorithmIdentifierFinder;

/** Collects what Bouncy Castle wants signed, and hands it to the signer in one piece. Used for one signature. */
final class SignerContent extends ByteArrayOutputStream implements ContentSigner {
    private final CaSigner signer;
    private final String algorithm;

    SignerContent(CaSigner signer) {
        this.signer = signer;
        this.algorithm = KeyKind.of(signer.publicKey()).signature();
    }

    @Override
    public AlgorithmIdentifier getAlgorithmIdentifier() {
        return new DefaultSignatureAlgorithmIdentifierFinder().find(algorithm);
    }

    @Override
    public OutputStream getOutputStream() {
        return this;
    }

    @Override
    public byte[] getSignature() {
        return signer.sign(algorithm, toByteArray());
    }
}
