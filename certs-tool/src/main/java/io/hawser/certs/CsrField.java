package io.hawser.certs;

/**
 * One field of a certificate request, and what becomes of it. Immutable, thread-safe.
 *
 * @param name such as {@code subject.CN} or {@code san.dns}
 * @param value what the request says, fit to print
 * @param verdict whether it goes into the certificate
 * @param why one clause for people
 */
public record CsrField(String name, String value, Verdict verdict, String why) {
    /** What becomes of a field. */
    public enum Verdict {
        /** It stands in the certificate as asked for. */
        TAKEN,
        /** It does no harm and is left out; the CA's profile says what stands there. */
        IGNORED,
        /** The whole request is refused because of it. */
        REFUSED
    }
}
