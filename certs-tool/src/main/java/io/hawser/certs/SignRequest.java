package io.hawser.certs;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A certificate request that a node sent.
 *
 * @param where what to call it, such as its file's name
 * @param content PEM or DER, at most 64 KiB
 * @param expect whom it must be for, or null for whom it names
 * @param life how long from now, or null for what the policy says
 * @param newGeneration whether a node that has a certificate for another key, or with another lifetime, gets a further one
 * @param sharedHost whether several nodes may have one host, although Erlang nodes cannot tell them apart
 * @param reinstate whether a node whose certificate is revoked gets another, for another key
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; read once
public record SignRequest(
        String where,
        byte[] content,
        @Nullable NodeName expect,
        @Nullable Duration life,
        boolean newGeneration,
        boolean sharedHost,
        boolean reinstate) {}
