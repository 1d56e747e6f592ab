package io.hawser.certs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The directory of one organisation: its CAs, its nodes' certificates and keys, its roster.
 *
 * <p>Reading needs no lock, since every file changes in one step. Operations that write hold the store's lock, and leave
 * a usable store wherever they are stopped: running them again finishes the work. Keys are written with mode 0600,
 * directories with 0700. Not thread-safe; used by one caller at a time.
 */
public final class OrgStore {
    private final StoreLayout layout;
    private final StoreOptions options;
    private final WriteObserver observer;
    private final CaKeys keys;

    OrgStore(Path directory, StoreOptions options, WriteObserver observer) {
        this.layout = new StoreLayout(directory);
        this.options = options;
        this.observer = observer;
        this.keys = new CaKeys(options);
    }

    /**
     * A store at a directory, which need not exist yet. Touches nothing.
     *
     * @param directory the store's directory
     * @param options clock and safety
     * @return the store
     */
    public static OrgStore at(Path directory, StoreOptions options) {
        return new OrgStore(directory, options, (step, path) -> {});
    }

    /**
     * Makes a new organisation: root, issuing CA, their first CRLs, an empty roster. Does nothing when the same
     * organisation is there already.
     *
     * @param request what it should be
     * @param secrets gives the passphrase for new keys, when they are to be encrypted
     * @return the organisation, and what was written
     * @throws CertsException if another organisation is there ({@code ORG_EXISTS}), or the lock is held
     */
    public Change<OrgConfig> init(OrgRequest request, SecretSource secrets) {
        if (!options.dryRun()) {
            new FileWriter(false, observer).directories(layout.root());
        }
        return changing("org init", writer -> new OrgCreation(layout, options, writer, keys).run(request, secrets));
    }

    /**
     * Issues certificates to nodes. A node that has one with enough life left keeps it.
     *
     * @param request which nodes, and for how long
     * @param secrets opens the issuing CA's key; asked only when something must be signed and the key is encrypted
     * @return the nodes' certificates in the order of the request, and what was written
     * @throws CertsException if a name is refused, a node exists with another lifetime ({@code NODE_EXISTS}), the key
     *     cannot be used, or the lock is held
     */
    public Change<List<NodeCertificate>> issue(IssueRequest request, SecretSource secrets) {
        OrgConfig config = config();
        NodeIssuance.checkNames(config, request);
        return changing("node issue", writer -> new NodeIssuance(this, config, writer).run(request, secrets));
    }

    /**
     * Signs a request that a node made for a key of its own. A node whose certificate for that key has enough life left
     * keeps it.
     *
     * @param request what the node sent
     * @param secrets opens the issuing CA's key; asked only when something must be signed and the key is encrypted
     * @return the node's certificate, and what was written
     * @throws CertsException if a field of the request is refused ({@code CSR_REFUSED}), the node has a certificate for
     *     another key ({@code NODE_EXISTS}), the key cannot be used, or the lock is held
     */
    public Change<NodeCertificate> sign(SignRequest request, SecretSource secrets) {
        OrgConfig config = config();
        return changing("node sign", writer -> new NodeSigning(this, config, writer).run(request, secrets));
    }

    /**
     * Says what becomes of each field of a request. Signs and writes nothing.
     *
     * @param request what the node sent
     * @return the fields, in order
     * @throws CertsException if it is no request ({@code UNREADABLE})
     */
    public CsrReview review(SignRequest request) {
        Csr csr = Csr.read(request.content(), request.where());
        return new CsrReviewer(csr, config().namespace(), request.expect()).review();
    }

    /**
     * Gives nodes that are due a further certificate, for the same names and as long as the last was meant to last.
     *
     * @param request which nodes, and what counts as due
     * @param secrets opens the issuing CA's key; asked only when something must be signed and the key is encrypted
     * @return the current certificates of all nodes that were asked for, and what was written
     * @throws CertsException if there is no such node ({@code NODE_UNKNOWN}), the key cannot be used, or the lock is held
     */
    public Change<List<NodeCertificate>> renew(RenewRequest request, SecretSource secrets) {
        OrgConfig config = config();
        if (request.life() != null) {
            config.policy().checkNodeLife(request.life());
        }
        return changing("node renew", writer -> new NodeIssuance(this, config, writer).renew(request, secrets));
    }

