package io.hawser.certs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;

class ExitCodeTest extends CommandFixture {
    @Test
    void exitsWithTheCodeOfTheError() throws Exception {
        assertThat(json("node", "list")).extracting(Run::exit, Run::code).containsExactly(2, "ORG_MISSING");
        assertThat(json("org", "init", "orga", "--domain", "orga.test"))
                .extracting(Run::exit, Run::code)
                .containsExactly(2, "PASSPHRASE_CHOICE_MISSING");
        init();
        assertThat(json("org", "init", "orgb", "--domain", "orga.test", "--insecure-unencrypted-ca-keys"))
                .extracting(Run::exit, Run::code)
                .containsExactly(6, "ORG_EXISTS");
        String[][] refused = {
            {"a@a.orgb.test", "NAME_OUTSIDE_NAMESPACE"},
            {"a@127.0.0.1", "NAME_IP_LITERAL"},
            {"a@*.orga.test", "NAME_WILDCARD"},
            {"a b@a.orga.test", "NAME_INVALID"}
        };
        for (String[] row : refused) {
            assertThat(json("node", "issue", row[0]))
                    .extracting(Run::exit, Run::code)
                    .containsExactly(3, row[1]);
        }
        assertThat(json("node", "issue", "a@a.orga.test", "--life", "9y"))
                .extracting(Run::exit, Run::code)
                .containsExactly(3, "LIFE_REFUSED");
        assertThat(json("node", "issue")).extracting(Run::exit, Run::code).containsExactly(2, "USAGE");
        assertThat(json("node", "show", "x@x.orga.test"))
                .extracting(Run::exit, Run::code)
                .containsExactly(2, "NODE_UNKNOWN");
        assertThat(json("revoke", "--serial", "77"))
                .extracting(Run::exit, Run::code)
                .containsExactly(2, "SERIAL_UNKNOWN");
        assertThat(json("revoke", "a@a.orga.test", "--reason", "certificateHold"))
                .extracting(Run::exit, Run::code)
                .containsExactly(2, "USAGE");
        assertThat(json("export", "otp", "x@x.orga.test", "--to", pki()).code()).isEqualTo("NODE_UNKNOWN");
        assertThat(json(
                        "inspect",
                        Files.writeString(temporary.resolve("x"), "x").toString()))
                .extracting(Run::exit, Run::code)
                .containsExactly(4, "UNREADABLE");
        assertThat(json("inspect", temporary.resolve("absent").toString()))
                .extracting(Run::exit, Run::code)
                .containsExactly(9, "IO");
        assertThat(json("org", "frobnicate").code()).isEqualTo("USAGE");
        assertThat(run("-o", "yaml", "org", "show").exit()).isEqualTo(2);
        assertThat(run("org", "show", "--now", "noon").exit()).isEqualTo(2);
        Path key = temporary.resolve("pki/ca/issuing-1/key.pem");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));
        assertThat(json("node", "issue", "a@a.orga.test"))
                .extracting(Run::exit, Run::code)
                .containsExactly(9, "UNSAFE_PERMISSIONS");
        assertThat(json("node", "issue", "a@a.orga.test", "--allow-group-read").exit())
                .isZero();
    }
}
