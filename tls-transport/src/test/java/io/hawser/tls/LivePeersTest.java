package io.hawser.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.testing.RecordingHandler;
import io.hawser.tls.TestCa.Leaf;
import io.hawser.tls.TestCa.LeafSpec;
import io.hawser.transport.TransportException;
import io.netty.channel.embedded.EmbeddedChannel;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What one connection can do to the judging of all. */
class LivePeersTest {
    private static final TestCa ROOT = TestCa.root("Orga Root");

    private final LivePeers live = new LivePeers(Clock.systemUTC());

    /** A certificate of ours, until it fails in a way that no check foresees. */
    private static final class Fails extends AbstractList<X509Certificate> {
        private final X509Certificate certificate;
        private boolean now;

        Fails(X509Certificate certificate) {
            this.certificate = certificate;
        }

        @Override
        public X509Certificate get(int index) {
            if (now) {
                throw new IllegalStateException("out of order");
            }
            return certificate;
        }

        @Override
        public int size() {
            return 1;
        }
    }

    private RecordingHandler add(TrustJudge judge, Leaf leaf, List<X509Certificate> shown) throws CertificateException {
        var handler = new RecordingHandler();
        var channel = new EmbeddedChannel();
        channel.pipeline()
                .addLast(new NettyConnection(
                        channel,
                        new PlainSecurer(),
                        new WireTap(),
                        handler,
                        channel.remoteAddress(),
                        () -> {},
                        System.nanoTime()));
        live.add(channel, judge.judge(leaf.chain(), TlsRole.CLIENT, Instant.now()), shown);
        return handler;
    }

    private static TrustJudge judge(X509Certificate... revoked) {
        var policy = new TrustPolicy.Parts(List.of(ROOT.certificate()), NameBinding.FULL);
        policy.crls = List.of(ROOT.crl(revoked));
        return new TrustJudge(policy.build());
    }

    @Test
    void oneThatCannotBeJudgedIsClosedAndTheRestIsJudgedAllTheSame() throws Exception {
        List<X509Certificate> own = ROOT.issue(LeafSpec.node("a@a.orga.test")).chain();
        Leaf revoked = ROOT.issue(LeafSpec.node("r@r.orga.test"));
        Leaf good = ROOT.issue(LeafSpec.node("g@g.orga.test"));
        TrustJudge before = judge();
        var failing = new ArrayList<Fails>();
        var ofFailing = new ArrayList<RecordingHandler>();
        var ofRevoked = new ArrayList<RecordingHandler>();
        var ofGood = new ArrayList<RecordingHandler>();
        for (int i = 0; i < 20; i++) { // in whichever order they are judged
            failing.add(new Fails(own.get(0)));
            ofFailing.add(add(before, good, failing.get(i)));
            ofRevoked.add(add(before, revoked, own));
            ofGood.add(add(before, good, own));
        }
        failing.forEach(each -> each.now = true);
        live.judge(judge(revoked.certificate()));

        assertThat(ofFailing)
                .allSatisfy(handler -> assertThat(handler.cause().orElseThrow())
                        .hasMessageEndingWith("the peer's certificate could not be judged again:"
                                + " java.lang.IllegalStateException: out of order"));
        assertThat(ofRevoked)
                .allSatisfy(handler -> assertThat(handler.cause().flatMap(TransportException::code))
                        .contains(TlsRefusal.CERTIFICATE_REVOKED));
        assertThat(ofGood).allSatisfy(handler -> assertThat(handler.wasClosed()).isFalse());
    }
}
