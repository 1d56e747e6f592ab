package io.hawser.certs;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.BadPaddingException;
import javax.crypto.Cipher;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.EncryptionScheme;
import org.bouncycastle.asn1.pkcs.KeyDerivationFunc;
import org.bouncycastle.asn1.pkcs.PBES2Parameters;
import org.bouncycastle.asn1.pkcs.PBKDF2Params;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.jcajce.provider.asymmetric.util.EC5Util;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.bouncycastle.util.io.pem.PemObject;

/**
 * Private keys as PKCS#8 text, plain or encrypted with PBES2 (RFC 8018): PBKDF2 with HMAC-SHA256, AES-256 in CBC mode.
 * OpenSSL, OTP and the JDK read both; none of the memory-hard functions is read by OTP.
 */
final class PrivateKeys {
    static final String PLAIN = "PRIVATE KEY";
    static final String ENCRYPTED = "ENCRYPTED PRIVATE KEY";
    static final int ITERATIONS = 600_000;

    /** More than this in a file is an attempt to keep us busy. */
    private static final int MAX_ITERATIONS = 10_000_000;

    private static final AlgorithmIdentifier HMAC_SHA256 =
            new AlgorithmIdentifier(PKCSObjectIdentifiers.id_hmacWithSHA256, DERNull.INSTANCE);

    private PrivateKeys() {}

    static byte[] plain(PrivateKey key) {
        return Pem.ascii(Pem.encode(PLAIN, key.getEncoded()));
    }

    static byte[] encrypted(PrivateKey key, char[] passphrase, SecureRandom random) {
        byte[] salt = new byte[16];
        byte[] iv = new byte[16];
        random.nextBytes(salt);
        random.nextBytes(iv);
        try {
            byte[] sealed = aes(Cipher.ENCRYPT_MODE, passphrase, salt, ITERATIONS, iv, key.getEncoded());
            var parameters = new PBES2Parameters(
                    new KeyDerivationFunc(
                            PKCSObjectIdentifiers.id_PBKDF2, new PBKDF2Params(salt, ITERATIONS, 32, HMAC_SHA256)),
                    new EncryptionScheme(NISTObjectIdentifiers.id_aes256_CBC, new DEROctetString(iv)));
            var info = new EncryptedPrivateKeyInfo(
                    new AlgorithmIdentifier(PKCSObjectIdentifiers.id_PBES2, parameters), sealed);
            return Pem.ascii(Pem.encode(ENCRYPTED, info.getEncoded("DER")));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("this JDK cannot encrypt a key with AES-256", e);
        }
    }

    static boolean isEncrypted(byte[] pem) {
        return new String(pem, java.nio.charset.StandardCharsets.ISO_8859_1).contains("-----BEGIN " + ENCRYPTED);
    }

    /** Reads a key; asks for a passphrase only when the key is encrypted. */
    static PrivateKey read(byte[] pem, String where, SecretSource secrets) {
        try {
            for (PemObject object : Pem.objects(pem)) {
                if (object.getType().equals(PLAIN)) {
                    return fromPkcs8(object.getContent());
                }
                if (object.getType().equals(ENCRYPTED)) {
                    return decrypt(object.getContent(), where, secrets);
                }
            }
        } catch (BadPaddingException e) {
            throw wrong(where, e);
        } catch (GeneralSecurityException | IOException | IllegalArgumentException | ClassCastException e) {
            throw new CertsException(ErrorCode.UNREADABLE, where + ": is not a private key this tool can read", e)
                    .about(where);
        }
        throw new CertsException(ErrorCode.UNREADABLE, where + ": holds no PKCS#8 private key").about(where);
    }

