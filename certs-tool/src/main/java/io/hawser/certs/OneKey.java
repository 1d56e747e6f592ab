package io.hawser.certs;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** Shows one certificate, whichever issuers the other side says it accepts; or none. Immutable, thread-safe. */
final class OneKey extends X509ExtendedKeyManager {
    private static final String ALIAS = "probe";

    private final DistributionProbe.Credentials credentials;

    OneKey(DistributionProbe.Credentials credentials) {
        this.credentials = credentials;
    }

    @Override
    public @Nullable String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
        if (credentials.chain().isEmpty()) {
            return null;
        }
        String algorithm = credentials.key().getAlgorithm();
        for (String type : types) {
            if (type.startsWith(algorithm)) {
                return ALIAS;
            }
        }
        return null;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return credentials.chain().toArray(new X509Certificate[0]);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return credentials.key();
    }

    @Override
    public String[] getClientAliases(String type, Principal[] issuers) {
        return new String[] {ALIAS};
    }

    @Override
    public String @Nullable [] getServerAliases(String type, Principal[] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
        return null;
    }
}
