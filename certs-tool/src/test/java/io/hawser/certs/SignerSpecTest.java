package io.hawser.certs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignerSpecTest {
    @Test
    void readsWhichKeyOfWhichTokenItIs() {
        var uri = (Pkcs11Uri) SignerSpec.parse(
                "pkcs11:token=my%20ca;serial=12;object=k%C3%A9y;type=private?module-path=/usr/lib/x.so");

        assertThat(uri.token()).isEqualTo(Map.of("token", "my ca", "serial", "12"));
        assertThat(uri.object()).isEqualTo("kéy");
        assertThat(uri.module()).isEqualTo(Path.of("/usr/lib/x.so"));
        assertThat(SignerSpec.read(uri.toYaml(), Path.of("signer.yaml"))).isEqualTo(uri);
    }

    @ParameterizedTest
    @CsvSource({
        "id=%01%FF%fe, '', 01fffe",
        "id=ab+c%2b, '', 61622b632b",
        "object=a+b%20;id=%00, 'a+b ', 00",
        "object=\uD83D\uDD11, \uD83D\uDD11, ''"
    })
    void decodesAnIdToBytesAndALabelToText(String path, String object, String id) {
        var uri = (Pkcs11Uri) SignerSpec.parse("pkcs11:" + path + "?module-path=/l");

        assertThat(uri.object()).isEqualTo(object);
        assertThat(uri.id()).isEqualTo(id);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "token=a?module-path=/l                     | object=LABEL or id=%HH%HH... is missing, which names the"
                        + " key",
                "object=a                                   | module-path=/... is missing, which names the library"
                        + " that reaches the token",
                "object=a?module-path=l                     | module-path=/... is missing, which names the library"
                        + " that reaches the token",
                "object=?module-path=/l                     | object=LABEL or id=%HH%HH... is missing, which names the"
                        + " key",
                "object=a;id=?module-path=/l                | id= is of 1 to 64 bytes",
                "id=%1?module-path=/l                       | a value is not percent-encoded UTF-8",
                "id=%-1?module-path=/l                      | a value is not percent-encoded UTF-8",
                "object=a;type=cert?module-path=/l          | type=cert (expected: private, or none)",
                "object=a;colour=red?module-path=/l         | the attribute colour is not understood",
                "object=a?module-path=/l&module-name=x      | the attribute module-name is not understood",
                "object=a;object=b?module-path=/l           | it is not a list of NAME=VALUE, each once",
                "object=a;;?module-path=/l                  | it is not a list of NAME=VALUE, each once",
                "object=%zz?module-path=/l                  | a value is not percent-encoded UTF-8",
                "object=%f?module-path=/l                   | a value is not percent-encoded UTF-8",
                "object=%ff?module-path=/l                  | a value is not percent-encoded UTF-8",
                "object=a?module-path=/l%0aslot=1           | a value holds control characters"
            })
    void saysWhatIsWrongWithAUri(String rest, String why) {
        assertThatThrownBy(() -> SignerSpec.parse("pkcs11:" + rest))
                .isInstanceOfSatisfying(
                        CertsException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.USAGE))
                .hasMessage("the signer's URI cannot be used: " + why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pin-value=canary", "pin-source=file:/canary"})
    void takesNoPin(String attribute) {
        assertThatThrownBy(() -> SignerSpec.parse("pkcs11:object=a?module-path=/l&" + attribute))
                .isInstanceOfSatisfying(CertsException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.SECRET_ON_ARGV);
                    assertThat(e.message() + e.hint()).doesNotContain("canary");
                });
    }

    @Test
    void splitsACommandWithoutAShell() {
        var command = (SignerCommand) SignerSpec.parse("exec:/usr/bin/kms  'two words' a\"b c\"d '' $HOME *");

        assertThat(command.words()).containsExactly("/usr/bin/kms", "two words", "ab cd", "", "$HOME", "*");
        assertThat(SignerSpec.read(command.toYaml(), Path.of("signer.yaml"))).isEqualTo(command);
    }

    @ParameterizedTest
    @ValueSource(strings = {"exec:", "exec: ", "exec:''", "exec:a 'b", "exec:a\nb", "file:x", ""})
    void refusesWhatIsNoSigner(String text) {
        assertThatThrownBy(() -> SignerSpec.parse(text))
                .isInstanceOfSatisfying(
                        CertsException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.USAGE));
    }
}