    /**
     * Revokes certificates: a new CRL of the CA that issued them, then the roster without the nodes that have no other.
     * What is revoked already stays as it is.
     *
     * @param request what
     * @param secrets opens the issuing CA's key; asked only when something must be signed and the key is encrypted
     * @return the certificates that were asked for, all of them revoked now, and what was written
     * @throws CertsException if there is no such node ({@code NODE_UNKNOWN}) or number ({@code SERIAL_UNKNOWN}), the key
     *     cannot be used, or the lock is held
     */
    public Change<List<NodeCertificate>> revoke(RevokeRequest request, SecretSource secrets) {
        OrgConfig config = config();
        return changing("revoke", writer -> new NodeRevocation(this, config, writer).run(request, secrets));
    }

    /**
     * Renews the CRLs: an issuing CA's that is over a day old, a root's that has spent a third of its life.
     *
     * @param request how long, and where an offline root is
     * @param secrets opens the CAs' keys; asked once, and only when something must be signed and a key is encrypted
     * @return the CAs with their CRLs, and what was written
     * @throws CertsException if a key cannot be used, or the lock is held
     */
    public Change<List<AuthorityRecord>> refreshCrls(CrlRequest request, SecretSource secrets) {
        OrgConfig config = config();
        return changing("crl issue", writer -> new CrlUpkeep(this, config, writer).run(request, secrets));
    }

    /**
     * Puts the CRLs of all CAs, and of the partners', into a directory, named by OpenSSL's hash of their issuer, as OTP and
     * OpenSSL look for them. Takes out those of CAs that were rotated out.
     *
     * @param directory made when it is not there
     * @return the directory, and what was written
     * @throws CertsException if a newer CRL, or something else, is in the way ({@code FILE_EXISTS})
     */
    public Change<Path> installCrls(Path directory) {
        var all = new ArrayList<>(crls());
        new TrustStore(this).partners().forEach(partner -> all.addAll(partner.crls()));
        return new CrlInstall(directory, new FileWriter(options.dryRun(), observer))
                .run(all, retired().stream().map(AuthorityRecord::certificate).toList());
    }

    /** Runs work that writes: under the lock and into the log, or in a dry run without. */
    <T> T changing(String operation, Function<FileWriter, T> work) {
        return changing(operation, List.of(), work);
    }

    /** The same for work that writes outside the store, and is logged by what it is about. */
    <T> T changing(String operation, List<AuditSubject> outside, Function<FileWriter, T> work) {
        try {
            return options.dryRun()
                    ? work.apply(new FileWriter(true, observer))
                    : locked(() -> logged(operation, outside, work));
        } finally {
            keys.close();
        }
    }

    private <T> T logged(String operation, List<AuditSubject> outside, Function<FileWriter, T> work) {
        AuditJournal journal = AuditJournal.begin(layout, options.clock(), observer, operation);
        try {
            outside.forEach(journal::note);
            T done = work.apply(new FileWriter(false, journal));
            journal.end(false);
            return done;
        } catch (CertsException e) {
            journal.end(true); // what was written before it failed stays, and belongs into the log
            throw e;
        }
    }

    private <T> T locked(Supplier<T> work) {
        StoreLock lock = StoreLock.take(layout.lock(), options.clock().instant());
        try {
            return work.get();
        } finally {
            lock.close();
        }
    }

    /**
     * What {@code org.yaml} says.
     *
     * @return name, namespace and policy
     * @throws CertsException if there is no organisation here ({@code ORG_MISSING})
     */
    public OrgConfig config() {
        if (!Files.isRegularFile(layout.config())) {
            throw new CertsException(ErrorCode.ORG_MISSING, layout.root() + ": holds no organisation")
                    .hint("Make one with 'certs-tool org init', or name its directory with --dir or CERTS_TOOL_DIR")
                    .about(layout.root());
        }
        return OrgConfig.read(layout.config());
    }

    /**
     * The CAs there are.
     *
     * @return roots first, then issuing CAs, oldest first
     */
    public List<AuthorityRecord> authorities() {
        return Stream.of("root", "issuing")
                .flatMap(role -> layout.authorities(role).stream())
                .map(OrgStore::authorityIn)
                .toList();
    }

    /** Those that were rotated out. */
    List<AuthorityRecord> retired() {
        return Stream.of("root", "issuing")
                .flatMap(role -> layout.retired(role).stream())
                .map(OrgStore::authorityIn)
                .toList();
    }

    /** A role's latest CA; of the issuing ones, the one that issues. */
    AuthorityRecord authority(String role) {
        return authorityIn(active(role));
    }

