package io.hawser.examples.attack;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.hawser.cookie.Cookie;
import io.hawser.cookie.CookieHandshakes;
import io.hawser.epmd.EpmdOptions;
import io.hawser.epmd.NodeResolver;
import io.hawser.etf.ByteOutput;
import io.hawser.etf.TermEncoder;
import io.hawser.examples.attack.Mint.Coin;
import io.hawser.examples.interop.Organisation;
import io.hawser.node.Mailbox;
import io.hawser.node.Node;
import io.hawser.node.NodeConfig;
import io.hawser.term.Atom;
import io.hawser.term.Binary;
import io.hawser.term.Int;
import io.hawser.term.ListTerm;
import io.hawser.term.NodeName;
import io.hawser.term.Pid;
import io.hawser.term.Reference;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import io.hawser.tls.NameBinding;
import io.hawser.tls.TcpTransport;
import io.hawser.tls.TlsEngine;
import io.hawser.tls.TlsIdentity;
import io.hawser.transport.TransportException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;

/**
 * A program in which a node meets peers that put {@link #EVIL} into every text they may send, and that has secrets. What it
 * prints, {@link SpeakingTest} reads; the secrets it writes to a file.
 */
final class Talkative {
    /** Ends a line and begins one, steers a terminal, turns the direction of writing. */
    static final String EVIL = "x\nFORGED\r\u001b[2JFORGED\u0007\u0000\u0085";

    private static final String COOKIE = "canaryOfTheCookie19f3c7";
    private static final String BODY = "canaryOfAMessageBody77ab";
    private static final NodeName A = NodeName.parse("a@a.orga.test");
    private static final NodeName B = NodeName.parse("b@b.orga.test");
    private static final String C = "c@c.orga.test";

    private final Mint mint = Mint.root("Orga Root");
    private final Coin ofA = mint.honest(A.toString());
    private final Coin ofC = mint.honest(C);
    private final Path directory;
    private final TlsEngine engine;
    private final List<String> secrets = new ArrayList<>(List.of(COOKIE, BODY));

    private Talkative(Path directory, TlsEngine engine) {
        this.directory = directory;
        this.engine = engine;
    }

    /**
     * Meets them all.
     *
     * @param arguments a directory for files, and the engine
     */
    public static void main(String[] arguments) throws Exception {
        var program = new Talkative(Path.of(arguments[0]), TlsEngine.valueOf(arguments[1]));
        program.play();
        Files.write(program.directory.resolve("secrets"), program.secrets);
        System.out.println("DONE");
        System.exit(0);
    }

    private void play() throws Exception {
        TlsIdentity identity = mint.identity(directory.resolve("a"), ofA, NameBinding.FULL);
        keep(ofA.key().getEncoded());
        var handshakes = CookieHandshakes.auto(Cookie.of(COOKIE));
        try (var a = Victim.start(identity, engine, handshakes)) {
            System.out.println(identity + " " + handshakes + " " + Cookie.of(COOKIE));
            strangers(a);
            oddCertificates(a);
            names(a);
            listeners(a);
            knows(a);
            honest(a);
            System.out.println(a.node().connections() + " " + a.node().stats());
        }
        epmd();
        files();
    }

    private void keep(byte[] secret) {
        secrets.add(HexFormat.of().formatHex(secret, secret.length - Math.min(secret.length, 32), secret.length));
        secrets.add(Base64.getEncoder().encodeToString(secret).substring(0, 20));
        secrets.add(Arrays.toString(Arrays.copyOf(secret, 8)));
    }

    /** What is no TLS, and what is asked for in TLS. */
    private void strangers(Victim a) throws IOException {
        try (var socket = new Socket(a.address().getAddress(), a.address().getPort())) {
            socket.getOutputStream().write(("GET " + EVIL + " HTTP/1.1\r\n\r\n").getBytes(ISO_8859_1));
            a.ending();
        }
        try (var impostor = Impostor.dial(a.address(), ofC, EVIL, "hawser-strong-1" + EVIL)) {
            impostor.say(Packets.sendName(C));
        }
        a.ending();
    }

