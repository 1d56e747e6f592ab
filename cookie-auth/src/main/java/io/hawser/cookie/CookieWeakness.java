package io.hawser.cookie;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * What is wrong with a cookie that somebody could guess. Such a cookie cannot be made unless each of its weaknesses is
 * allowed by name, as in {@code Cookie.read(file, CookieWeakness.OTP_GENERATED)}.
 */
public enum CookieWeakness {
    /** Fewer than 16 characters. */
    SHORT("fewer than 16 characters"),
    /** Fewer than 6 different characters. */
    REPETITIVE("fewer than 6 different characters"),
    /** The default of a product, or what manuals have in their examples. */
    WELL_KNOWN("a value that everybody knows"),
    /**
     * 20 letters from A to Z, as OTP writes them to {@code ~/.erlang.cookie} when there is no such file: it makes them of
     * the time of day with a generator that was not made for secrets.
     */
    OTP_GENERATED("the 20 capital letters of a cookie that OTP made up");

    private static final int FEWEST_CHARACTERS = 16;
    private static final int FEWEST_DIFFERENT = 6;
    private static final int OTP_LENGTH = 20;

    /** Defaults of erl, RabbitMQ, CouchDB, ejabberd, MongooseIM, Riak, VerneMQ and EMQX, and words of manuals. */
    private static final Set<String> KNOWN = Set.of(
            "nocookie",
            "cookie",
            "monster",
            "cookiemonster",
            "mycookie",
            "secretcookie",
            "secret",
            "supersecret",
            "topsecret",
            "password",
            "changeme",
            "changethis",
            "test",
            "default",
            "example",
            "erlang",
            "elixir",
            "erlangcookie",
            "rabbit",
            "rabbitmq",
            "rabbitmqcookie",
            "ejabberd",
            "mongooseim",
            "couchdb",
            "riak",
            "vmq",
            "vernemq",
            "emqx",
            "emqxsecretcookie");

    private final String found;

    CookieWeakness(String found) {
        this.found = found;
    }

    /** Says what was found, without the cookie. */
    String found() {
        return found;
    }

    /** Returns the weaknesses of a cookie. */
    static Set<CookieWeakness> of(byte[] cookie) {
        var weaknesses = EnumSet.noneOf(CookieWeakness.class);
        if (cookie.length < FEWEST_CHARACTERS) {
            weaknesses.add(SHORT);
        }
        var seen = new boolean[1 << Byte.SIZE];
        var word = new StringBuilder();
        int different = 0;
        boolean capitals = cookie.length == OTP_LENGTH;
        for (byte b : cookie) {
            int c = Byte.toUnsignedInt(b);
            different += seen[c] ? 0 : 1;
            seen[c] = true;
            capitals &= c >= 'A' && c <= 'Z';
            if (Character.isLetterOrDigit(c)) { // SECRET_cookie is as known as secretcookie
                word.append((char) c);
            }
        }
        if (different < FEWEST_DIFFERENT) {
            weaknesses.add(REPETITIVE);
        }
        if (capitals) {
            weaknesses.add(OTP_GENERATED);
        }
        if (KNOWN.contains(word.toString().toLowerCase(Locale.ROOT))) {
            weaknesses.add(WELL_KNOWN);
        }
        return weaknesses;
    }
}
