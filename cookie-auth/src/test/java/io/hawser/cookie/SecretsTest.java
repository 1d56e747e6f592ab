package io.hawser.cookie;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.hawser.testing.Hex;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Secrets are neither printed nor compared in a time that depends on them. */
class SecretsTest {
    private static final String CANARY = "canary-of-the-cookie-auth-module";

    @TempDir
    private Path directory;

    @Test
    void nothingThatStopsAtTheFirstDifferenceComparesBytes() {
        var classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.hawser.cookie");
        assertThat(classes).isNotEmpty();
        noClasses()
                .should()
                .callMethod(Arrays.class, "equals", byte[].class, byte[].class)
                .orShould()
                .callMethod(Arrays.class, "compare", byte[].class, byte[].class)
                .orShould()
                .callMethod(Arrays.class, "mismatch", byte[].class, byte[].class)
                .orShould()
                .callMethod(ByteBuffer.class, "equals", Object.class)
                .orShould()
                .callMethod(ByteBuffer.class, "mismatch", ByteBuffer.class)
                .check(classes);
    }

    @Test
    void noMessageOfAnyFailureHoldsACookieOrADigest() {
        var texts = new ArrayList<String>();
        long seed = System.nanoTime();
        System.out.println("SecretsTest seed " + seed);
        var random = new Random(seed);
        for (CookieProof proof : List.of(CookieProof.OTP, CookieProof.STRONG)) {
            for (int i = 0; i < 500; i++) {
                texts.addAll(disturbed(proof, random));
            }
        }
        assertThat(texts).isNotEmpty();
        assertNoSecret(texts);
    }

    /** Runs a handshake of which one bit is changed on its way, and returns all that can be read of it. */
    private static List<String> disturbed(CookieProof proof, Random random) {
        var ring = CookieRing.of("2026-11", Cookie.of(CANARY));
        var handshakes = CookieHandshakes.builder(ring).proof(proof).build();
        boolean strong = proof == CookieProof.STRONG;
        UnaryOperator<byte[]> change = packet -> {
            packet[random.nextInt(packet.length)] ^= (byte) (1 << random.nextInt(8));
            return packet;
        };
        UnaryOperator<byte[]> keep = UnaryOperator.identity();
        boolean first = random.nextBoolean();
        var run = new Conversation(
                handshakes.initiator(Fixture.dialling(Fixture.A, Fixture.bound(strong ? Fixture.BINDING_OF_A : null))),
                handshakes.acceptor(Fixture.accepting(Fixture.bound(strong ? Fixture.BINDING_OF_B : null))),
                first ? change : keep,
                first ? keep : change);
        var texts = new ArrayList<>(List.of(
                run.initiator.refusalText(),
                run.acceptor.refusalText(),
                run.initiator.handshake.toString(),
                run.acceptor.handshake.toString(),
                handshakes.toString(),
                ring.toString(),
                ring.uses().toString()));
        run.initiator.admitted.ifPresent(peer -> texts.add(peer.toString()));
        run.acceptor.admitted.ifPresent(peer -> texts.add(peer.toString()));
        // a digest that were printed would stand there in hex
        run.initiator.sent.stream()
                .filter(packet -> packet[0] == 'r' || packet[0] == 'R')
                .map(packet -> Hex.of(Arrays.copyOfRange(packet, packet.length - 16, packet.length)))
                .forEach(digest -> assertThat(texts).noneMatch(text -> text.contains(digest)));
        return texts;
    }

    @Test
    void noMessageOfAWeakOrBadCookieHoldsIt() throws IOException {
        var texts = new ArrayList<String>();
        for (String bad : List.of("CANARY", "CANARYCANARYCANARYCA", "CANARY\n", "CANARY\u0100", "CANARY".repeat(50))) {
            collect(texts, () -> Cookie.of(bad));
            collect(texts, () -> Cookie.fromEnvironment(Map.of("CK", bad), "CK"));
            Path file = Files.createTempFile(directory, "cookie", "");
            Files.writeString(file, bad);
            collect(texts, () -> {
                try {
                    Cookie.read(file);
                } catch (IOException e) {
                    throw new IllegalArgumentException(e);
                }
            });
        }
        assertThat(texts).hasSize(15);
        assertThat(texts).noneMatch(text -> text.contains("CANARY"));
    }

    private static void collect(List<String> texts, Runnable action) {
        try {
            action.run();
        } catch (IllegalArgumentException e) {
            texts.add(e.toString());
        }
    }

    private static void assertNoSecret(List<String> texts) {
        String hex = Hex.of(CANARY.getBytes(StandardCharsets.US_ASCII));
        assertThat(texts).noneMatch(text -> text.contains(CANARY) || text.contains(hex));
    }
}
