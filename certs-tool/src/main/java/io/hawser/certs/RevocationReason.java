package io.hawser.certs;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Why a certificate is revoked, as CRLs say it; those that end are final, so there is no hold. */
public enum RevocationReason {
    /** No reason is given. */
    UNSPECIFIED(0),
    /** Someone else has, or may have, the private key. */
    KEY_COMPROMISE(1),
    /** The node belongs to another organisation now. */
    AFFILIATION_CHANGED(3),
    /** Another certificate took its place. */
    SUPERSEDED(4),
    /** The node is no longer there. */
    CESSATION_OF_OPERATION(5),
    /** The node may no longer do what the certificate lets it. */
    PRIVILEGE_WITHDRAWN(9);

    private final int code;

    RevocationReason(int code) {
        this.code = code;
    }

    /** The number in a CRL entry (RFC 5280, 5.3.1). */
    int code() {
        return code;
    }

    /**
     * The reason as OpenSSL and RFC 5280 write it.
     *
     * @return such as {@code keyCompromise}
     */
    public String label() {
        String[] words = name().toLowerCase(Locale.ROOT).split("_", -1);
        return words[0]
                + Arrays.stream(words)
                        .skip(1)
                        .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
                        .collect(Collectors.joining());
    }

    /**
     * Reads a reason.
     *
     * @param text such as {@code keyCompromise}, in any case
     * @return the reason
     * @throws CertsException if it is none ({@code USAGE})
     */
    public static RevocationReason parse(String text) {
        for (RevocationReason reason : values()) {
            if (reason.label().equalsIgnoreCase(text)) {
                return reason;
            }
        }
        throw new CertsException(
                ErrorCode.USAGE,
                "reason '" + Names.printable(text) + "' (expected: "
                        + Arrays.stream(values()).map(RevocationReason::label).collect(Collectors.joining(", ")) + ")");
    }
}
