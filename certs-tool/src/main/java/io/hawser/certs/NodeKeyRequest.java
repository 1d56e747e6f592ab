package io.hawser.certs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Makes a key and a certificate request where the node runs, so that the key never leaves it. Needs no organisation.
 *
 * @param node whom the certificate shall stand for
 * @param trustDomain the authority of the node's URI, or null to leave the URI to the CA
 * @param kind the key to make
 * @param request the request's file
 * @param key the key's file, written with mode 0600
 */
public record NodeKeyRequest(NodeName node, @Nullable String trustDomain, KeyKind kind, Path request, Path key) {

    /**
     * Writes both files. A key that is there already is kept, and so is a request for the same.
     *
     * @param options safety
     * @return the request's file, and what was written
     * @throws CertsException if one of the files holds something else ({@code FILE_EXISTS})
     */
    public Change<Path> write(StoreOptions options) {
        return write(options, (step, path) -> {});
    }

    Change<Path> write(StoreOptions options, WriteObserver observer) {
        var writer = new FileWriter(options.dryRun(), observer);
        var random = new SecureRandom();
        boolean keyThere = Files.exists(key, LinkOption.NOFOLLOW_LINKS);
        if (Files.exists(request, LinkOption.NOFOLLOW_LINKS)) {
            requireSame(options, keyThere);
            return new Change<>(request, writer.written(), List.of());
        }
        byte[] csr;
        byte[] secret = null;
        if (keyThere) {
            // only the key was written: by a run that was killed, or by another program; a CA can verify a signature,
            // so the public half comes from the key itself
            PrivateKey existing = readKey(options);
            csr = encode(PrivateKeys.publicKey(existing, key.toString()), existing, random);
        } else {
            KeyPair pair = kind.generate(random);
            secret = PrivateKeys.plain(pair.getPrivate());
            csr = encode(pair.getPublic(), pair.getPrivate(), random);
        }
        if (secret != null) {
            writer.directories(FileWriter.parent(key));
            writer.secret(key, secret);
        }
        writer.directories(FileWriter.parent(request));
        writer.open(request, csr);
        return new Change<>(request, writer.written(), List.of());
    }

    private void requireSame(StoreOptions options, boolean keyThere) {
        String difference = null;
        if (!keyThere) {
            difference = "its key " + key + " is not there";
        } else {
            try {
                Csr csr = Csr.read(Files.readAllBytes(request), request.toString());
                Optional<PublicKey> asked = csr.acceptableKey();
                if (!csr.names(node)) {
                    difference = "is not for " + node;
                } else if (asked.isEmpty() || KeyKind.of(asked.get()) != kind) {
                    difference = "has another kind of key";
                } else if (!KeyMatch.matches(readKey(options), asked.get())) {
                    difference = "does not belong to the key " + key;
                }
            } catch (IOException e) {
                throw CertsException.io("reading", request, e);
            }
        }
        if (difference != null) {
            throw new CertsException(ErrorCode.FILE_EXISTS, request + ": is there, and " + difference)
                    .hint("Choose another --out, or move the file away; nothing is overwritten")
                    .about(request);
        }
    }

    private PrivateKey readKey(StoreOptions options) {
        return PrivateKeys.read(
                new SecretFiles(options.allowGroupRead()).read(key), key.toString(), SecretSource.none());
    }

    private byte[] encode(PublicKey publicKey, PrivateKey privateKey, SecureRandom random) {
        var subject = new X500NameBuilder(BCStyle.INSTANCE);
        if (node.toString().length() <= CertificateAuthority.MAX_COMMON_NAME) {
            subject.addRDN(BCStyle.CN, node.toString());
        }
        var names = new ArrayList<GeneralName>();
        names.add(new GeneralName(GeneralName.dNSName, node.host()));
        if (trustDomain != null) {
            // the domain is the host's own here: whether it belongs to the organisation is for the CA to say
            String uri = new Namespace(node.host(), trustDomain).uri(node);
            names.add(new GeneralName(GeneralName.uniformResourceIdentifier, uri));
        }
        try {
            var extensions = new ExtensionsGenerator();
            extensions.addExtension(
                    Extension.subjectAlternativeName, false, new GeneralNames(names.toArray(new GeneralName[0])));
            var csr = new JcaPKCS10CertificationRequestBuilder(subject.build(), publicKey)
                    .addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions.generate())
                    .build(new JcaContentSignerBuilder(KeyKind.of(publicKey).signature())
                            .setSecureRandom(random)
                            .build(privateKey));
            return Pem.ascii(Pem.encode("CERTIFICATE REQUEST", csr.getEncoded()));
        } catch (IOException | OperatorCreationException e) {
            throw new IllegalStateException("a request could not be encoded or signed", e);
        }
    }
}
