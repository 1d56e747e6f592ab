package io.hawser.examples.attack;

import static io.hawser.examples.attack.Names.dns;
import static io.hawser.examples.attack.Names.latin1;
import static io.hawser.examples.attack.Names.sequence;
import static io.hawser.examples.attack.Names.tagged;
import static io.hawser.examples.attack.Names.uri;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.examples.attack.Mint.Coin;
import io.hawser.term.NodeName;
import io.hawser.testing.RecordingHandler;
import io.hawser.tls.TlsEngine;
import io.hawser.tls.TlsIdentity;
import io.hawser.tls.TlsTransport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Certificates of a CA that we trust whose names are not, but look like, those of the node {@code b@b.orga.test}, shown to a
 * node by somebody who knows the cookie. Nothing else is wrong with them, and the CA is not constrained: what refuses them is
 * how names are read.
 */
class OddNamesTest {
    private static final NodeName B = NodeName.parse("b@b.orga.test");
    private static final String GOOD_URI = "spiffe://orga.test/node/b.orga.test/b";
    private static final String GOOD_DNS = "b.orga.test";
    private static final String MALFORMED = "NAME_MALFORMED";
    private static final Mint MINT = Mint.root("Orga Root");

    @TempDir
    private static Path directory;

    private static TlsIdentity identity;
    private static Victim boringSsl;
    private static Victim jdk;

    /** One certificate, and the code it must be refused with by a listener. */
    private static final class Odd {
        private final String what;
        private final Coin coin;
        private final String code;

        Odd(String what, X500Name subject, byte[] names, String code) {
            this.what = what;
            this.coin = MINT.coin(subject, names);
            this.code = code;
        }

        @Override
        public String toString() {
            return what;
        }
    }

    private static final List<Odd> ODD = new ArrayList<>();

    private static void odd(String what, byte[]... names) {
        ODD.add(new Odd(what, new X500Name("CN=anything"), sequence(names), MALFORMED));
    }

    private static void oddUri(String what, String uri) {
        odd("URI with " + what, uri(uri), dns(GOOD_DNS));
    }

    private static void oddDns(String what, String dns) {
        odd("DNS name " + what, uri(GOOD_URI), dns(dns));
    }

    private static void oddSubject(String what, X500Name subject) {
        ODD.add(new Odd(what + ", and no alternative name", subject, new byte[0], MALFORMED));
    }

    /** A name that can be read, and is another's. */
    private static void readable(String what, String uri, String code) {
        byte[] names = sequence(uri(uri), dns(GOOD_DNS));
        ODD.add(new Odd("URI with " + what, new X500Name("CN=anything"), names, code));
    }

