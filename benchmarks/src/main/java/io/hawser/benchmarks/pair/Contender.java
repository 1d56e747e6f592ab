package io.hawser.benchmarks.pair;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A pair that can stand in the table: who measures and sends, and who serves. */
enum Contender {
    /** Hawser to Hawser. */
    HAWSER(End.HAWSER, End.HAWSER),
    /** An Erlang node to another. */
    OTP(End.OTP, End.OTP),
    /** Jinterface to Jinterface. */
    JINTERFACE(End.JINTERFACE, End.JINTERFACE),
    /** The floor. */
    NETTY(End.FLOOR, End.FLOOR),
    /** Hawser sends to an Erlang node. */
    HAWSER_TO_OTP(End.HAWSER, End.OTP),
    /** An Erlang node sends to Hawser. */
    OTP_TO_HAWSER(End.OTP, End.HAWSER);

    private final End client;
    private final End server;

    Contender(End client, End server) {
        this.client = client;
        this.server = server;
    }

    static Contender named(String label) {
        for (Contender contender : values()) {
            if (contender.label().equals(label)) {
                return contender;
            }
        }
        String all = Arrays.stream(values()).map(Contender::label).collect(Collectors.joining(", "));
        throw new IllegalArgumentException(label + ": no peer (expected: some of " + all + ")");
    }

    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    End client() {
        return client;
    }

    End server() {
        return server;
    }

    List<End> ends() {
        return client == server ? List.of(client) : List.of(client, server);
    }

    /** Adapts a plan: the floor has one connection and no senders, and a frame that is smaller than any message. */
    Plan adapt(Plan plan) {
        boolean isFloor = client == End.FLOOR;
        return isFloor && plan.kinds().contains(Kind.SMALL)
                ? plan.withSenders(1).with(Kind.B27)
                : isFloor ? plan.withSenders(1) : plan;
    }
}
