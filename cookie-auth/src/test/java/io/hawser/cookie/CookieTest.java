package io.hawser.cookie;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CookieTest {
    @TempDir
    private Path directory;

    @Test
    void countsAsLatin1Bytes() {
        assertThat(Fixture.cookie("p\u00e5ss").bytes()).containsExactly('p', 0xE5, 's', 's');
        assertThat(Cookie.of(new char[] {'a', ' ', '\u00ff'}, CookieWeakness.SHORT, CookieWeakness.REPETITIVE)
                        .bytes())
                .containsExactly('a', ' ', 0xFF);
        assertThat(Fixture.cookie("x".repeat(255)).bytes()).hasSize(255);
    }

    @Test
    void doesNotChangeWithTheCallersArray() {
        char[] text = {'a', 'b'};
        var cookie = Cookie.of(text, CookieWeakness.values());
        text[0] = 0;
        assertThat(cookie.bytes()).containsExactly('a', 'b');
    }

    @Test
    void refusesNoCharactersAndTooMany() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Cookie.of(""))
                .withMessage("cookie: 0 characters (expected: 1 to 255)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Cookie.of("x".repeat(256)))
                .withMessage("cookie: 256 characters (expected: 1 to 255)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ab\n", "ab\t", "ab\u0000", "ab\u007f", "ab\u0085", "ab\u0100", "ab\ud83d\ude00"})
    void refusesControlCharactersAndOtherAlphabets(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Cookie.of(text))
                .withMessage("cookie: bad character at index 2 (expected: printable Latin-1)");
    }

    @ParameterizedTest
    @CsvSource({
        "correct-horse-9, SHORT, fewer than 16 characters",
        "aabbccddeeaabbccdd, REPETITIVE, fewer than 6 different characters",
        "EMQX_Secret-Cookie, WELL_KNOWN, a value that everybody knows",
        "QWJZPLMNBVCXZASDFGHK, OTP_GENERATED, the 20 capital letters of a cookie that OTP made up"
    })
    void refusesAWeakCookieUnlessTheWeaknessIsAllowedByName(String text, CookieWeakness weakness, String found) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Cookie.of(text))
                .withMessage("cookie: " + found + " (expected: what Cookie.generate() makes, or CookieWeakness."
                        + weakness + " allowed)");
        CookieWeakness[] others = Arrays.stream(CookieWeakness.values())
                .filter(other -> other != weakness)
                .toArray(CookieWeakness[]::new);
        assertThatIllegalArgumentException().isThrownBy(() -> Cookie.of(text, others));
        assertThat(Cookie.of(text, weakness)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "QWJZPLMNBVCXZASDFGH1",
                "qwjzplmnbvcxzasdfghk",
                "QWJZPLMNBVCXZASDFGHKL",
                "not a monster at all",
                "0123456789abcdef"
            })
    void takesACookieWithoutAKnownWeakness(String text) {
        assertThat(Cookie.of(text)).isNotNull();
    }

    @Test
    void neverGeneratesAWeakOne() {
        for (int i = 0; i < 1000; i++) {
            assertThat(CookieWeakness.of(Cookie.generate().bytes())).isEmpty();
        }
    }

    @Test
    void refusesAWeakCookieInAFileAndInTheEnvironment() throws IOException {
        Files.writeString(file(), "monster\n");
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("r--------"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Cookie.read(file()))
                .withMessage(file() + ": fewer than 16 characters (expected: what Cookie.generate() makes, or"
                        + " CookieWeakness.SHORT allowed)");
        assertThat(Cookie.read(file(), CookieWeakness.SHORT, CookieWeakness.WELL_KNOWN)
                        .bytes())
                .isEqualTo(ascii("monster"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Cookie.fromEnvironment(Map.of("CK", "monster"), "CK", CookieWeakness.SHORT))
                .withMessage(
                        "environment variable CK: a value that everybody knows (expected: what Cookie.generate() makes,"
                                + " or CookieWeakness.WELL_KNOWN allowed)");
    }

    @Test
    void takesACookieFromTheEnvironment() {
        assertThat(Cookie.fromEnvironment(Map.of("CK", "0123456789abcdef"), "CK")
                        .bytes())
                .isEqualTo(ascii("0123456789abcdef"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Cookie.fromEnvironment("HAWSER_TEST_NO_SUCH_VARIABLE"))
                .withMessage(
                        "environment variable HAWSER_TEST_NO_SUCH_VARIABLE: not set (expected: the cluster's cookie)");
    }

    @Test
    void refusesWhatIsNoFile() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Cookie.read(directory))
                .withMessage(directory + ": is no file (expected: one that holds the cookie)");
    }

    @Test
    void isNeverPrinted() {
        assertThat(Fixture.cookie("monster")).hasToString("Cookie[hidden]");
    }

    @Test
    void generates160RandomBits() {
        byte[] first = Cookie.generate().bytes();
        assertThat(new String(first, StandardCharsets.US_ASCII)).matches("[0-9a-f]{40}");
        assertThat(Cookie.generate().bytes()).isNotEqualTo(first);
    }

    @Test
    void readsWhatStandsBeforeTheLineEnd() throws IOException {
        // as erl 25 reads these files
        assertThat(read("abc").bytes()).isEqualTo(ascii("abc"));
        assertThat(read("abc\n").bytes()).isEqualTo(ascii("abc"));
        assertThat(read("abc\r\n\n ").bytes()).isEqualTo(ascii("abc"));
        assertThat(read(" abc").bytes()).isEqualTo(ascii(" abc"));
        assertThat(read("abc  \n").bytes()).isEqualTo(ascii("abc  "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc\nx", "abc\tx", "abc\u00e5"})
    void refusesAFileWithOtherCharacters(String content) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(content))
                .withMessage(file() + ": bad character at offset " + (content.equals("abc\nx") ? 4 : 3)
                        + " (expected: one line of printable ASCII)");
    }

    @Test
    void refusesAFileWithoutACookieOrWithALongOne() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read("\n"))
                .withMessage(file() + ": a cookie of 0 characters (expected: 1 to 255)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read("x".repeat(256)))
                .withMessage(file() + ": a cookie of 256 characters (expected: 1 to 255)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read("x".repeat(4097)))
                .withMessage(file() + ": more than 4096 bytes (expected: a cookie and a line end)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rwx-----x"})
    void refusesAFileThatOthersHaveAccessTo(String permissions) throws IOException {
        Files.writeString(file(), "abc\n");
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString(permissions));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Cookie.read(file()))
                .withMessage(
                        file() + ": group or others have access to the cookie (expected: the owner only; run chmod 400 "
                                + file() + ")");
    }

    @Test
    void saysWhenThereIsNoFile() {
        assertThatThrownBy(() -> Cookie.read(file())).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void readsWhatItWroteForItsOwnerOnly() throws IOException {
        var cookie = Cookie.generate();
        cookie.write(file());
        assertThat(Cookie.read(file()).bytes()).isEqualTo(cookie.bytes());
        assertThat(Files.getPosixFilePermissions(file())).containsExactly(PosixFilePermission.OWNER_READ);
    }

    @Test
    void overwritesNothing() throws IOException {
        Files.writeString(file(), "other");
        assertThatThrownBy(() -> Cookie.generate().write(file())).isInstanceOf(FileAlreadyExistsException.class);
        assertThat(file()).hasContent("other");
    }

    @Test
    void writesNoCookieThatCouldNotBeRead() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Fixture.cookie("p\u00e5ss").write(file()))
                .withMessage(file() + ": a cookie with characters beyond ASCII cannot be read from a file");
        assertThat(file()).doesNotExist();
    }

    private Cookie read(String content) throws IOException {
        Files.writeString(file(), content, StandardCharsets.ISO_8859_1);
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("r--------"));
        return Cookie.read(file(), CookieWeakness.values());
    }

    private Path file() {
        return directory.resolve("cookie");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