    private static PrivateKey decrypt(byte[] der, String where, SecretSource secrets)
            throws GeneralSecurityException, IOException {
        var info = EncryptedPrivateKeyInfo.getInstance(der);
        if (!info.getEncryptionAlgorithm().getAlgorithm().equals(PKCSObjectIdentifiers.id_PBES2)) {
            throw new GeneralSecurityException("not PBES2");
        }
        var parameters =
                PBES2Parameters.getInstance(info.getEncryptionAlgorithm().getParameters());
        var derivation =
                PBKDF2Params.getInstance(parameters.getKeyDerivationFunc().getParameters());
        if (!parameters.getEncryptionScheme().getAlgorithm().equals(NISTObjectIdentifiers.id_aes256_CBC)
                || !derivation.getPrf().getAlgorithm().equals(PKCSObjectIdentifiers.id_hmacWithSHA256)
                || derivation.getIterationCount().bitLength() > 31
                || derivation.getIterationCount().intValue() > MAX_ITERATIONS) {
            throw new GeneralSecurityException("PBES2 with other parameters");
        }
        byte[] iv = ASN1OctetString.getInstance(parameters.getEncryptionScheme().getParameters())
                .getOctets();
        Optional<char[]> passphrase = secrets.passphrase(SecretSource.Use.OPEN);
        if (passphrase.isEmpty()) {
            throw new CertsException(ErrorCode.PASSPHRASE_NEEDED, where + ": the key is encrypted")
                    .hint("Add --pass file:PATH, --pass env:VAR, --pass fd:N or --pass prompt")
                    .about(where);
        }
        try {
            byte[] plain = aes(
                    Cipher.DECRYPT_MODE,
                    passphrase.get(),
                    derivation.getSalt(),
                    derivation.getIterationCount().intValue(),
                    iv,
                    info.getEncryptedData());
            return fromOpened(plain, where);
        } finally {
            Arrays.fill(passphrase.get(), '\0');
        }
    }

    /** One wrong passphrase in 256 leaves valid padding; then the plain text is not a key. */
    private static PrivateKey fromOpened(byte[] plain, String where) {
        try {
            return fromPkcs8(plain);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw wrong(where, e);
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
    }

    private static CertsException wrong(String where, Exception cause) {
        return new CertsException(ErrorCode.PASSPHRASE_WRONG, where + ": the passphrase does not open the key", cause)
                .about(where);
    }

    private static byte[] aes(int mode, char[] passphrase, byte[] salt, int iterations, byte[] iv, byte[] input)
            throws GeneralSecurityException {
        var spec = new PBEKeySpec(passphrase, salt, iterations, 256);
        try {
            byte[] key = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(spec)
                    .getEncoded();
            Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
            cipher.init(mode, new SecretKeySpec(key, "AES"), new IvParameterSpec(iv));
            Arrays.fill(key, (byte) 0);
            return cipher.doFinal(input);
        } finally {
            spec.clearPassword();
        }
    }

    static PrivateKey fromPkcs8(byte[] der) throws GeneralSecurityException {
        if (DerDepth.isExceeded(der)) {
            throw new GeneralSecurityException("nested deeper than any key");
        }
        var algorithm = PrivateKeyInfo.getInstance(der).getPrivateKeyAlgorithm().getAlgorithm();
        String name = algorithm.equals(X9ObjectIdentifiers.id_ecPublicKey)
                ? "EC"
                : algorithm.equals(PKCSObjectIdentifiers.rsaEncryption) ? "RSA" : algorithm.getId();
        return KeyFactory.getInstance(name).generatePrivate(new PKCS8EncodedKeySpec(der));
    }

    /** The public half of a private key, which PKCS#8 need not hold. */
    static PublicKey publicKey(PrivateKey key, String where) {
        try {
            if (key instanceof RSAPrivateCrtKey rsa) {
                return KeyFactory.getInstance("RSA")
                        .generatePublic(new RSAPublicKeySpec(rsa.getModulus(), rsa.getPublicExponent()));
            }
            if (key instanceof ECPrivateKey ec) {
                var curve = EC5Util.convertSpec(ec.getParams());
                var point = new FixedPointCombMultiplier().multiply(curve.getG(), ec.getS());
                return KeyFactory.getInstance("EC")
                        .generatePublic(new ECPublicKeySpec(EC5Util.convertPoint(point), ec.getParams()));
            }
        } catch (GeneralSecurityException e) {
            throw new CertsException(ErrorCode.UNREADABLE, where + ": the key has no public half", e).about(where);
        }
        throw new CertsException(ErrorCode.UNREADABLE, where + ": is not an EC or RSA key").about(where);
    }
}
