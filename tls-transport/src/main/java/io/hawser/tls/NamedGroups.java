package io.hawser.tls;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.security.AlgorithmConstraints;
import java.security.AlgorithmParameters;
import java.security.CryptoPrimitive;
import java.security.Key;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * The groups that keys are exchanged in, the preferred one first: the hybrid with ML-KEM, whose recordings a quantum
 * computer cannot open, then the curves that every TLS 1.3 has. Who does not know a group passes over it.
 *
 * @see <a href="https://www.iana.org/assignments/tls-parameters/tls-parameters.xhtml">TLS supported groups</a>
 */
final class NamedGroups {
    private static final String[] NAMES = {"X25519MLKEM768", "x25519", "secp256r1", "secp384r1"};

    /** There from JDK 20 on; before it there is no hybrid, and {@link OthersForbidden} keeps the rest away. */
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
        SSLParameters parameters = engine.getSSLParameters();
        try {
            if (SETTER.isPresent()) {
                SETTER.get().invoke(parameters, (Object) names());
            } else {
                parameters.setAlgorithmConstraints(new OthersForbidden());
            }
            engine.setSSLParameters(parameters);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("the JDK's TLS takes no groups", e);
        }
    }

    /**
     * Keeps a JDK from offering and taking other groups: it asks about each by its name before it does. What the JVM forbids
     * by {@code jdk.tls.disabledAlgorithms} stays forbidden. Thread-safe: immutable.
     */
    private static final class OthersForbidden implements AlgorithmConstraints {
        /** What the names of all groups that JDKs before 20 have begin with. */
        private static final Pattern GROUP = Pattern.compile("(?i)(?:x\\d|sec[pt]|ffdhe).*");

        @Override
        public boolean permits(
                Set<CryptoPrimitive> primitives, String algorithm, @Nullable AlgorithmParameters parameters) {
            return !GROUP.matcher(algorithm).matches() || List.of(NAMES).contains(algorithm.toLowerCase(Locale.ROOT));
        }

        @Override
        public boolean permits(Set<CryptoPrimitive> primitives, Key key) {
            return true;
        }

        @Override
        public boolean permits(
                Set<CryptoPrimitive> primitives, String algorithm, Key key, @Nullable AlgorithmParameters parameters) {
            return permits(primitives, algorithm, parameters);
        }
    }
}
