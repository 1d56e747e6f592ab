package io.hawser.certs;

import java.math.BigInteger;
import java.time.Instant;
import java.util.Optional;

/**
 * One entry of a CRL. Immutable, thread-safe.
 *
 * @param issuer the CA's name, as RFC 2253 writes it
 * @param serial the certificate's number
 * @param at since when
 * @param reason why, as RFC 5280 writes it; {@code unspecified} when the entry says nothing
 * @param node whose certificate it is, when the store knows
 */
public record Revocation(String issuer, BigInteger serial, Instant at, String reason, Optional<NodeName> node) {}
