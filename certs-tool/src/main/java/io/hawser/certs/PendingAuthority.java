package io.hawser.certs;

import java.security.PublicKey;

/**
 * An issuing CA that has a key, but no certificate yet.
 *
 * @param request what the root is asked to sign
 * @param keyFile the name of the file with the key, or with the place where it is
 * @param key the content of that file
 * @param rotates whether a rotation begins when it is installed
 */
@SuppressWarnings("ArrayRecordComponent") // copied from one place to another, never compared
record PendingAuthority(RootRequest request, String keyFile, byte[] key, boolean rotates) {
    PublicKey publicKey() {
        if (request.task() instanceof AuthorityTask task) {
            return task.publicKey();
        }
        throw new CertsException(ErrorCode.UNREADABLE, request.name() + ": its request is for no CA");
    }
}
