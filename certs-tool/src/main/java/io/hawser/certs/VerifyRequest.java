package io.hawser.certs;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What shall be judged, and by whom.
 *
 * @param nodes nodes of the organisation
 * @param files chains by what to call them: PEM or DER, the certificate in question first
 * @param judges the runtimes
 * @param against a partner: its nodes judge ours, and its certificates are judged within its fence; or null
 * @param host what is dialled to reach the one who presents a file, or null for what its certificate says
 * @param trust roots to judge files by instead of the organisation's, PEM; empty for the organisation's
 * @param live whether OpenSSL and Erlang are asked where they are installed
 */
public record VerifyRequest(
        List<NodeName> nodes,
        Map<String, byte[]> files,
        List<Judge> judges,
        @Nullable String against,
        @Nullable String host,
        Map<String, byte[]> trust,
        boolean live) {
    /**
     * Copies the lists.
     *
     * @param nodes nodes of the organisation
     * @param files chains by what to call them: PEM or DER, the certificate in question first
     * @param judges the runtimes
     * @param against a partner: its nodes judge ours, and its certificates are judged within its fence; or null
     * @param host what is dialled to reach the one who presents a file, or null for what its certificate says
     * @param trust roots to judge files by instead of the organisation's, PEM; empty for the organisation's
     * @param live whether OpenSSL and Erlang are asked where they are installed
     */
    public VerifyRequest {
        nodes = List.copyOf(nodes);
        files = Map.copyOf(files);
        judges = List.copyOf(judges);
        trust = Map.copyOf(trust);
    }

    /**
     * Nodes by all runtimes, by rules.
     *
     * @param nodes nodes of the organisation
     * @return the request
     */
    public static VerifyRequest of(NodeName... nodes) {
        return new VerifyRequest(List.of(nodes), Map.of(), List.of(Judge.values()), null, null, Map.of(), false);
    }
}
