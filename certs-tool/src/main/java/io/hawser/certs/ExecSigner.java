package io.hawser.certs;

import java.io.IOException;
import java.security.PublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.util.io.pem.PemObject;
import org.jspecify.annotations.Nullable;

/**
 * Signs by running a command, for a key that a key management service holds.
 *
 * <p>{@code COMMAND public-key} prints the public key as SubjectPublicKeyInfo, in PEM or DER. {@code COMMAND sign
 * ALGORITHM} reads what is to be signed from its standard input, hashes and signs it, and prints the signature: for
 * {@code ecdsa-sha256} and {@code ecdsa-sha384} an ECDSA-Sig-Value in DER, for {@code rsa-sha384} as PKCS#1 v1.5. No
 * signature is used that the CA's public key does not verify. Thread-safe (immutable).
 */
final class ExecSigner implements CaSigner {
    static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int MAX_BYTES = 1 << 14;

    private final SignerCommand command;
    private final PublicKey publicKey;
    private final Duration timeout;

    ExecSigner(SignerCommand command, PublicKey publicKey, Duration timeout) {
        this.command = command;
        this.publicKey = publicKey;
        this.timeout = timeout;
    }

    /** A signer whose key is not known yet. */
    static ExecSigner ask(SignerCommand command, Duration timeout) {
        byte[] printed = run(command, timeout, new byte[0], "public-key");
        try {
            List<PemObject> objects = Pem.objects(printed);
            byte[] der = objects.isEmpty() ? Pem.flat(printed) : objects.get(0).getContent();
            PublicKey key = Csr.acceptable(SubjectPublicKeyInfo.getInstance(der))
                    .orElseThrow(() -> noKey("the key that it printed is not P-256, P-384 or RSA of 3072 bits", null));
            return new ExecSigner(command, key, timeout);
        } catch (IOException | IllegalArgumentException | IllegalStateException | ClassCastException e) {
            throw noKey("'public-key' did not print a public key in PEM or DER", e);
        }
    }

    private static CertsException noKey(String why, @Nullable Throwable cause) {
        String message = "the signer's command: " + why;
        return cause == null
                ? new CertsException(ErrorCode.SIGNER_FAILED, message)
                : new CertsException(ErrorCode.SIGNER_FAILED, message, cause);
    }

    @Override
    public PublicKey publicKey() {
        return publicKey;
    }

    @Override
    public byte[] sign(String algorithm, byte[] content) {
        byte[] signature = run(command, timeout, content, "sign", label(algorithm));
        KeySigner.requireSignedBy(publicKey, algorithm, content, signature);
        return signature;
    }

    /** {@code ecdsa-sha384} for SHA384withECDSA. */
    private static String label(String algorithm) {
        String[] parts = algorithm.toLowerCase(Locale.ROOT).split("with", 2);
        return parts[1] + "-" + parts[0];
    }

    private static byte[] run(SignerCommand command, Duration timeout, byte[] input, String... further) {
        var words = new ArrayList<>(command.words());
        words.addAll(List.of(further));
        return new CommandRun(words, timeout, MAX_BYTES).run(input);
    }
}