    private void oddCertificates(Victim a) {
        X500Name subject = new X500NameBuilder()
                .addRDN(BCStyle.CN, new DERUTF8String(EVIL + "\u202eFORGED"))
                .addRDN(BCStyle.O, new DERUTF8String(EVIL))
                .build();
        var stranger = Mint.root(subject);
        for (Coin coin : List.of(
                mint.coin(subject, Names.of(C)),
                stranger.coin(subject, Names.of(C)),
                mint.coin(subject, Names.sequence(Names.uri(EVIL), Names.dns(EVIL))),
                mint.coin(subject, Names.sequence(Names.uri("spiffe:" + EVIL), Names.dns(EVIL))),
                mint.coin(subject, Names.sequence(Names.uri(Names.uriOf(C)), Names.dns(EVIL))))) {
            try (var impostor = Impostor.dial(a.address(), coin)) {
                impostor.trySay(Packets.sendName(B.toString()));
                impostor.hear();
            } catch (IOException e) {
                // refused
            }
            a.ending();
        }
    }

    private void names(Victim a) throws IOException {
        for (String name : List.of(EVIL, EVIL + "@c.orga.test", "c@" + EVIL, C + EVIL, "c@c.orga.test\n")) {
            say(a, Packets.sendName(name));
        }
        say(a, Packets.sendName(C), ("s" + EVIL).getBytes(ISO_8859_1));
        say(a, Packets.sendName(C), (EVIL + EVIL).getBytes(ISO_8859_1));
        say(a, ("n" + EVIL).getBytes(ISO_8859_1));
        byte[] wrong = Packets.digest("another cookie", 1);
        say(a, Packets.sendName(C), Packets.reply(1, wrong));
    }

    private void say(Victim a, byte[]... packets) throws IOException {
        try (var impostor = Impostor.dial(a.address(), ofC)) {
            for (byte[] packet : packets) {
                impostor.trySay(packet);
            }
            while (impostor.hear().isPresent() && packets.length > 1) {
                // until it closes
            }
        }
        a.ending();
    }

    /** What a node hears from whom it dials. */
    private void listeners(Victim a) throws Exception {
        for (byte[] answer : List.of(
                Packets.status(EVIL),
                Packets.status("named:" + EVIL),
                Packets.challenge(EVIL, 1),
                ("N" + EVIL).getBytes(ISO_8859_1))) {
            try (var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
                a.believes(NodeName.parse(C), (InetSocketAddress) server.getLocalSocketAddress());
                var connecting = a.node().connect(NodeName.parse(C)).toCompletableFuture();
                try (var listening = Impostor.over(server.accept(), Impostor.context(ofC), false)) {
                    listening.hear();
                    if (answer[0] == 'N') {
                        listening.say(Packets.status("ok"));
                    }
                    listening.trySay(answer);
                    listening.hear();
                }
                System.out.println(connecting
                        .handle((up, failure) -> String.valueOf(failure))
                        .join());
            }
        }
    }

    /** A peer that is admitted, and then says what no node says. */
    private void knows(Victim a) throws Exception {
        Atom evil = Atom.of(EVIL + "\u202eFORGED");
        Atom c = Atom.of(C);
        var me = new Pid(c, 1, 0, 77);
        var ref = new Reference(c, 77, 1, 2, 3);
        Term body = Tuple.of(evil, Binary.utf8(BODY), Binary.utf8(EVIL));
        for (List<Term> signal : List.<List<Term>>of(
                List.of(Tuple.of(Int.of(6), me, Atom.of(""), evil), body),
                List.of(Tuple.of(Int.of(6), new Pid(evil, 1, 0, 1), Atom.of(""), evil), body),
                List.of(Tuple.of(Int.of(6), me, Atom.of(""), Atom.of("rex")), body),
                List.of(Tuple.of(Int.of(6), me, Atom.of(""), Atom.of("net_kernel")), body),
                List.of(Tuple.of(Int.of(19), me, evil, ref)),
                List.of(Tuple.of(Int.of(29), ref, me, me, Tuple.of(evil, evil, Int.of(1)), ListTerm.of()), body),
                List.of(Tuple.of(Int.of(29), ref, me, me, evil, evil), body),
                List.of(Tuple.of(Int.of(3), me, new Pid(Atom.of(A.toString()), 9, 0, 1), body)),
                List.of(Tuple.of(Int.of(99), evil, Binary.utf8(BODY))),
                List.of(Tuple.of(evil, Binary.utf8(BODY))),
                List.of(evil),
                List.of(Binary.utf8(BODY), Binary.utf8(EVIL)))) {
            try (var impostor = Impostor.dial(a.address(), ofC)) {
                Proving proving =
                        Proving.initiator(impostor, CookieHandshakes.auto(Cookie.of(COOKIE)), C, A.toString());
                proving.said().stream()
                        .filter(packet -> packet[0] == 'r')
                        .forEach(packet -> keep(Packets.digestIn(packet)));
                impostor.say(packet(signal));
                impostor.say("\u0083Dx".getBytes(ISO_8859_1)); // no header: closes the connection
                while (impostor.hear().isPresent()) {
                    // until it closes
                }
            }
            a.ending();
        }
    }

