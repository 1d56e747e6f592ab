package io.hawser.examples.interop;

import io.hawser.node.Mailbox;
import io.hawser.node.Node;
import io.hawser.term.NodeName;
import io.hawser.term.Term;
import io.hawser.term.TermParser;
import io.hawser.testing.Await;
import io.hawser.testing.OtpNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/** A Hawser node and an Erlang node on one network, and words to say what passes between them. */
final class Pair implements AutoCloseable {
    /** How long anything may take that should take no time. */
    static final Duration SOON = Duration.ofSeconds(15);

    static final NodeName JAVA = NodeName.parse("java@java.orga.test");
    static final NodeName OTP = NodeName.parse("otp@otp.orga.test");

    final Network network;
    final Node java;
    final OtpNode otp;

    /** @param directory for certificates */
    Pair(Carrier carrier, Path directory) {
        network = new Network(carrier, directory);
        try {
            java = network.java(JAVA.toString());
            otp = network.otp(OTP.toString());
        } catch (RuntimeException | Error e) {
            network.close();
            throw e;
        }
    }

    /** Evaluates in the Erlang node; {@code $J} stands for the Hawser node's name. */
    String erl(String expressions) {
        return otp.eval(inErlang(expressions));
    }

    static String inErlang(String expressions) {
        return expressions.replace("$J", "'" + JAVA + "'");
    }

    /** Compiles and loads {@code interop_server.erl} in an Erlang node, and starts one named {@code server}. */
    static void startServer(OtpNode node) {
        node.eval("{ok, interop_server, Code} = compile:file(\"" + source() + "\", [binary]),"
                + "{module, _} = code:load_binary(interop_server, \"\", Code),"
                + "{ok, _} = interop_server:start(server)");
    }

    private static Path source() {
        try {
            return Path.of(Objects.requireNonNull(Pair.class.getResource("interop_server.erl"))
                    .toURI());
        } catch (java.net.URISyntaxException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }

    /** Waits until neither side has a connection to the other. */
    void awaitDisconnected() {
        Await.until(SOON, "java has no connection", () -> java.connections().isEmpty());
        otp.awaitEval(SOON, "[]", "nodes(connected)");
    }

    /** Receives the next message, as Erlang prints it. */
    static String next(Mailbox mailbox) throws InterruptedException {
        return nextTerm(mailbox).toString();
    }

    static Term nextTerm(Mailbox mailbox) throws InterruptedException {
        return mailbox.receive(SOON)
                .orElseThrow(() -> new AssertionError("nothing came"))
                .toTerm();
    }

    /** Reads a term in Erlang's syntax. */
    static Term term(String text) {
        return TermParser.parse(text);
    }

    @Override
    public void close() {
        network.close();
    }
}
