package io.hawser.certs;

import java.util.Arrays;
import java.util.Locale;

/** The runtimes whose verdict on a certificate can be told. */
public enum Judge {
    /** Erlang/OTP 25, distribution over TLS 1.3. */
    OTP25,
    /** Erlang/OTP 27, distribution over TLS 1.3. */
    OTP27,
    /** The JDK's PKIX validation; that of the JDK this runs on. */
    JDK17,
    /** {@code openssl verify -x509_strict} of OpenSSL 3. */
    OPENSSL,
    /** Bouncy Castle's PKIX validation. */
    BC;

    /**
     * The name as written on the command line.
     *
     * @return lower case
     */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads a name.
     *
     * @param text such as {@code otp25}
     * @return the judge
     * @throws CertsException if there is none of that name ({@code USAGE})
     */
    public static Judge parse(String text) {
        return Arrays.stream(values())
                .filter(judge -> judge.label().equals(text.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new CertsException(
                                ErrorCode.USAGE, "runtime '" + Names.printable(text) + "' is not known")
                        .hint("Known are otp25, otp27, jdk17, openssl and bc"));
    }
}
