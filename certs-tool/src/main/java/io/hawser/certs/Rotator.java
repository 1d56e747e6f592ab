package io.hawser.certs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/**
 * Replaces certificates, the issuing CA or the root while all nodes run and stay connected. What is new is handed out first;
 * what is old goes last; between the two, real connections show that every node has come along, and nothing goes on while one
 * has not.
 *
 * <p>Each step is one file that changes, {@code state/rotation.json}; what follows from it is finished by the next operation
 * when it was stopped. Exports follow from the store, so each phase is handed out by exporting again. Not thread-safe; used by
 * one caller at a time.
 */
public final class Rotator {
    private final OrgStore store;

    /**
     * The rotations of one organisation.
     *
     * @param store where it is
     */
    public Rotator(OrgStore store) {
        this.store = store;
    }

    /**
     * The rotation that is under way, or was the last.
     *
     * @return empty when there never was one
     * @throws CertsException if there is no organisation here ({@code ORG_MISSING})
     */
    public Optional<Rotation> last() {
        store.config();
        return store.layout().rotation().read();
    }

    /**
     * Begins a rotation: makes the new CAs, or the nodes' new certificates. Does nothing when it is under way already.
     *
     * @param request what to rotate
     * @param secrets opens the CAs' keys, and protects new ones when the present ones are encrypted
     * @return the rotation, and what was written; it is in the phase {@code IDLE} when an issuing CA is to be rotated and
     *     the root's key is elsewhere: then a request was written for it, and {@link AuthorityStore#install} begins it
     * @throws CertsException if another is under way ({@code ROTATION_EXISTS}), nobody says where a new key shall be
     *     although the present one is in no file ({@code USAGE}), a key cannot be used, or the lock is held
     */
    public Change<Rotation> begin(RotationRequest request, SecretSource secrets) {
        OrgConfig config = store.config();
        return store.changing("rotate", writer -> {
            try (var remembered = new RememberedSecret(secrets)) {
                var work = new RotationWork(store, config, writer, request.offlineRoot(), remembered);
                Optional<Rotation> there = store.rotation();
                Rotation rotation;
                if (there.isPresent()) {
                    rotation = requireSame(there.get(), request);
                    work.settle(rotation);
                } else {
                    rotation = new NewAuthorities(store, config, writer, remembered, work.notices()).begin(request);
                    if (rotation.isUnderWay()) {
                        work.enter(rotation);
                        rotation.comingIssuing()
                                .ifPresent(name -> writer.discard(
                                        store.layout().requests().resolve(name))); // asked for before, and not needed
                    }
                }
                return new Change<>(rotation, writer.written(), work.notices());
            }
        });
    }

    private static Rotation requireSame(Rotation there, RotationRequest request) {
        boolean sameNodes =
                request.nodes().isEmpty() || there.nodes().keySet().equals(new LinkedHashSet<>(request.nodes()));
        if (there.kind() == request.kind() && sameNodes && there.phase() != RotationPhase.ABORT) {
            return there;
        }
        boolean undone = there.phase() == RotationPhase.ABORT;
        throw new CertsException(
                        ErrorCode.ROTATION_EXISTS,
                        "a rotation (" + there.kind().label() + ") is "
                                + (undone
                                        ? "being undone"
                                        : "under way already, in the phase "
                                                + there.phase().label()))
                .hint(undone ? "Finish with 'certs-tool rotate abort'" : "See 'certs-tool rotate status'")
                .about(there.kind().label());
    }

    /**
     * Takes a rotation one phase further, if every node has come along.
     *
     * @param advance how nodes are asked
     * @param secrets opens the CAs' keys
     * @return where it stands; with stragglers it stays where it was
     * @throws CertsException if it is being undone ({@code ROTATION_EXISTS}), a key cannot be used, or the lock is held
     */
    public Change<RotationResult> next(RotationAdvance advance, SecretSource secrets) {
        OrgConfig config = store.config();
        if (store.rotation().isEmpty()) {
            return new Change<>(new RotationResult(Optional.empty(), List.of(), List.of()), List.of(), List.of());
        }
        try (var remembered = new RememberedSecret(secrets)) {
            Change<Rotation> settled = settle(config, advance, remembered);
            Rotation rotation = settled.value();
            RotationPhase next = rotation.kind().after(rotation.phase());
            // looked at when its phase is entered and again when it is left: what follows rests on what is true then
            List<Proof> proofs = next.isGated() || rotation.phase().isGated()
                    ? new RotationGate(store, config, rotation, advance, remembered)
                            .run(next.isGated() ? next : rotation.phase())
                    : List.of();
            if (!proofs.stream().allMatch(Proof::passed)) {
                var result = new RotationResult(Optional.of(rotation), proofs, List.of());
                return new Change<>(result, settled.files(), settled.notices());
            }
            Change<RotationResult> moved = move(config, rotation, next, advance, proofs, remembered);
            var files = new ArrayList<>(settled.files());
            files.addAll(moved.files());
            var notices = new ArrayList<>(settled.notices());
            notices.addAll(moved.notices());
            return new Change<>(moved.value(), files, notices);
        } finally {
            store.closeKeys(); // the gate opens some outside of what holds the lock
        }
    }

