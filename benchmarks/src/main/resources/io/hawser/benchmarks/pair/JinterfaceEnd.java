package io.hawser.benchmarks.pair;

import com.ericsson.otp.erlang.OtpConnection;
import com.ericsson.otp.erlang.OtpErlangAtom;
import com.ericsson.otp.erlang.OtpErlangBinary;
import com.ericsson.otp.erlang.OtpErlangLong;
import com.ericsson.otp.erlang.OtpErlangObject;
import com.ericsson.otp.erlang.OtpErlangPid;
import com.ericsson.otp.erlang.OtpErlangTuple;
import com.ericsson.otp.erlang.OtpMbox;
import com.ericsson.otp.erlang.OtpNode;
import com.ericsson.otp.erlang.OtpPeer;
import com.ericsson.otp.erlang.OtpSelf;
import com.ericsson.otp.erlang.OtpSocketTransportFactory;
import com.ericsson.otp.erlang.OtpTransportFactory;
import java.util.Arrays;

/**
 * The Jinterface end of a measurement between two nodes, with the words of {@link BenchNode}. It is compiled when it is needed,
 * against the {@code OtpErlang.jar} of the machine; Hawser's build knows nothing of it.
 */
final class JinterfaceEnd implements Timings.Peer {
    private static final OtpErlangAtom TICK = new OtpErlangAtom("tick");

    private final OtpNode node;
    private final OtpSelf dialler;
    private final OtpTransportFactory transports;
    private final String server;
    private final OtpMbox control;

    private OtpConnection last;

    private JinterfaceEnd(OtpNode node, OtpTransportFactory transports, String server) throws Exception {
        this.node = node;
        this.dialler = new OtpSelf("dialler-" + node.node(), node.cookie(), transports);
        this.transports = transports;
        this.server = server;
        this.control = node.createMbox();
    }

    public static void main(String[] words) throws Exception {
        BenchNode.endWithInput();
        boolean isServer = words[0].equals("server");
        OtpTransportFactory transports =
                words[2].equals("tls") ? new JinterfaceTls(isServer ? "b" : "a") : new OtpSocketTransportFactory();
        OtpNode node = new OtpNode(words[1] + "@127.0.0.1", Plan.env("COOKIE", ""), transports);
        if (isServer) {
            serve(node);
        } else {
            var client = new JinterfaceEnd(node, transports, words[4]);
            new Timings(words[3], client, Plan.fromEnvironment()).run();
            System.exit(0);
        }
    }

    private static OtpErlangTuple tuple(OtpErlangObject... elements) {
        return new OtpErlangTuple(elements);
    }

    // the server

    private static void serve(OtpNode node) throws Exception {
        OtpMbox bench = node.createMbox("bench");
        System.out.println("READY");
        while (true) {
            OtpErlangTuple request = (OtpErlangTuple) bench.receive();
            OtpErlangPid from = (OtpErlangPid) request.elementAt(1);
            OtpMbox box = node.createMbox();
            if (request.elementAt(0).equals(new OtpErlangAtom("sink"))) {
                long count = ((OtpErlangLong) request.elementAt(2)).longValue();
                start(() -> sink(node, box, from, count));
            } else {
                start(() -> echo(box));
            }
            bench.send(from, tuple(new OtpErlangAtom("pid"), box.self()));
        }
    }

    private static void sink(OtpNode node, OtpMbox box, OtpErlangPid from, long count) throws Exception {
        for (long i = 0; i < count; i++) {
            box.receive();
        }
        box.send(from, tuple(new OtpErlangAtom("done"), box.self()));
        node.closeMbox(box);
    }

    private static void echo(OtpMbox box) throws Exception {
        while (true) {
            OtpErlangTuple ping = (OtpErlangTuple) box.receive();
            box.send((OtpErlangPid) ping.elementAt(0), ping.elementAt(1));
        }
    }

    private interface Body {
        void run() throws Exception;
    }

    private static void start(Body body) {
        Thread thread = new Thread(() -> {
            try {
                body.run();
            } catch (Exception e) {
                e.printStackTrace();
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    // the client

    private OtpErlangPid ask(OtpErlangTuple request) throws Exception {
        control.send("bench", server, request);
        return (OtpErlangPid) ((OtpErlangTuple) control.receive()).elementAt(1);
    }

    @Override
    public long burst(Kind kind, int senders, long count) throws Exception {
        OtpErlangPid[] sinks = new OtpErlangPid[senders];
        for (int i = 0; i < senders; i++) {
            sinks[i] = ask(tuple(new OtpErlangAtom("sink"), control.self(), new OtpErlangLong(count)));
        }
        OtpErlangBinary content = new OtpErlangBinary(new byte[Math.max(1, kind.bytes())]);
        long start = System.nanoTime();
        for (OtpErlangPid sink : sinks) {
            start(() -> send(sink, kind == Kind.SMALL ? null : content, count));
        }
        for (int i = 0; i < senders; i++) {
            control.receive(); // {done, Sink}
        }
        return System.nanoTime() - start;
    }

    private void send(OtpErlangPid sink, OtpErlangBinary content, long count) {
        OtpMbox box = node.createMbox();
        for (long n = count; n > 0; n--) {
            box.send(sink, content == null ? tuple(TICK, new OtpErlangLong(n)) : content);
        }
        node.closeMbox(box);
    }

    @Override
    public long[] pings(Caller caller, long span) throws Exception {
        if (caller == Caller.HANDLER) {
            return new long[0]; // Jinterface has none
        }
        OtpErlangPid echo = ask(tuple(new OtpErlangAtom("echo"), control.self()));
        OtpErlangTuple ping = tuple(control.self(), new OtpErlangLong(42));
        long[] times = new long[1 << 20];
        int count = 0;
        long end = System.nanoTime() + span;
        for (long start = System.nanoTime(); start < end && count < times.length; start = System.nanoTime()) {
            control.send(echo, ping);
            control.receive();
            times[count++] = System.nanoTime() - start;
        }
        return Arrays.copyOf(times, count);
    }

    @Override
    public long connect() throws Exception {
        if (last != null) {
            last.close();
        }
        Thread.sleep(BenchClient.SEEN_MILLIS);
        long start = System.nanoTime();
        last = dialler.connect(new OtpPeer(server, transports));
        return System.nanoTime() - start;
    }
}