    /** A CA by its name, also one that was rotated out. */
    Optional<AuthorityRecord> authorityNamed(String name) {
        return Stream.of(layout.authorities(), layout.retired())
                .map(directory -> directory.resolve(name))
                .filter(directory -> Files.isRegularFile(directory.resolve("cert.pem")))
                .map(OrgStore::authorityIn)
                .findFirst();
    }

    private Path active(String role) {
        Optional<Path> stays = role.equals("issuing")
                ? rotation().flatMap(Rotation::stillIssues).map(layout.authorities()::resolve)
                : Optional.empty();
        return stays.orElseGet(() -> layout.authority(role));
    }

    /** The rotation that is under way. */
    Optional<Rotation> rotation() {
        return layout.rotation().read().filter(Rotation::isUnderWay);
    }

    /** The roots as earlier ones signed them, oldest first: a way from one whom somebody trusts to the next. */
    List<X509Certificate> links() {
        Instant now = options.clock().instant();
        return layout.authorities("root").stream()
                .map(directory -> directory.resolve("link.pem"))
                .filter(Files::isRegularFile)
                .flatMap(file -> Pem.readCertificates(readFile(file), file.toString()).stream())
                .filter(link -> now.isBefore(link.getNotAfter().toInstant()))
                .toList();
    }

    /**
     * A node's certificate and what stands above it, as it is shown. The new root as the old one signed it is left out where
     * there are partners: their fence around our root leaves room for one CA below it, so that way never leads there, and
     * Erlang, which takes the chain as it is shown, would not find the one that does.
     */
    List<X509Certificate> shown(NodeCertificate node) {
        var chain = new ArrayList<>(node.chain());
        if (rotation().filter(Rotation::isBridged).isPresent()
                && new TrustStore(this).partners().isEmpty()) {
            X509Certificate top = chain.get(chain.size() - 1);
            links().stream()
                    .filter(link -> link.getSubjectX500Principal().equals(top.getIssuerX500Principal()))
                    .forEach(chain::add);
        }
        return chain;
    }

    private static AuthorityRecord authorityIn(Path directory) {
        Path certificate = directory.resolve("cert.pem");
        Path crl = directory.resolve("crl.pem");
        return new AuthorityRecord(
                String.valueOf(directory.getFileName()),
                Pem.readCertificates(readFile(certificate), certificate.toString())
                        .get(0),
                Pem.readCrl(readFile(crl), crl.toString()),
                CaKeys.state(directory));
    }

    Path directory(AuthorityRecord authority) {
        Path directory = layout.authorities().resolve(authority.name());
        return Files.exists(directory) ? directory : layout.retired().resolve(authority.name());
    }

    /** The roots there are, which the organisation's nodes trust. */
    List<X509Certificate> roots() {
        return authorities().stream()
                .filter(AuthorityRecord::isRoot)
                .map(AuthorityRecord::certificate)
                .toList();
    }

    /** The CRLs of all CAs there are. */
    List<X509CRL> crls() {
        return authorities().stream().map(AuthorityRecord::crl).toList();
    }

    /** What all those CRLs say, and those of CAs that were rotated out: what was revoked stays so. */
    Revocations revocations() {
        return revocations(crls());
    }

    /** The same with other CRLs of the CAs there are. */
    Revocations revocations(List<X509CRL> current) {
        var all = new ArrayList<>(current);
        retired().forEach(authority -> all.add(authority.crl()));
        return Revocations.of(all);
    }

    /**
     * Tells revoked certificates from others, by what the CRLs say at this moment.
     *
     * @return true for a certificate that the CRL of its CA lists
     */
    public Predicate<NodeCertificate> revokedNow() {
        Revocations revocations = revocations();
        return node -> revocations.contains(node.certificate());
    }

    /**
     * What the CRLs list, and whose certificates those were.
     *
     * @return in order of issuer and number
     */
    public List<Revocation> revoked() {
        var names = new HashMap<Revocations.Key, NodeName>();
        for (NodeCertificate node : nodes()) {
            for (NodeCertificate each : generations(node.node())) {
                X509Certificate certificate = each.certificate();
                names.put(
                        new Revocations.Key(
                                certificate.getIssuerX500Principal().getName(), certificate.getSerialNumber()),
                        each.node());
            }
        }
        return revocations().entries().entrySet().stream()
                .map(entry -> new Revocation(
                        entry.getValue().issuer(),
                        entry.getValue().serial(),
                        entry.getValue().at(),
                        entry.getValue().reason(),
                        Optional.ofNullable(names.get(entry.getKey()))))
                .toList();
    }

