package io.hawser.certs;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Sees with real connections whether every node has come as far as a rotation: accepts a certificate of the new CA, shows one,
 * refuses one of the old CA. Nodes are dialled as another one of the roster, with certificates made for this that end in
 * minutes; a connection ends before the cookie is asked for. Not thread-safe; used for one gate.
 */
final class RotationGate {
    private static final String TLS = "TLSv1.3";
    private static final Duration PROBE_LIFE = Duration.ofMinutes(10);
    private static final int AT_ONCE = 16;
    private static final long PAUSE_MILLIS = 1000;

    private final OrgStore store;
    private final OrgConfig config;
    private final Rotation rotation;
    private final RotationAdvance advance;
    private final SecretSource secrets;
    private final Roster roster;
    private final DistributionProbe probe;
    private final NodeAddresses addresses;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, DistributionProbe.Credentials> minted = new HashMap<>();

    RotationGate(OrgStore store, OrgConfig config, Rotation rotation, RotationAdvance advance, SecretSource secrets) {
        this.store = store;
        this.config = config;
        this.rotation = rotation;
        this.advance = advance;
        this.secrets = secrets;
        this.roster = Roster.of(config, store.nodes(), store.revocations());
        this.probe = new DistributionProbe(advance.timeout());
        this.addresses = new NodeAddresses(advance.addresses(), advance.epmdPort());
    }

    /** What is tried on one node. */
    private record Attempt(
            NodeName as, DistributionProbe.Credentials fresh, Optional<DistributionProbe.Credentials> old) {}

    /** Asks all nodes; those that do not do as they should again, until the time is over. */
    List<Proof> run(RotationPhase phase) {
        var attempts = new TreeMap<NodeName, Attempt>();
        for (NodeName target : roster.nodes().keySet()) {
            if (rotation.kind() != RotationKind.NODE || rotation.nodes().containsKey(target)) {
                attempts.put(target, attempt(target, phase));
            }
        }
        var proofs = new TreeMap<NodeName, List<Proof>>();
        Instant end = Instant.now().plus(advance.patience());
        var open = new TreeMap<>(attempts);
        while (true) {
            all(open, phase).forEach((node, found) -> {
                proofs.put(node, found);
                if (found.stream().allMatch(Proof::passed)) {
                    open.remove(node);
                }
            });
            if (open.isEmpty() || !Instant.now().isBefore(end)) {
                return proofs.values().stream().flatMap(Collection::stream).toList();
            }
            pause();
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static CertsException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new CertsException(ErrorCode.INTERNAL, "interrupted; run the command again to go on", e);
    }

    private Map<NodeName, List<Proof>> all(Map<NodeName, Attempt> open, RotationPhase phase) {
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE, work -> {
            var thread = new Thread(work, "certs-tool-rotate");
            thread.setDaemon(true);
            return thread;
        });
        try {
            var waiting = new TreeMap<NodeName, Future<List<Proof>>>();
            open.forEach((target, attempt) -> waiting.put(target, threads.submit(() -> ask(target, attempt, phase))));
            var proofs = new TreeMap<NodeName, List<Proof>>();
            for (Map.Entry<NodeName, Future<List<Proof>>> each : waiting.entrySet()) {
                List<Proof> found = each.getValue().get();
                found.forEach(advance.seen());
                proofs.put(each.getKey(), found);
            }
            return proofs;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a node could not be asked", e.getCause());
        } catch (InterruptedException e) {
            throw interrupted(e);
        } finally {
            threads.shutdownNow();
        }
    }