    // 131 68 0, the control tuple, the payload
    private static byte[] packet(List<Term> signal) {
        var out = new ByteOutput(256);
        out.bytes(ByteBuffer.wrap(new byte[] {(byte) 131, 68, 0}));
        signal.forEach(term -> TermEncoder.write(term, out));
        return out.toByteArray();
    }

    private void honest(Victim a) throws Exception {
        TlsIdentity identity = mint.identity(directory, B.toString());
        for (String cookie : List.of(COOKIE, "another canary1 of a cookie")) {
            secrets.add(cookie);
            try (var b = Victim.start(identity, engine, CookieHandshakes.auto(Cookie.of(cookie)))) {
                b.believes(A, a.address());
                try (Mailbox mailbox = b.node().mailbox()) {
                    mailbox.send("nobody", A, Binary.utf8(BODY));
                    b.node().connect(A, Victim.SOON);
                } catch (TransportException e) {
                    System.out.println(e);
                }
            }
        }
    }

    /** An EPMD that answers with anything. */
    private static void epmd() throws Exception {
        try (var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            var config = NodeConfig.builder("lonely@localhost")
                    .transport(TcpTransport.plain())
                    .handshake(CookieHandshakes.otp(Cookie.of(COOKIE)))
                    .resolver(NodeResolver.first(
                            NodeResolver.fixed("nobody@localhost", "127.0.0.1", 1),
                            NodeResolver.epmd(EpmdOptions.builder()
                                    .port(server.getLocalPort())
                                    .embedded(false)
                                    .hosts(node -> InetAddress.getLoopbackAddress())
                                    .build())));
            var answering = new Thread(() -> answer(server));
            answering.setDaemon(true);
            answering.start();
            try (Node node = Node.start(config.build())) {
                for (int i = 0; i < 3; i++) {
                    System.out.println(node.connect(NodeName.parse("x" + i + "@localhost"))
                            .handle((up, failure) -> String.valueOf(failure))
                            .toCompletableFuture()
                            .join());
                }
            } catch (RuntimeException e) {
                System.out.println(e);
            }
        }
    }

    private static void answer(ServerSocket server) {
        try {
            while (true) {
                try (Socket socket = server.accept()) {
                    socket.getOutputStream().write(("w\0" + EVIL.repeat(10)).getBytes(US_ASCII));
                }
            }
        } catch (IOException e) {
            return; // closed
        }
    }

    /** What certs-tool writes, right and then cut off. */
    private void files() throws IOException {
        Path export = new Organisation(directory.resolve("organisation"), Clock.systemUTC())
                .issue(A.toString())
                .exportJava(A.toString());
        String password = Files.readString(export.resolve("password")).strip();
        secrets.add(password);
        System.out.println(TlsIdentity.load(export));
        for (String cut : List.of("keystore.p12", "tls.properties", "crls.pem", "password", "policy.json")) {
            byte[] whole = Files.readAllBytes(export.resolve(cut));
            Files.write(export.resolve(cut), Arrays.copyOf(whole, whole.length / 2));
            try {
                System.out.println(TlsIdentity.load(export));
            } catch (RuntimeException e) {
                System.out.println(e);
            }
            Files.write(export.resolve(cut), whole);
        }
        secrets.add(password.substring(0, password.length() / 2));
    }
}
