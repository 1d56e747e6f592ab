package io.hawser.certs;

/**
 * Why a runtime refuses a certificate.
 *
 * @param kind what helps against it
 * @param reason one line for people
 */
record Refusal(Kind kind, String reason) {
    /** What is wrong with it. */
    enum Kind {
        EXPIRED("node renew"),
        REVOKED("node show"),
        CRL("crl issue"),
        OTHER("inspect");

        private final String verb;

        Kind(String verb) {
            this.verb = verb;
        }
    }

    static Refusal of(String reason) {
        return new Refusal(Kind.OTHER, reason);
    }

    /** The command that helps a node, or shows what is in a file. */
    String hint(String subject, boolean node) {
        if (!node || kind == Kind.OTHER) {
            return node ? "certs-tool node show " + subject : "certs-tool lint " + subject;
        }
        return "certs-tool " + kind.verb
                + switch (kind) {
                    case EXPIRED, REVOKED -> " " + subject;
                    case CRL, OTHER -> "";
                };
    }
}