    private List<Proof> ask(NodeName target, Attempt attempt, RotationPhase phase) {
        boolean leftOut = rotation.leftOut().contains(target);
        String as = attempt.as().toString();
        String name = phase == RotationPhase.VERIFY_USE ? "new certificate shown" : "new certificate accepted";
        var judge = new PeerJudge(store, config.namespace().uri(target));
        InetSocketAddress address;
        DistributionProbe.Answer answer;
        try (Deadline deadline = probe.attempt()) {
            address = addresses.of(target, deadline);
            answer = DistributionProbe.dial(address, judge, attempt.fresh(), as, TLS, deadline);
        } catch (IOException e) {
            String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            return List.of(new Proof(as, target, name, true, leftOut, "not found: " + Names.printable(why)));
        }
        boolean accepted = answer.verdict() == DistributionProbe.Verdict.ACCEPTED;
        boolean down = answer.verdict() == DistributionProbe.Verdict.UNREACHABLE;
        if (phase == RotationPhase.VERIFY_USE && accepted) {
            Optional<String> old = oldShown(target, judge.shown().get(0));
            return List.of(new Proof(as, target, name, true, old.isEmpty(), old.orElse(answer.detail())));
        }
        var proofs = new ArrayList<Proof>();
        proofs.add(new Proof(as, target, name, true, accepted || (down && leftOut), answer.detail()));
        if (accepted && attempt.old().isPresent()) {
            DistributionProbe.Answer refusal =
                    probe.dial(address, judge, attempt.old().get(), as, TLS);
            boolean refused = refusal.verdict() == DistributionProbe.Verdict.REFUSED;
            proofs.add(new Proof(as, target, "old certificate refused", false, refused, refusal.detail()));
        }
        return proofs;
    }

    /** Says what a node shows instead of its new certificate; empty when it shows that. */
    private Optional<String> oldShown(NodeName target, X509Certificate shown) {
        if (rotation.kind() == RotationKind.NODE) {
            NodeCertificate current = store.node(target);
            return shown.equals(current.certificate())
                    ? Optional.empty()
                    : Optional.of("shows the certificate "
                            + shown.getSerialNumber().toString(16) + ", not generation " + current.generation());
        }
        AuthorityRecord coming = fresh();
        return shown.getIssuerX500Principal().equals(coming.certificate().getSubjectX500Principal())
                ? Optional.empty()
                : Optional.of("shows a certificate of "
                        + Names.printable(shown.getIssuerX500Principal().getName()) + ", not of " + coming.name());
    }

    private AuthorityRecord fresh() {
        return rotation.comingIssuing().flatMap(store::authorityNamed).orElseGet(() -> store.authority("issuing"));
    }

    private Attempt attempt(NodeName target, RotationPhase phase) {
        List<NodeName> others = roster.nodes().keySet().stream()
                .filter(node -> !node.equals(target))
                .toList();
        if (others.isEmpty()) {
            throw new CertsException(
                            ErrorCode.NODE_UNKNOWN, target + ": there is no other node on the roster to dial it as")
                    .hint("Issue a node for this: certs-tool node issue probe@probe."
                            + config.namespace().domain())
                    .about(target);
        }
        if (phase == RotationPhase.VERIFY_GONE && rotation.kind() == RotationKind.NODE) {
            for (NodeName other : others) {
                Optional<DistributionProbe.Credentials> old = oldGeneration(other);
                if (old.isPresent()) {
                    return new Attempt(other, minted(fresh(), other), old);
                }
            }
        }
        NodeName as = others.get(0);
        Optional<DistributionProbe.Credentials> old = phase == RotationPhase.VERIFY_GONE
                ? rotation.oldIssuing().flatMap(store::authorityNamed).map(ca -> minted(ca, as))
                : Optional.empty();
        return new Attempt(as, minted(fresh(), as), old);
    }

    /** What a node had before, if its key is here, and it would still be good. */
    private Optional<DistributionProbe.Credentials> oldGeneration(NodeName node) {
        Instant now = store.options().clock().instant();
        int last = rotation.nodes().getOrDefault(node, 0);
        return store.generations(node).stream()
                .filter(each -> each.generation() == last && !store.isKeyElsewhere(each))
                .filter(each -> now.isBefore(each.notAfter()))
                .map(each -> new DistributionProbe.Credentials(each.chain(), store.key(each)))
                .findFirst();
    }

    /** A certificate for a node's name by one CA, without the key of the node. */
    private DistributionProbe.Credentials minted(AuthorityRecord ca, NodeName node) {
        return minted.computeIfAbsent(ca.name() + " " + node, any -> {
            var authority = new CertificateAuthority(
                    ca.certificate(),
                    store.signer(ca, null, secrets),
                    store.options().clock(),
                    random);
            KeyPair pair = config.policy().key().generate(random);
            X509Certificate leaf = authority.node(config, node, pair.getPublic(), PROBE_LIFE);
            return new DistributionProbe.Credentials(List.of(leaf, ca.certificate()), pair.getPrivate());
        });
    }
}
