package io.hawser.cookie;

import io.hawser.transport.ChannelSecurity;
import io.hawser.transport.PeerIdentity;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Counts the wrong proofs of each peer, and says how long it has to wait. Holds no more than {@link #MAX_PEERS}; beyond
 * it the one that failed longest ago is forgotten. Thread-safe: one lock.
 */
final class Failures {
    static final int MAX_PEERS = 4096;

    private static final int IPV6_PREFIX_BYTES = 8;

    /** Whom failures are counted for; those of peers we dial apart from those who dial us. */
    record Source(boolean dialled, String identity, String origin) {
        static Source of(PeerIdentity peer, boolean dialled) {
            return new Source(
                    dialled,
                    peer.security().map(Source::key).orElse(""),
                    peer.origin().map(Source::network).orElse(""));
        }

        /** The key, not the certificate: with ECDSA anybody can make another valid signature, and so other bytes. */
        private static String key(ChannelSecurity security) {
            return security.peerChain().stream()
                    .findFirst()
                    .map(X509Certificate::getPublicKey)
                    .map(key -> HexFormat.of().formatHex(sha256(key.getEncoded())))
                    .orElse("");
        }

        private static byte[] sha256(byte[] bytes) {
            try {
                return MessageDigest.getInstance("SHA-256").digest(bytes);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("SHA-256: not known to this JVM (expected: every JVM has it)", e);
            }
        }

        private static String network(InetAddress address) {
            byte[] bytes = address.getAddress();
            return HexFormat.of()
                    .formatHex(address instanceof Inet6Address ? Arrays.copyOf(bytes, IPV6_PREFIX_BYTES) : bytes);
        }
    }

    private record Count(int failed, long lastNanos) {}

    private final FailureBudget budget;
    private final LongSupplier nanoTime;
    private final int limit;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Source, Count> counts = new LinkedHashMap<>(); // the one that failed longest ago first

    Failures(FailureBudget budget, LongSupplier nanoTime, int limit) {
        this.budget = budget;
        this.nanoTime = nanoTime;
        this.limit = limit;
    }

    /** Returns how long a peer still has to wait, 0 if it need not. */
    long waitNanos(Source source) {
        lock.lock();
        try {
            Count count = counts.get(source);
            return count == null
                    ? 0
                    : Math.max(0, budget.pauseNanos(count.failed()) - (nanoTime.getAsLong() - count.lastNanos()));
        } finally {
            lock.unlock();
        }
    }

    /** Counts a wrong proof. */
    void failed(Source source) {
        lock.lock();
        try {
            long now = nanoTime.getAsLong();
            forgetOld(now);
            Count before = counts.remove(source); // to the end
            int failed = before == null ? 1 : before.failed() + (before.failed() == Integer.MAX_VALUE ? 0 : 1);
            counts.put(source, new Count(failed, now));
            if (counts.size() > limit) {
                Iterator<Source> oldest = counts.keySet().iterator();
                oldest.next();
                oldest.remove();
            }
        } finally {
            lock.unlock();
        }
    }

    /** A proof was right. */
    void succeeded(Source source) {
        lock.lock();
        try {
            counts.remove(source);
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return counts.size();
        } finally {
            lock.unlock();
        }
    }

    private void forgetOld(long now) {
        Iterator<Count> oldestFirst = counts.values().iterator();
        while (oldestFirst.hasNext() && now - oldestFirst.next().lastNanos() > budget.forgottenAfterNanos()) {
            oldestFirst.remove();
        }
    }
}
