package io.hawser.tls;

import io.hawser.term.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which versions and cipher suites are spoken. Immutable.
 *
 * @param tls12 whether TLS 1.2 is allowed beside 1.3
 * @param chosen the suites that are allowed, all if none is named
 */
record TlsSuites(boolean tls12, List<String> chosen) {
    /** RFC 8446, 9.1. Which one is used is the engines' choice; all are sound. */
    private static final List<String> TLS13 =
            List.of("TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256");

    /** RFC 9325, 4.2: forward secrecy and authenticated encryption. */
    private static final List<String> TLS12 = List.of(
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    static final List<String> ALL =
            Stream.concat(TLS13.stream(), TLS12.stream()).toList();

    TlsSuites {
        chosen = List.copyOf(chosen);
    }

    /** Refuses what is not in {@link #ALL}, and a choice that leaves TLS 1.3 without a suite. */
    static List<String> checked(List<String> wanted) {
        for (String suite : wanted) {
            if (!ALL.contains(suite)) {
                throw new TlsConfigurationException(
                        "cipherSuites: " + Printable.of(suite) + " (expected: some of " + String.join(", ", ALL) + ")");
            }
        }
        if (wanted.stream().noneMatch(TLS13::contains)) {
            throw new TlsConfigurationException(
                    "cipherSuites: none for TLS 1.3 (expected: one at least of " + String.join(", ", TLS13) + ")");
        }
        return List.copyOf(wanted);
    }

    List<String> versions() {
        return tls12 ? List.of("TLSv1.3", "TLSv1.2") : List.of("TLSv1.3");
    }

    List<String> names() {
        var names = new ArrayList<>(TLS13);
        if (tls12) {
            names.addAll(TLS12);
        }
        names.removeIf(suite -> !chosen.isEmpty() && !chosen.contains(suite));
        return names;
    }
}
