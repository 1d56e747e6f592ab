package io.hawser.certs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The next root as the one before signs it, so that partners follow without a fingerprint: where the old root's key is
 * elsewhere, asked by a request. Not thread-safe; used by one operation.
 */
final class RootLink {
    private final OrgStore store;
    private final OrgConfig config;
    private final FileWriter writer;

    RootLink(OrgStore store, OrgConfig config, FileWriter writer) {
        this.store = store;
        this.config = config;
        this.writer = writer;
    }

    static Path requestFile(OrgStore store, String next) {
        return store.layout().requests().resolve(RootRequest.linkName(next) + ".json");
    }

    /** Asks the old root to sign the next one. */
    Path ask(AuthorityRecord old, AuthorityRecord next) {
        Path file = requestFile(store, next.name());
        var task = new CrossTask(
                config.org(),
                config.namespace(),
                List.of(next.certificate()),
                PartnerFence.issuingBelow(store, old),
                List.of());
        writer.directories(FileWriter.parent(file));
        writer.openIfChanged(
                file,
                new RootRequest(
                                config.org(),
                                config.namespace(),
                                old.certificate(),
                                RootRequest.linkName(next.name()),
                                config.policy().rootLife(),
                                task)
                        .file());
        return file;
    }

    /** Makes the bundle for partners anew, if they have one and it says something else now. */
    List<Notice> tellPartners(SecretSource secrets) {
        if (!Files.exists(store.layout().ownBundle()) || store.options().dryRun()) {
            return List.of();
        }
        Change<byte[]> bundle = new TrustStore(store).exportBundle(config, writer, secrets);
        var notices = new ArrayList<>(bundle.notices());
        if (bundle.files().contains(store.layout().ownBundle().toString())) {
            notices.add(partnersToBeTold());
        }
        return notices;
    }

    static Notice partnersToBeTold() {
        return new Notice(
                "PARTNERS_TO_BE_TOLD",
                "there is a new bundle for partners: send them what 'certs-tool trust export --to FILE' writes, for"
                        + " 'certs-tool trust refresh'");
    }
}
