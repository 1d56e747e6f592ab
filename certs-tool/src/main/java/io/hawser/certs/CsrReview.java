package io.hawser.certs;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a CA makes of a certificate request, field by field. Immutable, thread-safe.
 *
 * @param node whom the certificate would stand for, or empty when the request names nobody who may have one
 * @param fields every field of the request, in the order of the request
 */
public record CsrReview(Optional<NodeName> node, List<CsrField> fields) {
    /**
     * Copies the fields.
     *
     * @param node whom the certificate would stand for, or empty when the request names nobody who may have one
     * @param fields every field of the request, in the order of the request
     */
    public CsrReview {
        fields = List.copyOf(fields);
    }

    /**
     * The fields because of which the request is refused.
     *
     * @return empty when it can be signed
     */
    public List<CsrField> refused() {
        return fields.stream()
                .filter(field -> field.verdict() == CsrField.Verdict.REFUSED)
                .toList();
    }

    /**
     * The refusal, with each refused field named.
     *
     * @param where what to call the request
     * @return {@code CSR_REFUSED}, or empty when the request can be signed
     */
    public Optional<CertsException> refusal(String where) {
        if (refused().isEmpty()) {
            return Optional.empty();
        }
        String fields = refused().stream()
                .map(field -> field.name() + " (" + field.why() + ")")
                .collect(Collectors.joining("; "));
        return Optional.of(new CertsException(ErrorCode.CSR_REFUSED, where + ": the request is refused: " + fields)
                .hint("Make a request that fits with 'certs-tool node request NAME@HOST --out FILE'")
                .about(where));
    }
}
