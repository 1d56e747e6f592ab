package io.hawser.certs;

import java.nio.file.Path;
import java.security.cert.X509CRL;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Lays out what an Erlang node reads: an option file for TLS distribution, PEM files, CRLs under their hash, the roster.
 *
 * <p>OTP wants absolute paths, so the files work only where they were exported to.
 *
 * @see <a href="https://www.erlang.org/doc/apps/ssl/ssl_distribution.html">Using TLS for Erlang distribution</a>
 */
public final class OtpExport {
    /** Neither the emulator's flags nor its argument files have a way to quote these. */
    private static final Pattern REFUSED = Pattern.compile("[^!-~]|[\"'\\\\#%]");

    private final OrgStore store;
    private final @Nullable Path nodeKey;

    /**
     * Exports from a store.
     *
     * @param store where the node's certificate is
     */
    public OtpExport(OrgStore store) {
        this(store, null);
    }

    private OtpExport(OrgStore store, @Nullable Path nodeKey) {
        this.store = store;
        this.nodeKey = nodeKey;
    }

    /**
     * The same export for a node that keeps its own key.
     *
     * @param key the key's file; it must belong to the node's current certificate
     * @return an export that takes the key from there
     */
    public OtpExport withNodeKey(Path key) {
        return new OtpExport(store, key);
    }

    /**
     * Writes the files; brings an earlier export of the same node up to date.
     *
     * @param node which node
     * @param to the directory, made when it is not there
     * @return the directory, and what was written
     * @throws CertsException if there is no such node, the path cannot stand in an option file ({@code PATH_REFUSED}),
     *     or the directory holds something else
     */
    public Change<Path> write(NodeName node, Path to) {
        String base = to.toAbsolutePath().normalize().toString();
        if (REFUSED.matcher(base).find()) {
            throw new CertsException(
                            ErrorCode.PATH_REFUSED,
                            "'" + Names.printable(base)
                                    + "': Erlang's options cannot carry a path with blanks, quotes or other special"
                                    + " characters")
                    .hint("Choose a directory of letters, digits and / . _ - for --to")
                    .about(Names.printable(base));
        }
        ExportSource source = ExportSource.of(store, node, nodeKey);
        var target = new ExportDirectory(to, "otp", source.node(), store, Map.of());
        List<Notice> notices = source.addKey(target);
        target.add("chain.pem", Pem.certificates(source.chain()));
        var trusted = new ArrayList<>(source.roots());
        trusted.addAll(source.cross());
        target.add("cacerts.pem", Pem.certificates(trusted));
        var taken = new HashMap<String, Integer>();
        for (X509CRL crl : source.crls()) {
            String hash = OpensslNameHash.of(crl.getIssuerX500Principal());
            int number = taken.merge(hash, 1, Integer::sum) - 1;
            target.add("crl/" + hash + ".r" + number, Pem.crls(List.of(crl)));
        }
        target.add("roster.term", source.roster().toTerm(source.partners()));
        target.add("ssl_dist.conf", options(base));
        target.add("vm.args", arguments(base, source));
        target.add("README", readme(base, source));
        return target.write(notices);
    }

    private static byte[] options(String base) {
        String both = section(base);
        return Pem.ascii("%% Written by certs-tool; used as -ssl_dist_optfile.\n[{server, ["
                + both
                + "  {fail_if_no_peer_cert, true}\n ]},\n {client, ["
                + both.stripTrailing().replaceAll(",$", "")
                + "\n ]}].\n");
    }

    /**
     * What both roles have in common. The fun is called for each certificate of a path after OTP's own checks; it runs
     * in both roles, reads the roster anew each time, and answers for the leaf only when its one URI is listed.
     */
    private static String section(String base) {
        return """

              {certfile, "%1$s/chain.pem"},
              {keyfile, "%1$s/key.pem"},
              {cacertfile, "%1$s/cacerts.pem"},
              {versions, ['tlsv1.3']},
              {verify, verify_peer},
              {depth, 4},
              {crl_check, peer},
              {crl_cache, {ssl_crl_hash_dir, {internal, [{dir, "%1$s/crl"}]}}},
              {verify_fun, {
                fun(_, {bad_cert, _} = Reason, _) -> {fail, Reason};
                   (_, {extension, _}, Roster) -> {unknown, Roster};
                   (_, valid, Roster) -> {valid, Roster};
                   (Cert, valid_peer, Roster) ->
                     Names = case element(11, element(2, Cert)) of
                       Extensions when is_list(Extensions) ->
                         lists:append([San || {'Extension', {2,5,29,17}, _, San} <- Extensions, is_list(San)]);
                       _ -> []
                     end,
                     Hosts = [Host || {dNSName, Host} <- Names],
                     case {Hosts, [Uri || {uniformResourceIdentifier, Uri} <- Names]} of
                       {[_ | _], [Uri]} ->
                         case file:consult(Roster) of
                           {ok, Listed} ->
                             case lists:member(Uri, Listed) of
                               true -> {valid, Roster};
                               false -> {fail, {bad_cert, {not_in_roster, Uri}}}
                             end;
                           {error, _} -> {fail, {bad_cert, roster_unreadable}}
                         end;
                       _ -> {fail, {bad_cert, no_node_identity}}
                     end
                end, "%1$s/roster.term"}},
            """.formatted(base);
    }

    private static byte[] arguments(String base, ExportSource source) {
        String allowed = source.accepted().stream().map(NodeName::toString).collect(Collectors.joining(" "));
        return Pem.ascii(
                """
                %s %s
                -proto_dist inet_tls
                -ssl_dist_optfile %s/ssl_dist.conf
                -s net_kernel allow %s
                """.formatted(nameFlag(source.node().node()), source.node().node(), base, allowed));
    }

    /** A host without a dot makes a short name, which {@code -name} refuses. */
    private static String nameFlag(NodeName node) {
        return node.host().contains(".") ? "-name" : "-sname";
    }

    private static byte[] readme(String base, ExportSource source) {
        return Pem.ascii("""
            TLS distribution of the Erlang node %1$s, written by certs-tool.

            Start the node with:  erl -args_file %2$s/vm.args

            ssl_dist.conf   TLS 1.3 only, both sides verified, CRLs checked, roster checked at every handshake
            chain.pem       the node's certificate and the issuing CA
            key.pem         its private key; readable by its owner only
            cacerts.pem     the organisation's own root, and partners' roots as it fenced them
            crl/            revocation lists, named by OpenSSL's hash of their issuer
            roster.term     the nodes that may connect
            vm.args         flags for erl; the last line names the nodes that may connect, read at start

            The paths inside are absolute: export again rather than moving the directory.
            Run "certs-tool export otp %1$s --to %2$s" again after each renewal and each new node.
            Erlang checks a peer's host, not its full name: give every node a host name of its own.
            """.formatted(source.node().node(), base));
    }
}
