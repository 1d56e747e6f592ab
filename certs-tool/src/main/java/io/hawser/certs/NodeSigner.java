package io.hawser.certs;

import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What every way to a node certificate has in common: whose host it is, opening the issuing CA, signing, having the JDK
 * judge the result, writing it. Not thread-safe; used by one operation.
 */
final class NodeSigner {
    /** As many wait for the disk at a time; more than this gains nothing. */
    private static final int AT_ONCE = 16;

    private static final int FEW = 8;

    private final OrgStore store;
    private final OrgConfig config;
    private final FileWriter writer;
    private final NodeFiles files;
    private final SecureRandom random;
    private final Instant now;
    private final Revocations revocations;
    private final List<Notice> notices = Collections.synchronizedList(new ArrayList<>());

    NodeSigner(OrgStore store, OrgConfig config, FileWriter writer, SecureRandom random) {
        this.store = store;
        this.config = config;
        this.writer = writer;
        this.files = new NodeFiles(store.layout(), config, writer);
        this.random = random;
        this.now = store.options().clock().instant();
        this.revocations = store.revocations();
    }

    List<Notice> notices() {
        return List.copyOf(notices);
    }

    NodeFiles files() {
        return files;
    }

    Instant now() {
        return now;
    }

    /** Erlang checks the host alone, so that two nodes of one host could take each other's place. */
    void checkHosts(Collection<NodeName> wanted, boolean shared) {
        var owners = new TreeMap<String, NodeName>();
        store.nodes().forEach(node -> owners.putIfAbsent(node.node().host(), node.node()));
        for (NodeName node : wanted) {
            NodeName owner = owners.putIfAbsent(node.host(), node);
            if (owner == null || owner.equals(node) || store.find(node).isPresent()) {
                continue;
            }
            String message = node + ": the host belongs to " + owner
                    + " already, and an Erlang node cannot tell two nodes of one host apart";
            if (!shared) {
                throw new CertsException(ErrorCode.HOST_SHARED, message)
                        .hint("Give it a host of its own, such as " + node.alive() + "." + node.host()
                                + ", or add --shared-host where all nodes run Java")
                        .about(node);
            }
            notices.add(new Notice("HOST_SHARED", message));
        }
    }

    /** Whether the node's certificate is revoked; refused unless the caller knows of it. */
    boolean requireReinstated(NodeName node, boolean reinstate) {
        Optional<Revocation> revocation = store.find(node).flatMap(each -> revocations.find(each.certificate()));
        if (revocation.isPresent() && !reinstate) {
            throw new CertsException(
                            ErrorCode.NODE_REVOKED,
                            node + ": its certificate was revoked at "
                                    + revocation.get().at() + " ("
                                    + revocation.get().reason() + ")")
                    .hint("If the node shall be let in again, add --reinstate to 'node issue' or 'node sign'")
                    .about(node);
        }
        return revocation.isPresent();
    }

    /** The issuing CA with its key, and its CRL brought up to date. */
    CertificateAuthority open(SecretSource secrets) {
        AuthorityRecord record = store.authority("issuing");
        X509Certificate issuer = record.certificate();
        if (!now.isBefore(issuer.getNotAfter().toInstant())) {
            throw new CertsException(
                            ErrorCode.VERIFICATION_FAILED,
                            "the issuing CA's certificate ended at "
                                    + issuer.getNotAfter().toInstant())
                    .hint("Replace it: certs-tool ca rekey " + record.name());
        }
        CaSigner signer = store.signer(record, null, secrets);
        // a CRL that has run out locks every node out, so whoever has the key at hand renews it
        if (!now.isBefore(record.crl().getThisUpdate().toInstant().plus(CrlUpkeep.REFRESH))) {
            new CrlUpkeep(store, config, writer)
                    .renew(record, signer, Map.of(), config.policy().crlLife());
        }
        return new CertificateAuthority(issuer, signer, store.options().clock(), random);
    }

    /** One certificate to make. */
    @SuppressWarnings("ArrayRecordComponent") // carried, never compared
    record Task(
            NodeName node, PublicKey publicKey, @Nullable PrivateKey key, byte @Nullable [] request, Duration life) {}

    /** Signs one certificate and writes it. */
    NodeCertificate sign(CertificateAuthority authority, Task task) {
        return sign(authority, task, store.roots(), writer);
    }

    /**
     * Signs certificates and writes them, in the order given. Many are made at once, since each waits for the disk several
     * times; a few are made one after another.
     *
     * @param make the keys are made here too
     */
    List<NodeCertificate> sign(CertificateAuthority authority, List<NodeName> nodes, Function<NodeName, Task> make) {
        List<X509Certificate> roots = store.roots();
        var signed = new ArrayList<NodeCertificate>();
        if (nodes.size() < FEW) {
            for (NodeName node : nodes) {
                signed.add(sign(authority, make.apply(node), roots, writer));
                store.options().progress().accept(node, signed.size());
            }
            return signed;
        }
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE, NodeSigner::thread);
        try {
            var waiting = new ArrayList<Future<Map.Entry<NodeCertificate, FileWriter>>>();
            for (NodeName node : nodes) {
                waiting.add(threads.submit(() -> {
                    FileWriter own = writer.beside();
                    return Map.entry(sign(authority, make.apply(node), roots, own), own);
                }));
            }
            for (Future<Map.Entry<NodeCertificate, FileWriter>> future : waiting) {
                Map.Entry<NodeCertificate, FileWriter> done = future.get();
                signed.add(done.getKey());
                writer.add(done.getValue());
                store.options().progress().accept(done.getKey().node(), signed.size());
            }
            return signed;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CertsException refused) {
                throw refused;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException("issuing failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CertsException(ErrorCode.INTERNAL, "interrupted; run the command again to finish", e);
        } finally {
            stop(threads);
        }
    }

    private static Thread thread(Runnable work) {
        var thread = new Thread(work, "certs-tool-issue");
        thread.setDaemon(true);
        return thread;
    }

    /** Nothing is written any more when this returns, so that the lock can be given back. */
    private static void stop(ExecutorService threads) {
        threads.shutdownNow().clear();
        boolean interrupted = false;
        while (!threads.isTerminated()) {
            try {
                threads.awaitTermination(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private NodeCertificate sign(
            CertificateAuthority authority, Task task, List<X509Certificate> roots, FileWriter to) {
        NodeName node = task.node();
        X509Certificate leaf = authority.node(config, node, task.publicKey(), task.life());
        List<X509Certificate> chain = List.of(leaf, authority.certificate());
        ChainVerifier.verify(chain, roots, List.of(), now, node);
        if (leaf.getNotAfter().toInstant().isBefore(now.plus(task.life()).minusSeconds(1))) {
            notices.add(new Notice(
                    "LIFE_CLAMPED",
                    node + ": ends with the issuing CA at " + leaf.getNotAfter().toInstant()
                            + ", earlier than asked for"));
        }
        int generation = store.layout().generations(node).stream()
                        .mapToInt(Integer::intValue)
                        .max()
                        .orElse(0)
                + 1;
        var certificate = new NodeCertificate(
                node,
                config.namespace().uri(node),
                generation,
                chain,
                store.layout().generation(node, generation));
        new NodeFiles(store.layout(), config, to).write(certificate, task.key(), task.request());
        return certificate;
    }
}
