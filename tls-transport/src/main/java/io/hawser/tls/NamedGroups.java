package io.hawser.tls;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/**
 * The groups that keys are exchanged in, the preferred one first: the hybrid with ML-KEM, whose recordings a quantum
 * computer cannot open, then the curves that every TLS 1.3 has. Who does not know a group passes over it.
 *
 * @see <a href="https://www.iana.org/assignments/tls-parameters/tls-parameters.xhtml">TLS supported groups</a>
 */
final class NamedGroups {
    private static final String[] NAMES = {"X25519MLKEM768", "x25519", "secp256r1", "secp384r1"};

    /** There from JDK 20 on; before it the JDK offers these curves among others, and no hybrid. */
    private static final Optional<Method> SETTER = setter();

    private NamedGroups() {}

    static String[] names() {
        return NAMES.clone();
    }

    private static Optional<Method> setter() {
        try {
            return Optional.of(SSLParameters.class.getMethod("setNamedGroups", String[].class));
        } catch (NoSuchMethodException e) {
            return Optional.empty();
        }
    }

    /** Tells an engine of the JDK; the context has told those of OpenSSL. */
    static void apply(SSLEngine engine) {
        if (SETTER.isEmpty()) {
            return;
        }
        try {
            SSLParameters parameters = engine.getSSLParameters();
            SETTER.get().invoke(parameters, (Object) names());
            engine.setSSLParameters(parameters);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("the JDK's TLS takes no groups", e);
        }
    }
}
