package io.hawser.certs;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Keeps an organisation up to date: renews what is due, refreshes CRLs, writes exports again, then runs a hook.
 *
 * <p>How much of the log the hook has seen is kept in {@code state/hook.json}: a hook that failed, or was never run as the process
 * was killed, is run by the next pass, and one that has seen everything is not. Not thread-safe; used by one caller at a time.
 */
public final class Watch {
    private static final Duration FIRST_RETRY = Duration.ofMinutes(1);

    private final OrgStore store;
    private final WatchRequest request;
    private final SecretSource secrets;

    /**
     * A watch over one organisation.
     *
     * @param store where it is
     * @param request what to keep up to date
     * @param secrets opens the CAs' keys; asked in each pass that signs
     */
    public Watch(OrgStore store, WatchRequest request, SecretSource secrets) {
        this.store = store;
        this.request = request;
        this.secrets = secrets;
    }

    /** Waits between two passes. */
    @FunctionalInterface
    public interface Pause {
        /**
         * Waits.
         *
         * @param time how long
         * @return false when the watch shall end
         */
        boolean await(Duration time);
    }

    /** Told about every pass. */
    public interface Listener {
        /**
         * A pass is done.
         *
         * @param change what was written; its value tells whether the hook was run
         */
        void passed(Change<Boolean> change);

        /**
         * A pass failed; the next comes sooner than usual.
         *
         * @param failure why
         * @param retry until the next
         */
        void failed(CertsException failure, Duration retry);
    }

    /**
     * Does one pass after the other. After a failure the next comes after a minute, then two, four and so on, at most as long as
     * usual.
     *
     * @param every the time between passes
     * @param pause waits between passes, and ends the watch
     * @param listener told about every pass
     */
    public void run(Duration every, Pause pause, Listener listener) {
        Duration retry = FIRST_RETRY;
        Duration next;
        do {
            try {
                listener.passed(once());
                retry = FIRST_RETRY;
                next = every;
            } catch (CertsException e) {
                next = retry.compareTo(every) < 0 ? retry : every;
                retry = next.multipliedBy(2);
                listener.failed(e, next);
            }
        } while (pause.await(next));
    }

    /**
     * Does one pass. An export that fails keeps neither the others nor the hook from being done.
     *
     * @return what was written; its value tells whether the hook was run
     * @throws CertsException if something failed ({@code HOOK_FAILED} when it was the hook)
     */
    public Change<Boolean> once() {
        Path seen = seenFile();
        var files = new ArrayList<String>();
        var notices = new ArrayList<Notice>();
        boolean hooked = request.hook() != null && !store.options().dryRun();
        if (hooked && !Files.exists(seen)) {
            remember(seen, entries());
        }
        take(store.renew(new RenewRequest(List.of(), null, null, false), secrets), files, notices);
        take(store.refreshCrls(new CrlRequest(null, null), secrets), files, notices);
        int ofStore = files.size();
        var failures = new ArrayList<CertsException>();
        for (WatchRequest.Export export : request.exports()) {
            try {
                take(export.write(store), files, notices);
            } catch (CertsException e) {
                failures.add(e); // one directory's owner must not keep the others from what is new
            }
        }
        boolean due = runHook(hooked, files.size() > ofStore, files);
        if (!failures.isEmpty()) {
            throw failures.get(0);
        }
        return new Change<>(due, files, notices);
    }

    /** Runs the hook if there is something that it has not seen; says whether. */
    private boolean runHook(boolean hooked, boolean exported, List<String> files) {
        Path seen = seenFile();
        if (!hooked) {
            return false;
        }
        if (exported) {
            remember(seen, -1); // should the hook fail, it is owed still
        }
        long now = entries();
        boolean due = changedSince(seen(seen));
        if (due && request.hook() != null) {
            request.hook()
                    .run(Map.of(
                            "CERTS_TOOL_DIR",
                            store.layout().root().toAbsolutePath().toString(),
                            "CERTS_TOOL_CHANGED",
                            String.join("\n", files)));
            remember(seen, now);
        }
        return due;
    }

    private Path seenFile() {
        return store.layout().root().resolve("state").resolve("hook.json");
    }

    private static void take(Change<?> change, List<String> files, List<Notice> notices) {
        files.addAll(change.files());
        notices.addAll(change.notices());
    }

    /** How many changes the log has, which every change of the store adds to. */
    private long entries() {
        return AuditHead.read(store.layout().auditHead()).entries();
    }

    /** Whether the log has a change that the hook has not seen. Somebody else's export is none, nor is one that the hook makes. */
    private boolean changedSince(long seen) {
        long now = entries();
        if (now <= seen) {
            return now < seen;
        }
        return new AuditLog(store)
                .entries(null, null).stream()
                        .anyMatch(entry ->
                                entry.number() > seen && !entry.operation().startsWith("export "));
    }

    private static long seen(Path file) {
        JsonNode state = AuditLine.parse(OrgStore.readFile(file));
        return state == null ? -1 : state.path("entries").asLong(-1);
    }

    private void remember(Path file, long entries) {
        var writer = new FileWriter(store.options().dryRun(), store.observer());
        writer.directories(FileWriter.parent(file));
        writer.openIfChanged(file, Json.file(Json.object("entries", entries)));
    }
}