    X509Certificate certificate(String role) {
        return authority(role).certificate();
    }

    X509CRL crl(String role) {
        return authority(role).crl();
    }

    /** What signs for a role's latest CA. */
    CaSigner signer(String role, SecretSource secrets) {
        return signer(authority(role), null, secrets);
    }

    /** What signs for a CA, with the key from the directory where an offline root keeps it, if one is given. */
    CaSigner signer(AuthorityRecord authority, @Nullable Path offline, SecretSource secrets) {
        return keys.open(
                authority.name(),
                authority.certificate().getPublicKey(),
                offline == null ? directory(authority) : offline,
                secrets);
    }

    /** What signs for a CA that has no certificate yet. */
    CaKeys keys() {
        return keys;
    }

    /** Logs out of tokens, for whoever signs outside {@link #changing}. */
    void closeKeys() {
        keys.close();
    }

    /** A node's private key; nodes' keys are never encrypted, since nodes start unattended. */
    PrivateKey key(NodeCertificate node) {
        Path file = node.directory().resolve("key.pem");
        return PrivateKeys.read(
                new SecretFiles(options.allowGroupRead()).read(file), file.toString(), SecretSource.none());
    }

    /** Whether the node made its own key, so that only its request is here. */
    boolean isKeyElsewhere(NodeCertificate node) {
        return !Files.exists(node.directory().resolve("key.pem"), LinkOption.NOFOLLOW_LINKS)
                && Files.exists(node.directory().resolve("request.csr"));
    }

    byte[] request(NodeCertificate node) {
        return readFile(node.directory().resolve("request.csr"));
    }

    /**
     * The current certificate of every node.
     *
     * @return in order of name
     */
    public List<NodeCertificate> nodes() {
        var nodes = new ArrayList<NodeCertificate>();
        for (String name : StoreLayout.children(layout.nodes())) {
            if (name.indexOf('@') > 0) {
                find(NodeName.parse(name)).ifPresent(nodes::add);
            }
        }
        return nodes;
    }

    /**
     * A node's current certificate.
     *
     * @param node the node's name
     * @return its latest generation
     * @throws CertsException if there is none ({@code NODE_UNKNOWN})
     */
    public NodeCertificate node(NodeName node) {
        OrgConfig config = config();
        return find(node)
                .orElseThrow(() -> unknown(config, node)
                        .hint("'certs-tool node list' prints the nodes there are; 'certs-tool node issue " + node
                                + "' makes it"));
    }

    /** The same, for what nobody would make a node for. */
    NodeCertificate existing(NodeName node) {
        OrgConfig config = config();
        return find(node)
                .orElseThrow(() -> unknown(config, node).hint("'certs-tool node list' prints the nodes there are"));
    }

    private static CertsException unknown(OrgConfig config, NodeName node) {
        return new CertsException(ErrorCode.NODE_UNKNOWN, node + ": " + config.org() + " has no such node").about(node);
    }

    /**
     * All certificates of a node, with those it had before.
     *
     * @param node the node's name
     * @return oldest first, empty when there is no such node
     */
    public List<NodeCertificate> generations(NodeName node) {
        return layout.generations(node).stream()
                .map(generation -> read(node, generation))
                .toList();
    }

    Optional<NodeCertificate> find(NodeName node) {
        List<Integer> generations = layout.generations(node);
        return generations.isEmpty()
                ? Optional.empty()
                : Optional.of(read(node, generations.get(generations.size() - 1)));
    }

    private NodeCertificate read(NodeName node, int generation) {
        Path directory = layout.generation(node, generation);
        Path file = directory.resolve("chain.pem");
        List<X509Certificate> chain = Pem.readCertificates(readFile(file), file.toString());
        return new NodeCertificate(node, Identities.uri(chain.get(0)).orElse(""), generation, chain, directory);
    }

    /**
     * Tells whether the files that derive from others are as they should be: what an operation that was killed may
     * have left undone.
     *
     * @return false when the next {@link #issue} will repair the roster or a node's {@code current} link
     */
    public boolean consistent() {
        Roster roster = Roster.of(config(), nodes(), revocations());
        return FileWriter.hasContent(layout.rosterJson(), roster.toJson())
                && FileWriter.hasContent(layout.rosterTerm(), roster.toTerm());
    }

    StoreLayout layout() {
        return layout;
    }

    WriteObserver observer() {
        return observer;
    }

    StoreOptions options() {
        return options;
    }

    static byte[] readFile(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw CertsException.io("reading", file, e);
        }
    }
}
