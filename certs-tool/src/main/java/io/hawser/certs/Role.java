package io.hawser.certs;

/** The two ends of a connection; a node is both. */
enum Role {
    /** Who accepts connections; the other end checks its host. */
    LISTENER("1.3.6.1.5.5.7.3.1"),
    /** Who makes them. */
    DIALLER("1.3.6.1.5.5.7.3.2");

    private final String purpose;

    Role(String purpose) {
        this.purpose = purpose;
    }

    /** The extended key usage it needs, if there is any. */
    String purpose() {
        return purpose;
    }

    @Override
    public String toString() {
        return this == LISTENER ? "as listener" : "as dialler";
    }
}
