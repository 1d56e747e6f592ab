package io.hawser.epmd;

import io.hawser.term.NodeName;
import io.hawser.term.Printable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Hashtable;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import javax.naming.Context;
import javax.naming.NameNotFoundException;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.InitialDirContext;
import org.jspecify.annotations.Nullable;

/**
 * Nodes whose port an SRV record says, or whose port is known, at the address of their host. Nothing is kept between
 * look-ups. Thread-safe: immutable.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc2782">RFC 2782</a>
 */
final class DnsResolver implements NodeResolver {
    private static final int ATTEMPTS = 2;

    /** More records than a mesh has nodes are not looked at. */
    private static final int MAX_RECORDS = 4096;

    private final DnsOptions options;

    DnsResolver(DnsOptions options) {
        this.options = options;
    }

    /** One SRV record. */
    record Service(int priority, int weight, int port, String target) {
        /** Reads {@code priority weight port target}, as JNDI prints a record; empty if it is something else. */
        static Optional<Service> parse(String text) {
            String[] words = text.split(" ", 5);
            if (words.length != 4) {
                return Optional.empty();
            }
            try {
                int port = Integer.parseInt(words[2]);
                return port < 1 || port > 0xFFFF // 0, with the target ".": there is no such service
                        ? Optional.empty()
                        : Optional.of(
                                new Service(Integer.parseInt(words[0]), Integer.parseInt(words[1]), port, words[3]));
            } catch (NumberFormatException e) {
                return Optional.empty();
            }
        }

        boolean isAt(String host) {
            return withoutDot(target).equalsIgnoreCase(withoutDot(host));
        }

        private static String withoutDot(String name) {
            return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        }
    }

    @Override
    public Optional<InetSocketAddress> resolve(NodeName name, Duration timeout) {
        OptionalInt port = portOf(name, timeout);
        if (port.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new InetSocketAddress(InetAddress.getByName(name.host()), port.getAsInt()));
        } catch (UnknownHostException e) {
            return Optional.empty(); // no record: not known here
        }
    }

    private OptionalInt portOf(NodeName name, Duration timeout) {
        String service = options.service();
        if (service == null) {
            return options.port();
        }
        Optional<Service> best = services(service, timeout).stream()
                .filter(each -> each.isAt(name.host()))
                .min(Comparator.comparingInt(Service::priority)
                        .thenComparing(Comparator.comparingInt(Service::weight).reversed()));
        return best.isPresent() ? OptionalInt.of(best.get().port()) : options.port();
    }

    // the provider is named here and speaks DNS only: it makes texts of records, never objects; the table is JNDI's
    @SuppressWarnings({"BanJNDI", "JdkObsolete"})
    private List<Service> services(String name, Duration timeout) {
        var environment = new Hashtable<String, String>();
        environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory");
        environment.put(Context.PROVIDER_URL, providerUrl());
        // it doubles the time with each attempt
        environment.put("com.sun.jndi.dns.timeout.initial", Long.toString(Math.max(1, timeout.toMillis() / 3)));
        environment.put("com.sun.jndi.dns.timeout.retries", Integer.toString(ATTEMPTS));
        try {
            var context = new InitialDirContext(environment);
            try {
                return parse(context.getAttributes(name, new String[] {"SRV"}).get("SRV"));
            } finally {
                context.close();
            }
        } catch (NameNotFoundException e) {
            return List.of();
        } catch (NamingException e) {
            throw new ResolverException(
                    "SRV records of " + Printable.of(name) + ": no answer from " + whom() + ": "
                            + Printable.of(String.valueOf(e.getMessage())) + " (expected: a name server that answers)",
                    e);
        }
    }

    private static List<Service> parse(@Nullable Attribute records) throws NamingException {
        var services = new ArrayList<Service>();
        for (int i = 0; records != null && i < Math.min(records.size(), MAX_RECORDS); i++) {
            Service.parse(String.valueOf(records.get(i))).ifPresent(services::add);
        }
        return services;
    }

    private String providerUrl() {
        return options.servers().isEmpty()
                ? "dns:"
                : options.servers().stream().map(each -> "dns://" + text(each)).collect(Collectors.joining(" "));
    }

    private String whom() {
        return options.servers().isEmpty()
                ? "the system's name servers"
                : options.servers().stream().map(DnsResolver::text).collect(Collectors.joining(", "));
    }

    private static String text(InetSocketAddress server) {
        String address = server.getAddress().getHostAddress();
        return (address.contains(":") ? "[" + address + "]" : address) + ":" + server.getPort();
    }

    @Override
    public Optional<Long> publish(NodeName name, int port, Duration timeout) {
        return Optional.empty();
    }

    @Override
    public void close() {}
}
