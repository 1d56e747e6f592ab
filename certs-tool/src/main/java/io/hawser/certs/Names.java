package io.hawser.certs;

import java.util.Locale;
import java.util.regex.Pattern;

/** The forms of names that may stand in certificates. */
final class Names {
    private static final Pattern ALIVE = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,63}");
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern IPV4 = Pattern.compile("[0-9]+(\\.[0-9]+){0,3}");
    private static final Pattern ORG = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9 ._-]{0,38}[A-Za-z0-9])?");

    private Names() {}

    static String alive(String name, String whole) {
        if (name.indexOf('*') >= 0) {
            throw wildcard(whole);
        }
        if (!ALIVE.matcher(name).matches()) {
            throw invalid(whole, "the part before '@' must be 1 to 64 of A-Z a-z 0-9 . _ - and not begin with . or -");
        }
        return name;
    }

    /** Checks a DNS host name: lower case, letters, digits and hyphens, not an address. */
    static String host(String host, String whole) {
        if (host.indexOf('*') >= 0) {
            throw wildcard(whole);
        }
        if (host.indexOf(':') >= 0 || host.startsWith("[") || IPV4.matcher(host).matches()) {
            throw new CertsException(
                            ErrorCode.NAME_IP_LITERAL,
                            "'" + printable(whole)
                                    + "' names an IP address, which Erlang releases check in different ways")
                    .hint("Give the node a host name, also on a test machine; /etc/hosts is enough")
                    .about(printable(whole));
        }
        if (host.length() > 240) {
            throw invalid(whole, "the host has " + host.length() + " characters, at most 240 are allowed");
        }
        for (String label : host.split("\\.", -1)) {
            if (LABEL.matcher(label).matches()) {
                continue;
            }
            if (LABEL.matcher(label.toLowerCase(Locale.ROOT)).matches()) {
                throw invalid(whole, "host names are written in lower case");
            }
            throw invalid(whole, "a host is labels of a-z 0-9 - joined by dots");
        }
        return host;
    }

    static String org(String org) {
        if (!ORG.matcher(org).matches()) {
            throw invalid(
                    org, "an organisation's name is 1 to 40 of A-Z a-z 0-9 blank . _ -, letter or digit at both ends");
        }
        return org;
    }

    private static CertsException wildcard(String whole) {
        if (whole.indexOf('@') < 0) {
            return new CertsException(
                            ErrorCode.NAME_WILDCARD,
                            "'" + printable(whole)
                                    + "' holds a wildcard, and a domain stands for all hosts below it anyway")
                    .hint("Name the domain itself, such as orga.test")
                    .about(printable(whole));
        }
        return new CertsException(
                        ErrorCode.NAME_WILDCARD,
                        "'" + printable(whole) + "' holds a wildcard, and a certificate stands for exactly one node")
                .hint("Issue one certificate for each node; several names may be given at once")
                .about(printable(whole));
    }

    static CertsException invalid(String whole, String why) {
        return new CertsException(ErrorCode.NAME_INVALID, "'" + printable(whole) + "' is not allowed: " + why)
                .about(printable(whole));
    }

    /** Makes text from outside fit for one line of a message: control characters escaped, length capped. */
    static String printable(String text) {
        return printable(text, 120);
    }

    static String printable(String text, int limit) {
        var line = new StringBuilder();
        for (int i = 0; i < Math.min(text.length(), limit); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~') {
                line.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                line.append(c);
            }
        }
        return text.length() > limit ? line + "..." : line.toString();
    }
}
