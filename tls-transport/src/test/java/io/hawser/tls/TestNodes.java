package io.hawser.tls;

import io.hawser.tls.TestCa.Leaf;
import io.hawser.tls.TestCa.LeafSpec;
import java.util.List;

/** Nodes of one organisation: a root, an issuing CA, and certificates with full names. */
final class TestNodes {
    private final TestCa root = TestCa.root("Orga Root");
    private final TestCa issuing = root.issuing("Orga Issuing");
    private final TlsEngine engine;

    TestNodes(TlsEngine engine) {
        this.engine = engine;
    }

    TestCa root() {
        return root;
    }

    TestCa issuing() {
        return issuing;
    }

    Leaf issue(LeafSpec spec) {
        return issuing.issue(spec);
    }

    TlsIdentity identity(String node) {
        return identity(LeafSpec.node(node), NameBinding.FULL);
    }

    TlsIdentity identity(LeafSpec spec, NameBinding binding) {
        return TestCa.identity(binding, issue(spec), List.of(root), List.of());
    }

    TlsTransport transport(String node) {
        return transport(identity(node));
    }

    TlsTransport transport(TlsIdentity identity) {
        return TlsTransport.builder(identity).engine(engine).build();
    }
}
