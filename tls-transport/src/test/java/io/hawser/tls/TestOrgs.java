package io.hawser.tls;

import io.hawser.certs.Namespace;
import io.hawser.certs.OrgConfig;
import io.hawser.certs.OrgPolicy;
import io.hawser.certs.OrgRequest;
import io.hawser.certs.OrgStore;
import io.hawser.certs.SecretSource;
import io.hawser.certs.StoreOptions;
import java.nio.file.Path;
import java.time.Clock;

/** Organisations made with certs-tool. */
final class TestOrgs {
    private TestOrgs() {}

    /** A new store of the organisation orga, for names below orga.test. */
    static OrgStore store(Path directory) {
        OrgStore store = OrgStore.at(directory, StoreOptions.of(Clock.systemUTC()));
        var config = new OrgConfig("orga", new Namespace("orga.test", "orga.test"), OrgPolicy.defaults());
        store.init(new OrgRequest(config, false, null), SecretSource.none());
        return store;
    }
}
