package io.hawser.certs;

/** Why an operation was refused or failed. The names are stable: scripts may compare them. */
public enum ErrorCode {
    /** A defect in the tool itself. */
    INTERNAL(1),
    /** The command line is not understood. */
    USAGE(2),
    /** A passphrase was written on the command line, where every user of the machine can read it. */
    SECRET_ON_ARGV(2),
    /** The directory holds no organisation. */
    ORG_MISSING(2),
    /** The organisation has no node of that name. */
    NODE_UNKNOWN(2),
    /** The organisation issued no certificate with that number. */
    SERIAL_UNKNOWN(2),
    /** There is no CA of that name, or it is no name for a new one. */
    CA_UNKNOWN(2),
    /** There is no partner organisation of that name. */
    PARTNER_UNKNOWN(2),
    /** Neither a passphrase for the CA keys nor the wish for none was given. */
    PASSPHRASE_CHOICE_MISSING(2),
    /** A manifest or {@code org.yaml} cannot be read as one. */
    FILE_INVALID(2),
    /** A node, host, organisation or domain name has characters or a form that is not allowed. */
    NAME_INVALID(3),
    /** The host lies outside the organisation's domain. */
    NAME_OUTSIDE_NAMESPACE(3),
    /** The host is an IP address. */
    NAME_IP_LITERAL(3),
    /** The name holds a wildcard. */
    NAME_WILDCARD(3),
    /** Another node has the same host, and Erlang nodes cannot tell the two apart. */
    HOST_SHARED(3),
    /** The lifetime is too short or longer than the policy allows. */
    LIFE_REFUSED(3),
    /** A certificate request asks for what the CA does not give. */
    CSR_REFUSED(3),
    /** The root is asked for what no root should sign. */
    REQUEST_REFUSED(3),
    /** The node's certificate is revoked, and nobody said that it shall be let in again. */
    NODE_REVOKED(3),
    /** A partner's names are not its own: they overlap ours or another partner's, or differ from those asked for. */
    NAMESPACE_REFUSED(3),
    /** A path has characters that the format cannot carry. */
    PATH_REFUSED(3),
    /** A certificate, chain or CRL did not pass verification. */
    VERIFICATION_FAILED(4),
    /** A running node did not let in whom it should, or did let in whom it should not. */
    PROOF_FAILED(4),
    /** The input holds nothing that could be read. */
    UNREADABLE(4),
    /** Something ends soon, has ended, or waits for somebody. */
    ATTENTION(5),
    /** Nodes that a rotation waits for do not do yet as they should. */
    ROTATION_WAITING(5),
    /** An organisation exists here with other parameters. */
    ORG_EXISTS(6),
    /** A CA exists, or was asked for, with other parameters. */
    CA_EXISTS(6),
    /** A node exists with other parameters. */
    NODE_EXISTS(6),
    /** A partner exists with other parameters. */
    PARTNER_EXISTS(6),
    /** Another rotation is under way. */
    ROTATION_EXISTS(6),
    /** A rotation can be undone no more: what was old is gone. */
    ROTATION_RETIRED(6),
    /** A file exists with other content. */
    FILE_EXISTS(6),
    /** The target of an export holds other content. */
    EXPORT_CONFLICT(6),
    /** A key that is meant for one CA is another's. */
    KEY_IN_USE(6),
    /** Another process is writing. */
    LOCK_HELD(6),
    /** The CA key is encrypted and no passphrase was given. */
    PASSPHRASE_NEEDED(7),
    /** The passphrase does not open the key. */
    PASSPHRASE_WRONG(7),
    /** The place a secret should come from gives none. */
    SECRET_UNAVAILABLE(7),
    /** The private key is kept elsewhere, or was lost. */
    KEY_ABSENT(7),
    /** The token or command that holds a CA's key cannot be reached. */
    SIGNER_UNAVAILABLE(7),
    /** What holds a CA's key did not sign, or signed with another key. */
    SIGNER_FAILED(7),
    /** Nobody confirmed the fingerprint of a partner's root, and no root that was confirmed signed it. */
    TRUST_UNCONFIRMED(8),
    /** The root of a partner's bundle is another than the one that was confirmed. */
    FINGERPRINT_MISMATCH(8),
    /** Nobody confirmed what the root's key is to sign. */
    NOT_CONFIRMED(8),
    /** A bundle is not what its organisation signed, or not a bundle at all. */
    BUNDLE_INVALID(8),
    /** A bundle is older than the one there is. */
    BUNDLE_ROLLBACK(8),
    /** A file with a secret is readable by others. */
    UNSAFE_PERMISSIONS(9),
    /** A file with a secret is a link or belongs to someone else. */
    UNSAFE_FILE(9),
    /** Reading or writing failed. */
    IO(9),
    /** A hook could not be started, took too long or failed. */
    HOOK_FAILED(9);

    private final int exitCode;

    ErrorCode(int exitCode) {
        this.exitCode = exitCode;
    }

    /**
     * The exit code that goes with this error.
     *
     * @return 1 to 9
     */
    public int exitCode() {
        return exitCode;
    }
}
