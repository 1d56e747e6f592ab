package io.hawser.tls;

import io.hawser.transport.Addresses;
import io.hawser.transport.TransportException;
import io.netty.channel.Channel;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections that passed, judged again when what we trust changes, and closed at their deadline: TLS itself never does
 * either.
 *
 * <p>Thread-safe. Holds no more than there are connections.
 */
final class LivePeers {
    private static final Logger LOG = LoggerFactory.getLogger(LivePeers.class);

    private final Clock clock;
    private final Set<LivePeer> peers = ConcurrentHashMap.newKeySet();

    LivePeers(Clock clock) {
        this.clock = clock;
    }

    /** One of them. Thread-safe: one volatile field, and what replaces it was made from the newest state. */
    private static final class LivePeer {
        private final Channel channel;
        private final List<X509Certificate> shown;
        private volatile Passed passed;

        LivePeer(Channel channel, List<X509Certificate> shown, Passed passed) {
            this.channel = channel;
            this.shown = shown;
            this.passed = passed;
        }
    }

    /** Why a peer was let in, and until when. */
    private record Passed(TrustJudge.Verified verified, Instant ownEnds) {
        boolean isOverAt(Instant now) {
            return now.isAfter(verified.ends()) || now.isAfter(ownEnds);
        }
    }

    /**
     * Adds a connection.
     *
     * @param shown what we showed on it
     * @return judges it again, by another judge; to be called if there is one since it was let in
     */
    Consumer<TrustJudge> add(Channel channel, TrustJudge.Verified verified, List<X509Certificate> shown) {
        Instant ownEnds = shown.stream()
                .map(certificate -> certificate.getNotAfter().toInstant())
                .min(Instant::compareTo)
                .orElse(Instant.MAX);
        var peer = new LivePeer(channel, shown, new Passed(verified, ownEnds));
        peers.add(peer);
        channel.closeFuture().addListener(done -> peers.remove(peer));
        return judge -> judge(peer, judge);
    }

    /** Judges all again. Takes a moment with many: not for event loops. */
    void judge(TrustJudge judge) {
        peers.forEach(peer -> judge(peer, judge));
    }

    /** Closes those whose time is over. */
    void expire(TrustJudge judge) {
        Instant now = clock.instant();
        for (LivePeer peer : peers) {
            if (peer.passed.isOverAt(now)) {
                judge(peer, judge);
            }
        }
    }

    private void judge(LivePeer peer, TrustJudge judge) {
        Instant now = clock.instant();
        try {
            Instant ownEnds = judge.own(peer.shown, now);
            peer.passed = new Passed(judge.again(peer.passed.verified(), now), ownEnds);
        } catch (CertificateException e) {
            close(peer, e);
        } catch (RuntimeException e) { // of this one: the others are still to be judged
            close(peer, new CertificateException("the peer's certificate could not be judged again: " + e, e));
        }
    }

    private static void close(LivePeer peer, CertificateException why) {
        TlsRefusal refusal = TlsRefusal.of(why).orElse(TlsRefusal.TLS_FAILED);
        NettyConnection connection = peer.channel.pipeline().get(NettyConnection.class);
        if (connection == null) {
            return; // it is closed
        }
        String sentence = String.valueOf(why.getMessage());
        LOG.atWarn()
                .addKeyValue("peer", peer.passed.verified().names().describe())
                .addKeyValue("remote", Addresses.text(connection.remoteAddress()))
                .addKeyValue("code", refusal.name())
                .addKeyValue("layer", refusal.layer())
                .addKeyValue("reason", sentence)
                .log("Connection closed: its credentials do not pass any more");
        connection.close(
                new TransportException(Addresses.text(connection.remoteAddress()) + ": " + sentence, why, refusal));
    }
}