    static {
        oddSubject("the whole name as common name", new X500Name("CN=b@b.orga.test"));
        oddSubject("the host as common name", new X500Name("CN=b.orga.test"));
        oddSubject("the URI as common name", new X500Name("CN=" + GOOD_URI));
        oddSubject("two common names", new X500Name("CN=c@c.orga.test,CN=b@b.orga.test"));
        oddSubject("the name as mail address", new X500Name("E=b@b.orga.test,CN=x"));
        oddSubject("the name as user id", new X500Name("UID=b@b.orga.test,CN=x"));
        var nobody = new X500Name(new RDN[0]);
        ODD.add(new Odd("an empty subject and no alternative name", nobody, new byte[0], "PATH_INVALID"));
        ODD.add(new Odd("an empty subject and only the host", nobody, sequence(dns(GOOD_DNS)), "PATH_INVALID"));
        odd("no name in the extension");
        odd("no URI", dns(GOOD_DNS));
        odd("no DNS name", uri(GOOD_URI));

        odd("two URIs, one of them right", uri(GOOD_URI), uri(other("c")), dns(GOOD_DNS));
        odd("two URIs, the other one first", uri(other("c")), uri(GOOD_URI), dns(GOOD_DNS));
        odd("the right URI twice", uri(GOOD_URI), uri(GOOD_URI), dns(GOOD_DNS));
        odd("a URI of a web page besides", uri(GOOD_URI), uri("https://b.test/"), dns(GOOD_DNS));
        readable("another node of the same host", "spiffe://orga.test/node/b.orga.test/c", "NAME_MISMATCH");
        oddUri("another node of another host", other("c"));
        oddUri("the scheme in upper case", "SPIFFE://orga.test/node/b.orga.test/b");
        oddUri("another scheme", "https://orga.test/node/b.orga.test/b");
        oddUri("Erlang's own spelling", "erl://b@b.orga.test");
        readable("the alive name in upper case", "spiffe://orga.test/node/b.orga.test/B", "NAME_MISMATCH");
        readable("the host in upper case", "spiffe://orga.test/node/B.ORGA.TEST/b", "NAME_MISMATCH");
        oddUri("the trust domain in upper case", "spiffe://ORGA.TEST/node/b.orga.test/b");
        readable("another trust domain", "spiffe://evil.test/node/b.orga.test/b", "OUTSIDE_NAMESPACE");
        readable("a trust domain below ours", "spiffe://x.orga.test/node/b.orga.test/b", "OUTSIDE_NAMESPACE");
        readable("a trust domain that ends as ours", "spiffe://evilorga.test/node/b.orga.test/b", "OUTSIDE_NAMESPACE");
        oddUri("a trust domain with a dot behind", "spiffe://orga.test./node/b.orga.test/b");
        oddUri("no trust domain", "spiffe:///node/b.orga.test/b");
        oddUri("a user before the trust domain", "spiffe://evil@orga.test/node/b.orga.test/b");
        oddUri("a port", "spiffe://orga.test:4369/node/b.orga.test/b");
        oddUri("a dot behind the host", "spiffe://orga.test/node/b.orga.test./b");
        oddUri("a slash behind", GOOD_URI + "/");
        oddUri("a segment too many", GOOD_URI + "/c");
        oddUri("a segment too few", "spiffe://orga.test/node/b.orga.test");
        oddUri("an empty segment", "spiffe://orga.test/node//b.orga.test/b");
        oddUri("a step back", "spiffe://orga.test/node/c/../b.orga.test/b");
        oddUri("host and alive name exchanged", "spiffe://orga.test/node/b/b.orga.test");
        oddUri("another kind of thing", "spiffe://orga.test/host/b.orga.test/b");
        oddUri("a name with an at sign", "spiffe://orga.test/node/b@b.orga.test");
        oddUri("a letter as escape", "spiffe://orga.test/node/b.orga.test/%62");
        oddUri("a slash as escape", "spiffe://orga.test/node/b.orga.test%2fb");
        oddUri("a query", GOOD_URI + "?c");
        oddUri("a fragment", GOOD_URI + "#c");
        oddUri("a blank before", " " + GOOD_URI);
        oddUri("a blank behind", GOOD_URI + " ");
        oddUri("a line end behind", GOOD_URI + "\n");
        oddUri("a NUL behind", GOOD_URI + "\0");
        oddUri("a NUL and another name behind", GOOD_URI + "\0.evil.test");
        oddUri("a letter that looks like b", "spiffe://orga.test/node/b.orga.test/\u00df");
        oddUri("letters of UTF-8", "spiffe://orga.test/node/b.orga.test/\u00d0\u00ac");
        oddUri("nothing in it", "");
        oddUri("300 characters", "spiffe://orga.test/node/b.orga.test/" + "b".repeat(264));

        oddDns("of another node", "c.orga.test");
        oddDns("with a wildcard", "*.orga.test");
        oddDns("with a wildcard in a label", "b*.orga.test");
        oddDns("with nothing but a wildcard", "*");
        oddDns("with a dot behind", "b.orga.test.");
        oddDns("with a dot before", ".b.orga.test");
        oddDns("of the domain above", "orga.test");
        oddDns("below the host", "b.b.orga.test");
        oddDns("with a port", "b.orga.test:443");
        oddDns("with a blank before", " b.orga.test");
        oddDns("with a line end", "b.orga.test\n");
        oddDns("with a NUL and another host behind", "b.orga.test\0.evil.test");
        oddDns("with a NUL before", "\0b.orga.test");
        oddDns("that is the whole node name", "b@b.orga.test");
        oddDns("that is an address", "127.0.0.1");
        oddDns("without a character", "");

        odd("names as mail addresses", tagged(Names.MAIL, latin1("b@b.orga.test")), dns(GOOD_DNS));
        odd("the URI as mail address", tagged(Names.MAIL, latin1(GOOD_URI)), dns(GOOD_DNS));
        odd("the URI as DNS name", dns(GOOD_URI), dns(GOOD_DNS));
        odd("the URI as other name", otherName(GOOD_URI), dns(GOOD_DNS));
        odd("the name of a directory", directoryName("b@b.orga.test"), dns(GOOD_DNS));
        odd("a registered id", tagged(Names.REGISTERED_ID, new byte[] {0x2A, 3}), dns(GOOD_DNS));
        odd("the host as URI", uri(GOOD_DNS), dns(GOOD_DNS));
        odd("the host as mail address", uri(GOOD_URI), tagged(Names.MAIL, latin1(GOOD_DNS)));
        odd("an address for the host", uri(GOOD_URI), tagged(Names.IP, new byte[] {127, 0, 0, 1}));
        odd("an address of five bytes", uri(GOOD_URI), dns(GOOD_DNS), tagged(Names.IP, new byte[5]));
        odd("a name of an unknown kind", uri(GOOD_URI), dns(GOOD_DNS), tagged(0x89, latin1("b")));
        ODD.add(new Odd(
                "bytes that are no names", new X500Name("CN=b@b.orga.test"), new byte[] {0x30, 9, 1}, MALFORMED));
        ODD.add(new Odd("names without their sequence", new X500Name("CN=b@b.orga.test"), uri(GOOD_URI), MALFORMED));
    }

