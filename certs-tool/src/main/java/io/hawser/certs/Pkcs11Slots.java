package io.hawser.certs;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.AuthProvider;
import java.security.InvalidParameterException;
import java.security.Provider;
import java.security.ProviderException;
import java.security.Security;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the slot of a token by the token's label. The JDK takes slots by number only, and the numbers of a token change;
 * it tells what is in a slot only by printing it, so the print is caught, on the thread that asks and no other.
 */
final class Pkcs11Slots {
    private static final int MAX_SLOTS = 64;

    private static final Pattern SLOTS = Pattern.compile("(?m)^All slots: (.*)$");
    private static final Pattern TOKEN = Pattern.compile("(?m)^Token info for token in slot ([0-9]+):$");

    /** Only one at a time may stand in front of the standard output. */
    private static final ReentrantLock PRINTING = new ReentrantLock();

    /** The JDK's name of an attribute, for ours. */
    private static final Map<String, String> PRINTED =
            Map.of("token", "label", "serial", "serialNumber", "manufacturer", "manufacturerID", "model", "model");

    private Pkcs11Slots() {}

    /** A slot, what is printed of its token, and how many slots there are. */
    private record Slot(@Nullable AuthProvider provider, Map<String, String> token, int slots) {}

    /** A token's provider, and the number of its slot, which PKCS#11 wants. */
    record Place(AuthProvider provider, long slot) {}

    /** The one slot whose token is as the URI says. */
    static Place find(Pkcs11Uri uri) {
        var found = new ArrayList<Place>();
        var labels = new ArrayList<String>();
        int slots = 1;
        for (int index = 0; index < slots; index++) {
            Slot slot = slot(uri, index);
            slots = Math.min(MAX_SLOTS, slot.slots());
            AuthProvider provider = slot.provider();
            if (provider == null || !slot.token().containsKey("label")) {
                continue; // no token in it, or one that nobody has set up
            }
            labels.add(Names.printable(slot.token().getOrDefault("label", "")));
            if (matches(uri, slot.token())) {
                found.add(new Place(provider, Long.parseLong(slot.token().getOrDefault("slot", "0"))));
            }
        }
        if (found.size() == 1) {
            return found.get(0);
        }
        throw Pkcs11Token.unavailable(
                        uri.tokenName() + ": " + (found.isEmpty() ? "is not there" : "there are " + found.size())
                                + " (tokens here: " + (labels.isEmpty() ? "none" : String.join(", ", labels)) + ")",
                        null)
                .hint(
                        found.isEmpty()
                                ? "Plug it in, or correct token= in the signer's URI"
                                : "Say which with token=LABEL or serial=NUMBER in the signer's URI");
    }

    private static boolean matches(Pkcs11Uri uri, Map<String, String> token) {
        return uri.token().entrySet().stream()
                .allMatch(wanted -> wanted.getValue().equals(token.get(PRINTED.getOrDefault(wanted.getKey(), "slot"))));
    }

    private static Slot slot(Pkcs11Uri uri, int index) {
        Provider base = Security.getProvider("SunPKCS11");
        if (base == null) {
            throw Pkcs11Token.unavailable("this JDK has no SunPKCS11 (expected: the module jdk.crypto.cryptoki)", null);
        }
        // new private keys are for signing, and are never told to anybody
        String configuration = String.join(
                "\n",
                List.of(
                        "--name=hawser",
                        "library=\"" + uri.module() + "\"",
                        "slotListIndex=" + index,
                        "showInfo=true",
                        "attributes(generate,CKO_PRIVATE_KEY,*) = {",
                        "  CKA_PRIVATE=true",
                        "  CKA_SENSITIVE=true",
                        "  CKA_EXTRACTABLE=false",
                        "  CKA_SIGN=true",
                        "}",
                        ""));
        var printed = new ByteArrayOutputStream();
        PRINTING.lock();
        PrintStream before = System.out;
        try {
            System.setOut(new PrintStream(new OnThisThread(printed, before), true, StandardCharsets.UTF_8));
            var provider = (AuthProvider) base.configure(configuration);
            return read(provider, printed.toString(StandardCharsets.UTF_8));
        } catch (ProviderException | InvalidParameterException | UnsupportedOperationException e) {
            String far = printed.toString(StandardCharsets.UTF_8);
            if (SLOTS.matcher(far).find()) {
                return read(null, far); // the library works, the token in this slot does not
            }
            throw Pkcs11Token.unavailable(uri.module() + ": is no PKCS#11 library that the JDK can use", e)
                    .hint("Correct module-path in the signer's URI; the library must be made for this kind of machine");
        } finally {
            System.setOut(before);
            PRINTING.unlock();
        }
    }

    private static Slot read(@Nullable AuthProvider provider, String printed) {
        Matcher all = SLOTS.matcher(printed);
        int slots = all.find() ? all.group(1).split(",", -1).length : 1;
        var token = new HashMap<String, String>();
        Matcher begin = TOKEN.matcher(printed);
        if (begin.find()) {
            token.put("slot", begin.group(1));
            printed.substring(begin.end())
                    .lines()
                    .skip(1)
                    .takeWhile(line -> line.startsWith("  "))
                    .forEach(line -> {
                        int colon = Math.max(line.indexOf(':'), 2);
                        token.putIfAbsent(
                                line.substring(2, colon),
                                line.substring(colon + 1).strip());
                    });
        }
        return new Slot(provider, token, slots);
    }

    /** Takes what the thread that made it writes; lets others through. */
    private static final class OnThisThread extends OutputStream {
        private final Thread thread = Thread.currentThread();
        private final OutputStream taken;
        private final PrintStream others;

        OnThisThread(OutputStream taken, PrintStream others) {
            this.taken = taken;
            this.others = others;
        }

        @Override
        public void write(int b) throws IOException {
            if (Thread.currentThread() == thread) {
                taken.write(b);
            } else {
                others.write(b);
            }
        }
    }
}
