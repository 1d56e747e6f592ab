/**
 * A certificate authority for distributed Erlang: one root, one issuing CA fenced to a DNS domain and a trust domain,
 * and a certificate for each node.
 *
 * <p>Start with {@link io.hawser.certs.OrgStore}, the directory that holds all of it; {@link
 * io.hawser.certs.CertificateAuthority} issues, {@link io.hawser.certs.TrustStore} exchanges trust with other organisations, {@link io.hawser.certs.Prover} dials nodes, {@link io.hawser.certs.JavaExport}, {@link
 * io.hawser.certs.OtpExport} and {@link io.hawser.certs.PemExport} lay out what a node reads; {@link
 * io.hawser.certs.Inspector} says what a file holds. Nothing here keeps static state: time, secrets and directories are handed in.
 */
@NullMarked
package io.hawser.certs;

import org.jspecify.annotations.NullMarked;
