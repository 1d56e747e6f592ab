package io.hawser.certs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Provider;
import java.security.Security;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds the rules against what they were measured on, with certificates minted here. */
class RuntimeRulesTest {
    private static List<ChainCases.Case> cases = List.of();

    @TempDir
    private Path temporary;

    @BeforeAll
    static void mint() {
        cases = ChainCases.all();
    }

    private static boolean byRules(Judge judge, ChainCases.Case each, Role role) {
        return new RuntimeRules(judge, each.presented(), Optional.empty())
                .refusal(role)
                .isEmpty();
    }

    @Test
    void giveTheVerdictsOfTheTable() {
        Provider jdk = Security.getProvider("SUN");
        Provider bouncyCastle = new BouncyCastleProvider();
        var found = new LinkedHashMap<String, String>();
        var wanted = new LinkedHashMap<String, String>();
        for (ChainCases.Case each : cases) {
            var verdicts = new StringBuilder();
            for (Judge judge : Judge.values()) {
                boolean accepted = true;
                for (Role role : Role.values()) {
                    accepted &= switch (judge) {
                        case JDK17 ->
                            new ProviderJudge(jdk, each.presented())
                                    .refusal(role)
                                    .isEmpty();
                        case BC ->
                            new ProviderJudge(bouncyCastle, each.presented())
                                    .refusal(role)
                                    .isEmpty();
                        default -> byRules(judge, each, role);
                    };
                }
                verdicts.append(accepted ? 'A' : 'R');
            }
            found.put(each.name(), verdicts.toString());
            wanted.put(each.name(), each.verdicts());
        }
        assertThat(found).isEqualTo(wanted);
    }

    @Test
    @NeedsProgram("openssl")
    void agreeWithOpenssl() {
        var differing = new ArrayList<String>();
        LiveOpenssl openssl = LiveOpenssl.find().orElseThrow();
        for (ChainCases.Case each : cases) {
            for (Role role : Role.values()) {
                Optional<Refusal> real = openssl.refusal(each.presented(), role);
                if (real.isEmpty() != byRules(Judge.OPENSSL, each, role)) {
                    differing.add(each + " " + role + ": " + real);
                }
            }
        }
        assertThat(differing).isEmpty();
    }

    /** Every chain is presented in both roles by one Erlang to itself. */
    @Test
    @NeedsProgram("erl")
    void agreeWithHandshakesOfOtp25() throws Exception {
        LiveOtp otp = LiveOtp.find().orElse(null);
        if (otp == null || otp.judge() != Judge.OTP25) {
            return; // the rules for other releases are held against the table only
        }
        Map<String, String> real = handshakes();
        var differing = new ArrayList<String>();
        for (int i = 0; i < cases.size(); i++) {
            for (Role role : Role.values()) {
                String answer = real.get(i + " " + role.name().toLowerCase(java.util.Locale.ROOT));
                assertThat(answer).as(cases.get(i) + " " + role).isNotNull();
                if ("accepted".equals(answer) != byRules(Judge.OTP25, cases.get(i), role)) {
                    differing.add(cases.get(i) + " " + role + ": " + answer);
                }
            }
        }
        assertThat(differing).isEmpty();
    }

    @Test
    @NeedsProgram("escript")
    void asksErlangItselfForPathAndNames() {
        LiveOtp otp = LiveOtp.find().orElse(null);
        if (otp == null) {
            return; // a release whose behaviour is not known
        }
        for (String name :
                List.of("as this tool issues", "DNS name outside", "no alternative name, host as common name")) {
            ChainCases.Case each = cases.stream()
                    .filter(one -> one.name().equals(name))
                    .findFirst()
                    .orElseThrow();
            assertThat(new RuntimeRules(otp.judge(), each.presented(), Optional.of(otp))
                            .refusal(Role.LISTENER)
                            .isEmpty())
                    .as(name)
                    .isEqualTo(byRules(otp.judge(), each, Role.LISTENER));
        }
    }

    private Map<String, String> handshakes() throws Exception {
        for (int i = 0; i < cases.size(); i++) {
            ChainCases.Case each = cases.get(i);
            Path directory = Files.createDirectory(temporary.resolve("case" + i));
            Files.write(
                    directory.resolve("chain.pem"),
                    Pem.certificates(each.presented().chain()));
            Files.write(
                    directory.resolve("cacerts.pem"),
                    Pem.certificates(each.presented().roots()));
            Files.writeString(
                    directory.resolve("key.pem"),
                    Pem.encode("PRIVATE KEY", each.leaf().key().getEncoded()));
            Files.writeString(directory.resolve("host"), each.presented().host());
        }
        try (var script = RuntimeRulesTest.class.getResourceAsStream("/handshakes.escript")) {
            Files.write(temporary.resolve("handshakes"), script.readAllBytes());
        }
        Processes.Result result = Processes.run(
                "escript",
                temporary.resolve("handshakes").toString(),
                temporary.toString(),
                Integer.toString(cases.size()));
        var answers = new LinkedHashMap<String, String>();
        result.output().lines().forEach(line -> {
            String[] words = line.split(" ", 3);
            if (words.length == 3) {
                answers.put(words[0] + " " + words[1], words[2]);
            }
        });
        return answers;
    }
}
