package io.hawser.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A key store or trust store that was opened. Not thread-safe; used by one caller at a time. */
final class StoreFile {
    private final Path file;
    private final KeyStore store;

    private StoreFile(Path file, KeyStore store) {
        this.file = file;
        this.store = store;
    }

    static StoreFile open(Path file, byte[] bytes, String type, char[] password) {
        try {
            KeyStore store = KeyStore.getInstance(type);
            store.load(new ByteArrayInputStream(bytes), password);
            return new StoreFile(file, store);
        } catch (IOException e) {
            if (e.getCause() instanceof UnrecoverableKeyException) {
                throw new TlsConfigurationException(file + ": the password is wrong", e);
            }
            throw new TlsConfigurationException(file + ": not a " + type + " store: " + e.getMessage(), e);
        } catch (GeneralSecurityException e) {
            throw new TlsConfigurationException(file + ": not a " + type + " store: " + e.getMessage(), e);
        }
    }

    /** Checks that a PKCS#12 store is there to its last byte, before its password is tried, which takes long on purpose. */
    static byte[] whole(Path file, byte[] bytes, String type) {
        boolean isCounted = bytes.length < 2 || (bytes[1] & 0xFF) != 0x80; // else its end is marked, as BER allows
        if (type.equalsIgnoreCase("PKCS12") && isCounted) {
            try {
                new Der(bytes).next();
            } catch (IllegalArgumentException e) {
                throw new TlsConfigurationException(file + ": not a PKCS12 store: " + e.getMessage(), e);
            }
        }
        return bytes;
    }

    PrivateKey key(String alias, char[] password) {
        try {
            Key key = store.getKey(alias, password);
            if (key instanceof PrivateKey found) {
                return found;
            }
            throw new TlsConfigurationException(file + ": no private key with the alias " + alias + " (found aliases: "
                    + Collections.list(store.aliases()) + ")");
        } catch (UnrecoverableKeyException e) {
            throw new TlsConfigurationException(file + ": the password does not open the key " + alias, e);
        } catch (GeneralSecurityException e) {
            throw new TlsConfigurationException(file + ": the key " + alias + " cannot be read: " + e.getMessage(), e);
        }
    }

    List<X509Certificate> chain(String alias) {
        try {
            var chain = new ArrayList<X509Certificate>();
            Certificate[] found = store.getCertificateChain(alias);
            for (Certificate certificate : found == null ? new Certificate[0] : found) {
                if (certificate instanceof X509Certificate x509) {
                    chain.add(x509);
                }
            }
            if (chain.isEmpty()) {
                throw new TlsConfigurationException(file + ": no certificate for the key " + alias);
            }
            return chain;
        } catch (GeneralSecurityException e) {
            throw new TlsConfigurationException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    List<X509Certificate> trusted() {
        try {
            var trusted = new ArrayList<X509Certificate>();
            for (String alias : Collections.list(store.aliases())) {
                if (store.isCertificateEntry(alias) && store.getCertificate(alias) instanceof X509Certificate x509) {
                    trusted.add(x509);
                }
            }
            if (trusted.isEmpty()) {
                throw new TlsConfigurationException(file
                        + ": holds no trusted certificate (expected: the roots that peers' certificates come from)");
            }
            return trusted;
        } catch (GeneralSecurityException e) {
            throw new TlsConfigurationException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }
}