    /** Finishes what the phase asks for, and notes who is waited for no more. */
    private Change<Rotation> settle(OrgConfig config, RotationAdvance advance, SecretSource secrets) {
        return store.changing("rotate next", writer -> {
            Rotation rotation = requireUnderWay();
            var out = new LinkedHashSet<>(rotation.leftOut());
            for (NodeName node : advance.deadNodes()) {
                out.add(store.existing(node).node());
            }
            Rotation waiting = rotation.leaving(List.copyOf(out));
            store.layout().rotation().write(waiting, writer);
            var work = new RotationWork(store, config, writer, advance.offlineRoot(), secrets);
            work.settle(waiting);
            return new Change<>(waiting, writer.written(), work.notices());
        });
    }

    private Change<RotationResult> move(
            OrgConfig config,
            Rotation from,
            RotationPhase next,
            RotationAdvance advance,
            List<Proof> proofs,
            SecretSource secrets) {
        return store.changing("rotate next", writer -> {
            if (!requireUnderWay().equals(from) && !store.options().dryRun()) {
                throw new CertsException(
                                ErrorCode.ROTATION_EXISTS, "the rotation was changed by somebody else meanwhile")
                        .hint("See 'certs-tool rotate status'");
            }
            var work = new RotationWork(store, config, writer, advance.offlineRoot(), secrets);
            Rotation to = from.in(next, store.options().clock().instant());
            List<Path> requests = work.ask(to);
            if (requests.isEmpty()) {
                work.enter(to);
            }
            Rotation reached = requests.isEmpty() ? to : from;
            return new Change<>(
                    new RotationResult(Optional.of(reached), proofs, requests), writer.written(), work.notices());
        });
    }

    private Rotation requireUnderWay() {
        Rotation rotation = store.rotation()
                .orElseThrow(() -> new CertsException(ErrorCode.ROTATION_EXISTS, "the rotation is over already"));
        if (rotation.phase() == RotationPhase.ABORT) {
            throw new CertsException(ErrorCode.ROTATION_EXISTS, "the rotation is being undone")
                    .hint("Finish with 'certs-tool rotate abort'");
        }
        return rotation;
    }

    /**
     * Undoes the rotation that is under way: what is new is removed, and the store is as it was. Does nothing when there is
     * none.
     *
     * @param secrets opens the old issuing CA's key; asked only when a node has no certificate of it
     * @return the rotation that was undone, and what was written
     * @throws CertsException if what was old is gone already ({@code ROTATION_RETIRED}), or the lock is held
     */
    public Change<Optional<Rotation>> abort(SecretSource secrets) {
        OrgConfig config = store.config();
        return store.changing("rotate abort", writer -> {
            Optional<Rotation> there = store.rotation();
            if (there.isEmpty()) {
                return new Change<>(Optional.<Rotation>empty(), List.of(), List.of());
            }
            if (!there.get().phase().isAbortable()) {
                throw new CertsException(
                                ErrorCode.ROTATION_RETIRED,
                                "the rotation (" + there.get().kind().label() + ") is in the phase "
                                        + there.get().phase().label() + ", and what was old is gone")
                        .hint("Go on with 'certs-tool rotate next'; to go back, rotate once more");
            }
            requireUnrevoked(there.get());
            try (var remembered = new RememberedSecret(secrets)) {
                var work = new RotationWork(store, config, writer, null, remembered);
                Rotation undone = there.get()
                        .in(RotationPhase.ABORT, store.options().clock().instant());
                work.enter(undone);
                store.layout().rotation().write(undone.in(RotationPhase.IDLE, undone.since()), writer);
                return new Change<>(Optional.of(there.get()), writer.written(), work.notices());
            }
        });
    }

    /** An offline root may have revoked the old issuing CA before the rotation came to that phase. */
    private void requireUnrevoked(Rotation rotation) {
        Revocations revocations = store.revocations();
        for (String name : rotation.old()) {
            if (store.authorityNamed(name)
                    .filter(authority -> revocations.contains(authority.certificate()))
                    .isPresent()) {
                throw new CertsException(
                                ErrorCode.ROTATION_RETIRED, name + ": is revoked by its root, and no node accepts it")
                        .hint("Go on with 'certs-tool rotate next'; to go back, rotate once more")
                        .about(name);
            }
        }
    }
}
