package io.hawser.examples.quickstart;

import io.hawser.cookie.Cookie;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Shows a certificate being revoked while its node is connected: its connections are closed within seconds, the others do
 * not notice. Run it with {@code examples/quickstart revocation}.
 */
public final class Revocation {
    private static final String A = "a@a.demo.test";
    private static final String B = "b@b.demo.test";
    private static final String C = "c@c.demo.test";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final int CALLS = 20;

    private final Lab lab;

    private Revocation(Lab lab) {
        this.lab = lab;
    }

    /**
     * Tells the story.
     *
     * @param arguments the repository's directory
     */
    public static void main(String[] arguments) {
        int status = 0;
        try (var lab = new Lab(Path.of(arguments[0]))) {
            new Revocation(lab).tell();
        } catch (QuickstartException | IOException e) {
            System.err.println("quickstart: " + e.getMessage());
            status = 1;
        } catch (InterruptedException e) {
            status = 130;
        }
        System.exit(status);
    }

    private void tell() throws IOException, InterruptedException {
        System.out.println("== An organisation with three nodes");
        String pass = "file:" + lab.secret("passphrase", "correct horse battery staple\n");
        certsTool("org", "init", "demo", "--domain", "demo.test", "--pass", pass);
        certsTool("node", "issue", A, B, C, "--pass", pass);
        for (String node : List.of(A, B, C)) {
            export(node);
        }
        Cookie.generate().write(lab.path("cookie"));
        try (Program b = lab.cacheNode(B, "certs/b", "cookie", A, C);
                Program c = lab.cacheNode(C, "certs/c", "cookie", A, B);
                Program a = lab.cacheNode(A, "certs/a", "cookie", B, C)) {
            for (Program node : List.of(a, b, c)) {
                node.nextLine(); // ready
            }
            System.out.println("\n== Three JVMs, all connected");
            type("a", a, "connect " + B);
            type("c", c, "connect " + A);
            type("c", c, "connect " + B);
            System.out.println("\n== The certificate of c is revoked, and a and b get the new list");
            certsTool("revoke", C, "--reason", "keyCompromise", "--pass", pass);
            export(B);
            export(A);
            long exported = System.nanoTime();
            int calls = callUntilGone(a);
            System.out.printf(Locale.ROOT, "   a is rid of c %.1f s later: %s%n", seconds(exported), reasonLoggedBy(a));
            System.out.println("   b is rid of c, too: " + reasonLoggedBy(b));
            System.out.println("   " + calls + " calls from a to b meanwhile, none failed");
            System.out.println("\n== Nor does c come back");
            type("c", c, "connect " + A);
            type("a", a, "ask " + B + " colour");
            b.finish();
            c.finish();
            a.finish();
        }
    }

    private void certsTool(String... arguments) throws IOException, InterruptedException {
        var all = new ArrayList<>(List.of("-d", lab.path("pki").toString()));
        all.addAll(List.of(arguments));
        lab.certsTool(all.toArray(new String[0]));
    }

    private void export(String node) throws IOException, InterruptedException {
        String to = lab.path("certs/" + node.charAt(0)).toString();
        certsTool("export", "java", node, "--to", to);
    }

    /** Has a call b again and again, on the connection that there is, until c is not among its peers. */
    private static int callUntilGone(Program a) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (int calls = 1; System.nanoTime() - deadline < 0; calls++) {
            String answer = a.ask("ask " + B + " colour");
            if (!answer.equals("not_found")) {
                throw new QuickstartException("a could not call b: " + answer);
            }
            if (calls >= CALLS && !a.ask("peers").contains(C)) {
                return calls;
            }
            Thread.sleep(20);
        }
        throw new QuickstartException("c is still connected after " + PATIENCE.toSeconds() + " seconds");
    }

    private static String reasonLoggedBy(Program node) throws InterruptedException {
        String line = node.nextError(text -> text.contains("code=CERTIFICATE_REVOKED"))
                .orElseThrow(() -> new QuickstartException("a node ended and did not say why it closed a connection"));
        return line.substring(line.indexOf("code=")).replaceFirst(" Connection closed.*", "");
    }

    private static void type(String who, Program node, String line) throws IOException, InterruptedException {
        System.out.printf("   %-2s> %-24s %s%n", who, line, node.ask(line));
    }

    private static double seconds(long startedNanos) {
        return (System.nanoTime() - startedNanos) / 1e9;
    }
}
