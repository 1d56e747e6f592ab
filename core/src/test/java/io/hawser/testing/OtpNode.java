package io.hawser.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A distributed Erlang node on loopback. Expressions go over its stdin, so cutting its distribution does not matter.
 *
 * <p>Unless told otherwise it has an EPMD of its own, which ends with it; nodes that shall find each other are given the
 * same port. Everything it prints, log lines included, is in {@link #output()}. Thread-safe: one call at a time.
 */
public final class OtpNode extends ErlShell {
    private final String name;
    private final String cookie;
    private final int epmdPort;
    private final @Nullable EpmdProcess ownEpmd;

    private OtpNode(Builder builder, Path home, int epmdPort, @Nullable EpmdProcess ownEpmd) {
        super(home, builder.arguments(), builder.environment(home, epmdPort));
        this.name = builder.name;
        this.cookie = builder.cookie;
        this.epmdPort = epmdPort;
        this.ownEpmd = ownEpmd;
    }

    /**
     * Begins a node.
     *
     * @param name {@code alive@host}: a long name ({@code -name}) if the host has a dot, otherwise a short one
     */
    public static Builder named(String name) {
        return new Builder(name);
    }

    /** Returns the full name, {@code alive@host}. */
    public String name() {
        return name;
    }

    /** Returns the cookie. */
    public String cookie() {
        return cookie;
    }

    /** Returns the port of the EPMD it is registered with. */
    public int epmdPort() {
        return epmdPort;
    }

    /** Ends the node in order: applications stop, connections close. Takes about a second; {@link #kill()} does not. */
    public void stop() {
        eval("init:stop()");
        Await.until(Duration.ofSeconds(20), name + " stops", () -> !isAlive());
        close();
    }

    @Override
    public void close() {
        super.close();
        if (ownEpmd != null) {
            ownEpmd.close();
        }
    }

    /** Options of a node. Not thread-safe. */
    public static final class Builder {
        private final String name;
        private final List<String> extra = new ArrayList<>();
        private final Map<String, String> hosts = new LinkedHashMap<>();
        private final Map<String, String> environment = new LinkedHashMap<>();
        private String cookie = "hawser-test";
        private int epmdPort;
        private boolean startEpmd;

        private Builder(String name) {
            this.name = name;
        }

        /** Sets the cookie; {@code hawser-test} when not called. */
        public Builder cookie(String value) {
            cookie = value;
            return this;
        }

        /** Adds arguments of {@code erl}: {@code args("-hidden")}. */
        public Builder args(String... arguments) {
            extra.addAll(List.of(arguments));
            return this;
        }

        /** Uses the EPMD on this port of loopback; one of its own when not called. */
        public Builder epmdPort(int port) {
            epmdPort = port;
            return this;
        }

        /** Lets the node start an EPMD daemon when none answers, which outlives it; it must find one when not called. */
        public Builder startEpmd() {
            startEpmd = true;
            return this;
        }

        /** Makes host names resolve to 127.0.0.1 in this node, by an inet configuration file. */
        public Builder hosts(String... names) {
            for (String host : names) {
                hosts.put(host, "127.0.0.1");
            }
            return this;
        }

        /** Makes a host name resolve to a dotted IPv4 address in this node. */
        public Builder host(String hostName, String address) {
            hosts.put(hostName, address);
            return this;
        }

        /** Sets an environment variable of the process. */
        public Builder env(String variable, String value) {
            environment.put(variable, value);
            return this;
        }

        /** Starts the node and waits until it is registered. */
        public OtpNode start() {
            Path home = TempDirectory.create();
            EpmdProcess own = epmdPort == 0 ? EpmdProcess.start() : null;
            try {
                return new OtpNode(this, home, own == null ? epmdPort : own.port(), own);
            } catch (RuntimeException | Error e) {
                if (own != null) {
                    own.close();
                }
                throw e;
            }
        }

        private List<String> arguments() {
            boolean isLong = name.indexOf('.', name.indexOf('@')) >= 0;
            var arguments = new ArrayList<String>(List.of(isLong ? "-name" : "-sname", name, "-setcookie", cookie));
            if (!startEpmd) {
                arguments.addAll(List.of("-start_epmd", "false"));
            }
            arguments.addAll(List.of("-kernel", "inet_dist_use_interface", "{127,0,0,1}"));
            arguments.addAll(extra);
            return arguments;
        }

        private Map<String, String> environment(Path home, int port) {
            var all = new LinkedHashMap<>(environment);
            all.put("ERL_EPMD_PORT", Integer.toString(port));
            if (!hosts.isEmpty()) {
                all.put("ERL_INETRC", writeInetrc(home).toString());
            }
            return all;
        }

        private Path writeInetrc(Path home) {
            var lines = new ArrayList<>(List.of("{lookup, [file, native]}."));
            var namesByAddress =
                    new LinkedHashMap<String, List<String>>(); // of two lines for one address, the last counts
            hosts.forEach((host, address) -> namesByAddress
                    .computeIfAbsent(address.replace('.', ','), first -> new ArrayList<>())
                    .add('"' + host + '"'));
            namesByAddress.forEach(
                    (address, names) -> lines.add("{host, {" + address + "}, [" + String.join(", ", names) + "]}."));
            try {
                return Files.write(home.resolve("inetrc"), lines);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot write inetrc", e);
            }
        }
    }
}
