package io.hawser.examples.quickstart;

import io.hawser.cookie.Cookie;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Shows the main job in under a minute: a cache shared by two JVMs and an Erlang node over mutual TLS, with certificates
 * from {@code certs-tool}, and who is refused. Run it with {@code examples/quickstart}.
 */
public final class Quickstart {
    private static final String A = "a@a.demo.test";
    private static final String B = "b@b.demo.test";
    private static final String C = "c@c.demo.test";

    /** The stranger's keys are gone in a moment; encrypting them would double the time that certificates take. */
    private static final String UNENCRYPTED = "--insecure-unencrypted-ca-keys";

    private final Lab lab;

    private Quickstart(Lab lab) {
        this.lab = lab;
    }

    /**
     * Tells the story.
     *
     * @param arguments the repository's directory
     */
    public static void main(String[] arguments) {
        long started = System.nanoTime();
        int status = 0;
        try (var lab = new Lab(Path.of(arguments[0]))) {
            new Quickstart(lab).tell();
            System.out.printf(Locale.ROOT, "%nDone in %.1f s; everything it made is deleted.%n", seconds(started));
        } catch (QuickstartException | IOException e) {
            System.err.println("quickstart: " + e.getMessage());
            status = 1;
        } catch (InterruptedException e) {
            status = 130;
        }
        System.exit(status);
    }

    private static double seconds(long startedNanos) {
        return (System.nanoTime() - startedNanos) / 1e9;
    }

    private void tell() throws IOException, InterruptedException {
        issueCertificates();
        chapter("Two JVMs, each with a copy of the cache");
        try (Program a = lab.cacheNode(A, "certs/a", "cookie", B);
                Program b = lab.cacheNode(B, "certs/b", "cookie", A)) {
            String readyA = a.nextLine();
            say("a", readyA);
            String readyB = b.nextLine();
            say("b", readyB);
            share(a, b);
            chapter("Who is at the other end");
            say("a", a.ask("peers"));
            say("b", b.ask("peers"));
            joinFromErlang(a);
            refuse(a, port(readyA), b, port(readyB));
            b.finish();
            a.finish();
        }
    }

    private void issueCertificates() throws IOException, InterruptedException {
        chapter("Certificates: an organisation, three nodes, and a stranger");
        String pass = "file:" + lab.secret("passphrase", "correct horse battery staple\n");
        String pki = lab.path("pki").toString();
        String stranger = lab.path("stranger").toString();
        lab.certsTool("-d", pki, "org", "init", "demo", "--domain", "demo.test", "--pass", pass);
        lab.certsTool("-d", pki, "node", "issue", A, B, C, "--pass", pass);
        for (String node : new String[] {A, B, C}) {
            String to = lab.path("certs/" + node.charAt(0)).toString();
            lab.certsTool("-d", pki, "export", "java", node, "--to", to);
        }
        lab.certsTool(
                "-d", pki, "export", "otp", C, "--to", lab.path("certs/erl").toString());
        lab.certsTool("-d", stranger, "org", "init", "demo", "--domain", "demo.test", UNENCRYPTED);
        lab.certsTool("-d", stranger, "node", "issue", C);
        lab.certsTool(
                "-d",
                stranger,
                "export",
                "java",
                C,
                "--to",
                lab.path("certs/stranger").toString());
        Cookie.generate().write(lab.path("cookie"));
        Cookie.generate().write(lab.path("other-cookie"));
    }

    private static void share(Program a, Program b) throws IOException, InterruptedException {
        type("a", a, "put colour blue");
        type("a", a, "put {answer,life} 42");
        await(b, "get {answer,life}", "{ok,42}");
        type("b", b, "get colour");
        type("b", b, "put greeting <<\"hello\">>");
        type("b", b, "ask " + A + " colour");
    }

    private void joinFromErlang(Program a) throws IOException, InterruptedException {
        chapter("An Erlang node joins");
        if (!Erlang.isInstalled()) {
            System.out.println("   no erl on the path; to see this chapter: apt-get install erlang-base erlang-ssl");
            return;
        }
        for (String line : new Erlang(lab).run("certs/erl", "cookie")) {
            say("erl", line);
        }
        type("a", a, "get planet");
    }

    private void refuse(Program a, int portOfA, Program b, int portOfB) throws IOException, InterruptedException {
        chapter("Refused, each for one reason");
        var atA = new Intruder(lab, A, portOfA);
        var atB = new Intruder(lab, B, portOfB);
        refusal("the wrong cookie", atA.connect(C, "certs/c", "other-cookie"), "a", a);
        refusal("a certificate from another CA", atA.connect(C, "certs/stranger", "cookie"), "a", a);
        refusal("a valid certificate for c, claiming to be a", atB.connect(A, "certs/c", "cookie"), "b", b);
    }

    private static void refusal(String who, String answer, String listenerName, Program listener)
            throws InterruptedException {
        System.out.println("   " + who);
        say("it", answer);
        say(listenerName, refusalLoggedBy(listener));
    }

    private static String refusalLoggedBy(Program node) throws InterruptedException {
        String line = node.nextError(text -> text.contains("reason=")).orElse("reason=nothing in its log");
        return line.substring(line.indexOf("reason=") + "reason=".length())
                .replace(" Connection refused or broken off", "");
    }

    private static int port(String ready) {
        return Integer.parseInt(ready.substring(ready.lastIndexOf(' ') + 1));
    }

    private static void type(String who, Program node, String line) throws IOException, InterruptedException {
        System.out.printf("   %-4s> %-32s %s%n", who, line, node.ask(line));
    }

    /** What is put on one node takes a moment to reach the other. */
    private static void await(Program node, String line, String wanted) throws IOException, InterruptedException {
        for (int i = 0; i < 200 && !node.ask(line).equals(wanted); i++) {
            Thread.sleep(10);
        }
    }

    private static void say(String who, String line) {
        System.out.printf("   %-4s: %s%n", who, line);
    }

    private static void chapter(String title) {
        System.out.println();
        System.out.println("== " + title);
    }
}