    private static String other(String node) {
        return Names.uriOf(node + "@" + node + ".orga.test");
    }

    // [0] { object identifier 1.2.3, [0] { UTF8String } }
    private static byte[] otherName(String text) {
        byte[] value = tagged(0xA0, tagged(0x0C, latin1(text)));
        var content = new byte[4 + value.length];
        System.arraycopy(new byte[] {6, 2, 0x2A, 3}, 0, content, 0, 4);
        System.arraycopy(value, 0, content, 4, value.length);
        return tagged(Names.OTHER, content);
    }

    private static byte[] directoryName(String commonName) {
        try {
            return tagged(Names.DIRECTORY, new X500Name("CN=" + commonName).getEncoded());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @BeforeAll
    static void start() {
        identity = MINT.identity(directory, "a@a.orga.test");
        boringSsl = Victim.start(identity, TlsEngine.BORINGSSL);
        jdk = Victim.start(identity, TlsEngine.JDK);
    }

    @AfterAll
    static void stop() {
        boringSsl.close();
        jdk.close();
    }

    private static Victim victim(TlsEngine engine) {
        return engine == TlsEngine.JDK ? jdk : boringSsl;
    }

    static Stream<Arguments> oddNames() {
        return Stream.of(TlsEngine.BORINGSSL, TlsEngine.JDK)
                .flatMap(engine -> ODD.stream().map(odd -> Arguments.of(engine, odd)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("oddNames")
    void aDiallerWhoseCertificateNamesItOddlyIsNotWhoItClaimsToBe(TlsEngine engine, Odd odd) {
        assertThat(claim(victim(engine), odd.coin, "b@b.orga.test")).isNotEqualTo("sok");
        assertThat(victim(engine).ending()).startsWith(odd.code + " ");
        assertThat(victim(engine).node().connections()).isEmpty();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("oddNames")
    void aListenerWhoseCertificateNamesItOddlyIsToldNothing(TlsEngine engine, Odd odd) throws IOException {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var transport = TlsTransport.builder(identity).engine(engine).build()) {
            var dialler = new RecordingHandler();
            transport.connect(B, (InetSocketAddress) server.getLocalSocketAddress(), Victim.SOON, dialler);
            assertThat(Impostor.heardAsListener(server, odd.coin, 1)).isEmpty();
            assertThat(WatchedTransport.ending(dialler.cause().orElseThrow())).startsWith(odd.code + " ");
            assertThat(dialler.wasOpened()).isFalse();
        }
    }

    static Stream<Arguments> claims() {
        return Stream.of(
                        "c@c.orga.test",
                        "B@b.orga.test",
                        "b@B.ORGA.TEST",
                        "b@b.orga.test.",
                        "b@b.orga.test\0",
                        "b@b.orga.test\n",
                        "b@b.orga.test ",
                        " b@b.orga.test",
                        "\0b@b.orga.test",
                        "b@b.orga.test\0c@c.orga.test",
                        "c@b.orga.test",
                        "b@c.orga.test",
                        "b@b@b.orga.test",
                        "b@",
                        "@b.orga.test",
                        "b",
                        "",
                        "b@127.0.0.1",
                        "b@localhost",
                        "\u00df@b.orga.test",
                        "b%00@b.orga.test",
                        "../b@b.orga.test",
                        "a@a.orga.test",
                        "b@" + "b.".repeat(130) + "test")
                .flatMap(claim ->
                        Stream.of(TlsEngine.BORINGSSL, TlsEngine.JDK).map(engine -> Arguments.of(engine, claim)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("claims")
    void aGoodCertificateIsForNoOtherSpellingOfItsName(TlsEngine engine, String name) {
        Coin good = MINT.honest("b@b.orga.test");
        assertThat(claim(victim(engine), good, name)).isNotEqualTo("sok");
        assertThat(victim(engine).ending()).matches("[ -~]{20,500}");
        assertThat(victim(engine).node().connections()).isEmpty();
    }

    /** What makes no difference: what a CA writes into the subject, more names of other kinds, the case of a DNS name. */
    @ParameterizedTest
    @EnumSource(names = {"BORINGSSL", "JDK"})
    void whatIsNoNameOfANodeMakesNoDifference(TlsEngine engine) {
        var subject = new X500Name("CN=a@a.orga.test");
        byte[] mail = tagged(Names.MAIL, latin1("a@a.orga.test"));
        for (byte[] names : List.of(
                Names.of("b@b.orga.test"),
                sequence(uri(GOOD_URI), dns("B.Orga.Test")),
                sequence(dns("c.orga.test"), dns(GOOD_DNS), mail, uri(GOOD_URI)))) {
            Coin coin = MINT.coin(subject, names);
            assertThat(claim(victim(engine), coin, "b@b.orga.test")).isEqualTo("sok");
            assertThat(claim(victim(engine), coin, "a@a.orga.test")).isNotEqualTo("sok");
            assertThat(claim(victim(engine), coin, "c@c.orga.test")).isNotEqualTo("sok");
            assertThat(victim(engine).ending()).doesNotContain("the peer's certificate");
            assertThat(victim(engine).ending()).contains("the peer's certificate is for b@b.orga.test");
            assertThat(victim(engine).ending()).contains("the peer's certificate is for b@b.orga.test");
        }
    }

    /** Dials, claims to be a node, and returns what it is answered: a packet as text, or that the connection closed. */
    private static String claim(Victim victim, Coin shown, String name) {
        try (var impostor = Impostor.dial(victim.address(), shown)) {
            impostor.trySay(Packets.sendName(name));
            return impostor.hear().map(packet -> new String(packet, ISO_8859_1)).orElse("closed");
        } catch (IOException e) {
            return "closed";
        }
    }
}
