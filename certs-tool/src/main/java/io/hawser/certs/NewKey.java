package io.hawser.certs;

/**
 * A key for a CA that has no certificate yet.
 *
 * @param signer signs with it
 * @param file the name of the file that belongs into the CA's directory
 * @param content what the file holds: the key, or where it is
 * @param found whether the key was there before, in a token or behind a command
 */
@SuppressWarnings("ArrayRecordComponent") // written once, never compared
record NewKey(CaSigner signer, String file, byte[] content, boolean found) {}
