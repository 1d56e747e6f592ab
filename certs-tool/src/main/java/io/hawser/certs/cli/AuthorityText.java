package io.hawser.certs.cli;

import io.hawser.certs.AuthorityRecord;
import io.hawser.certs.CrlIssuer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/** CAs as text and as JSON. */
final class AuthorityText {
    private AuthorityText() {}

    static List<String> table(List<AuthorityRecord> authorities, Instant now) {
        Table table = new Table().row("CA", "ENDS", "DAYS LEFT", "KEY", "CRL ENDS");
        for (AuthorityRecord authority : authorities) {
            Instant end = authority.certificate().getNotAfter().toInstant();
            table.row(
                    authority.name(),
                    end,
                    ChronoUnit.DAYS.between(now, end),
                    authority.key(),
                    authority.crl().getNextUpdate().toInstant());
        }
        return table.lines();
    }

    static List<Map<String, Object>> describe(List<AuthorityRecord> authorities) {
        return authorities.stream().map(AuthorityText::describe).toList();
    }

    static Map<String, Object> describe(AuthorityRecord authority) {
        Map<String, Object> crl = Verb.object(
                "number",
                CrlIssuer.number(authority.crl()).toString(),
                "nextUpdate",
                authority.crl().getNextUpdate().toInstant().toString());
        return Verb.object(
                "name",
                authority.name(),
                "subject",
                authority.certificate().getSubjectX500Principal().getName(),
                "notAfter",
                authority.certificate().getNotAfter().toInstant().toString(),
                "fingerprint",
                authority.fingerprint(),
                "key",
                authority.key(),
                "crl",
                crl);
    }
}
