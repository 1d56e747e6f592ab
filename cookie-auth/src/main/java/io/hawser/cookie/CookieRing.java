package io.hawser.cookie;

import static java.util.Objects.requireNonNull;

import io.hawser.term.Printable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The cookies of one cluster, or of one peer, while they are being changed: several are accepted from peers that dial us,
 * one of them is offered to peers that we dial. Which one a connection uses is the dialler's choice.
 *
 * <p>A cookie is changed without restarting a node and without closing a connection:
 *
 * <pre>{@code
 * ring.add("2026-11", Cookie.read(file));  // on every node: now both are accepted
 * ring.offer("2026-11");                   // on every node: now nobody offers the old one
 * ring.uses();                             // until the old one is no longer used
 * ring.remove("2026-10");                  // on every node
 * }</pre>
 *
 * <p>Handshakes take the ring as it is when they need it; connections that are up never look at it again.
 *
 * <p>Thread-safe: an immutable list that is replaced under one lock.
 */
public final class CookieRing {
    /** The most cookies in a ring: each costs every handshake a digest. */
    public static final int MAX_COOKIES = 8;

    private static final int MAX_LABEL = 64;
    private static final String ONLY = "cookie";

    /** A cookie and how often it was used. Thread-safe. */
    static final class Held {
        private final String label;
        private final Cookie cookie;
        private final InstantSource clock;
        private final LongAdder dialled = new LongAdder();
        private final LongAdder accepted = new LongAdder();
        private volatile @Nullable Instant lastUsed;

        Held(String label, Cookie cookie, InstantSource clock) {
            this.label = label;
            this.cookie = cookie;
            this.clock = clock;
        }

        byte[] bytes() {
            return cookie.bytes();
        }

        /** It admitted a peer that we dialled. */
        void usedToDial() {
            dialled.increment();
            lastUsed = clock.instant();
        }

        /** It admitted a peer that dialled us. */
        void usedToAccept() {
            accepted.increment();
            lastUsed = clock.instant();
        }

        private CookieUse use(boolean offered) {
            return new CookieUse(label, offered, dialled.sum(), accepted.sum(), Optional.ofNullable(lastUsed));
        }
    }

    private record State(List<Held> accepted, Held offered) {}

    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile State state;

    CookieRing(String label, Cookie offered, InstantSource clock) {
        this.clock = clock;
        var held = new Held(checkedLabel(label), requireNonNull(offered, "offered"), clock);
        checkNotTheCookie(label, held);
        state = new State(List.of(held), held);
    }

    /**
     * Makes a ring of one cookie, labelled {@code cookie}.
     *
     * @param cookie accepted and offered
     * @return the ring
     */
    public static CookieRing of(Cookie cookie) {
        return of(ONLY, cookie);
    }

    /**
     * Makes a ring of one cookie.
     *
     * @param label what it is called in {@link #uses()}: 1 to 64 printable ASCII characters, such as the month it is from;
     *     not the cookie itself
     * @param cookie accepted and offered
     * @return the ring
     * @throws IllegalArgumentException if the label is something else
     */
    public static CookieRing of(String label, Cookie cookie) {
        return new CookieRing(label, cookie, InstantSource.system());
    }

    /**
     * Accepts one more cookie from now on.
     *
     * @param label what it is called
     * @param cookie the cookie
     * @throws IllegalArgumentException if the label is taken or unfit, the ring holds that cookie already, or it is full
     */
    public void add(String label, Cookie cookie) {
        var held = new Held(checkedLabel(label), requireNonNull(cookie, "cookie"), clock);
        checkNotTheCookie(label, held);
        lock.lock();
        try {
            State now = state;
            if (now.accepted().size() == MAX_COOKIES) {
                throw new IllegalArgumentException(
                        "cookie ring: full with " + MAX_COOKIES + " cookies (expected: one is removed first)");
            }
            for (Held other : now.accepted()) {
                checkNotTheCookie(label, other);
                if (other.label.equals(label) || MessageDigest.isEqual(other.bytes(), held.bytes())) {
                    throw new IllegalArgumentException("cookie ring: '" + label + "' is in it already, as '"
                            + other.label + "' (expected: another label and another cookie)");
                }
            }
            var more = new ArrayList<>(now.accepted());
            more.add(held);
            state = new State(List.copyOf(more), now.offered());
        } finally {
            lock.unlock();
        }
    }

    /**
     * Offers another cookie to peers that are dialled from now on. All of them must accept it by then.
     *
     * @param label a cookie in the ring
     * @throws IllegalArgumentException if there is none of that label
     */
    public void offer(String label) {
        lock.lock();
        try {
            state = new State(state.accepted(), find(label));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Accepts a cookie no longer. Connections that were admitted with it stay.
     *
     * @param label a cookie in the ring
     * @throws IllegalArgumentException if there is none of that label
     * @throws IllegalStateException if it is the one that is offered
     */
    public void remove(String label) {
        lock.lock();
        try {
            Held gone = find(label);
            if (gone == state.offered()) {
                throw new IllegalStateException(
                        "cookie ring: '" + gone.label + "' is offered (expected: another one is offered first)");
            }
            state = new State(
                    state.accepted().stream().filter(held -> held != gone).toList(), state.offered());
        } finally {
            lock.unlock();
        }
    }

    /**
     * Returns how often each cookie was used, since it was put into this ring.
     *
     * @return a snapshot, the oldest cookie first
     */
    public List<CookieUse> uses() {
        State now = state;
        return now.accepted().stream()
                .map(held -> held.use(held == now.offered()))
                .toList();
    }

    /** Returns the cookie for a peer that we dial. */
    Held offered() {
        return state.offered();
    }

    /**
     * Returns the cookie that a test finds right. Tries all of them, whatever it finds, so that the time does not tell which
     * one it was.
     */
    Optional<Held> match(Predicate<Held> test) {
        Held match = null;
        for (Held held : state.accepted()) {
            match = test.test(held) ? held : match;
        }
        return Optional.ofNullable(match);
    }

    private Held find(String label) {
        return state.accepted().stream()
                .filter(held -> held.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "cookie ring: holds no '" + Printable.of(label) + "' (expected: one of " + labels() + ")"));
    }

    private List<String> labels() {
        return state.accepted().stream().map(held -> held.label).toList();
    }

    private static String checkedLabel(String label) {
        boolean printable = label.chars().allMatch(c -> c >= ' ' && c <= '~');
        if (label.isEmpty() || label.length() > MAX_LABEL || !printable) {
            throw new IllegalArgumentException("cookie label: " + label.length() + " characters (expected: 1 to "
                    + MAX_LABEL + " of printable ASCII)");
        }
        return label;
    }

    private static void checkNotTheCookie(String label, Held held) {
        if (MessageDigest.isEqual(label.getBytes(StandardCharsets.ISO_8859_1), held.bytes())) {
            throw new IllegalArgumentException(
                    "cookie label: is the cookie itself (expected: a label, which is no secret)");
        }
    }

    /**
     * Returns the labels.
     *
     * @return a text that does not hold a cookie
     */
    @Override
    public String toString() {
        return "CookieRing" + labels();
    }
}
