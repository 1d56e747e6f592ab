package io.hawser.tls;

import static java.util.Objects.requireNonNull;

import io.hawser.transport.Addresses;
import io.hawser.transport.TransportException;
import io.netty.channel.Channel;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections that passed, judged again when what we trust changes, and at their deadline: TLS itself never does either.
 * One that does not pass any more is renewed where that can mend it (see {@link Renewal}), and closed otherwise.
 *
 * <p>Thread-safe. Holds no more than there are connections.
 */
final class LivePeers {
    private static final Logger LOG = LoggerFactory.getLogger(LivePeers.class);

    /**
     * What says that certificates have had their time, and nothing against the peer: it may have newer ones. Who is revoked,
     * denied or not listed any more is closed at once.
     */
    private static final Set<TlsRefusal> ENDED = EnumSet.of(
            TlsRefusal.UNTRUSTED_ROOT,
            TlsRefusal.PATH_INVALID,
            TlsRefusal.CERTIFICATE_EXPIRED,
            TlsRefusal.OWN_CERTIFICATE_EXPIRED,
            TlsRefusal.CRL_MISSING,
            TlsRefusal.CRL_STALE);

    private final Clock clock;
    private final Set<LivePeer> peers = ConcurrentHashMap.newKeySet();

    LivePeers(Clock clock) {
        this.clock = clock;
    }

    /** One of them. Thread-safe: one reference, and a verdict on what was replaced meanwhile counts for nothing. */
    static final class LivePeer {
        private final Channel channel;
        private final AtomicReference<Passed> passed;

        private LivePeer(Channel channel, Passed passed) {
            this.channel = channel;
            this.passed = new AtomicReference<>(passed);
        }

        private Passed passed() {
            return requireNonNull(passed.get(), "passed");
        }
    }

    /** Why a peer was let in, what we showed to it, and until when either holds. */
    private record Passed(TrustJudge.Verified verified, List<X509Certificate> shown, Instant ownEnds) {
        static Passed of(TrustJudge.Verified verified, List<X509Certificate> shown) {
            Instant ownEnds = shown.stream()
                    .map(certificate -> certificate.getNotAfter().toInstant())
                    .min(Instant::compareTo)
                    .orElse(Instant.MAX);
            return new Passed(verified, shown, ownEnds);
        }

        boolean isOverAt(Instant now) {
            return now.isAfter(verified.ends()) || now.isAfter(ownEnds);
        }
    }

    /**
     * Adds a connection.
     *
     * @param shown what we showed on it
     */
    LivePeer add(Channel channel, TrustJudge.Verified verified, List<X509Certificate> shown) {
        var peer = new LivePeer(channel, Passed.of(verified, shown));
        peers.add(peer);
        channel.closeFuture().addListener(done -> peers.remove(peer));
        return peer;
    }

    /**
     * Both sides showed certificates again.
     *
     * @param newest asked after what is judged by older ones is replaced, so that no change is missed in between
     * @throws CertificateException if they do not pass any more, or ours have ended, whatever the peer makes of that
     */
    void renewed(LivePeer peer, TrustJudge.Verified verified, List<X509Certificate> shown, Supplier<TrustJudge> newest)
            throws CertificateException {
        peer.passed.set(Passed.of(verified, shown));
        Instant now = clock.instant();
        TrustJudge judge = newest.get();
        judge.own(shown, now);
        judge.again(verified, now);
        LOG.atInfo()
                .addKeyValue("peer", verified.names().describe())
                .addKeyValue("remote", Addresses.text(peer.channel.remoteAddress()))
                .addKeyValue("ends", verified.ends())
                .log("Connection renewed: both sides showed new certificates");
    }

    /** Judges all again. Takes a moment with many: not for event loops. */
    void judge(TrustJudge judge) {
        peers.forEach(peer -> judge(peer, judge));
    }

    /** Closes those whose time is over. */
    void expire(TrustJudge judge) {
        Instant now = clock.instant();
        for (LivePeer peer : peers) {
            if (peer.passed().isOverAt(now)) {
                judge(peer, judge);
            }
        }
    }

    /** Judges one again, because there is another judge since it was let in. */
    void judge(LivePeer peer, TrustJudge judge) {
        Instant now = clock.instant();
        Passed before = peer.passed();
        try {
            Instant ownEnds = judge.own(before.shown(), now);
            var after = new Passed(judge.again(before.verified(), now), before.shown(), ownEnds);
            peer.passed.compareAndSet(before, after);
        } catch (CertificateException e) {
            end(peer, before, e);
        } catch (RuntimeException e) { // of this one: the others are still to be judged
            end(peer, before, new CertificateException("the peer's certificate could not be judged again: " + e, e));
        }
    }

    private static void end(LivePeer peer, Passed judged, CertificateException why) {
        NettyConnection connection = peer.channel.pipeline().get(NettyConnection.class);
        if (connection == null) {
            return; // it is closed
        }
        TlsRefusal refusal = TlsRefusal.of(why).orElse(TlsRefusal.TLS_FAILED);
        if (ENDED.contains(refusal)) {
            connection.renew(() -> peer.passed().equals(judged), () -> reason(connection, judged, refusal, why));
        } else {
            connection.close(reason(connection, judged, refusal, why));
        }
    }

    private static TransportException reason(
            NettyConnection connection, Passed judged, TlsRefusal refusal, CertificateException why) {
        String sentence = String.valueOf(why.getMessage());
        LOG.atWarn()
                .addKeyValue("peer", judged.verified().names().describe())
                .addKeyValue("remote", Addresses.text(connection.remoteAddress()))
                .addKeyValue("code", refusal.name())
                .addKeyValue("layer", refusal.layer())
                .addKeyValue("reason", sentence)
                .log("Connection closed: its credentials do not pass any more");
        return new TransportException(Addresses.text(connection.remoteAddress()) + ": " + sentence, why, refusal);
    }
}
