package io.hawser.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class WordsTest {
    @Test
    void namesBecomeSnakeCase() {
        assertThat(List.of("Put", "PutAll", "HTTPServer", "maxSize", "userID", "utf8Text", "v2Beta", "x", "aB"))
                .map(Words::snakeCase)
                .containsExactly(
                        "put", "put_all", "http_server", "max_size", "user_id", "utf8_text", "v2_beta", "x", "a_b");
        assertThat(List.of("NOT_FOUND", "V1B2", "URL", "UTF_8", "_X"))
                .map(Words::snakeCase)
                .containsExactly("not_found", "v1b2", "url", "utf_8", "_x");
        assertThat(Words.snakeCase("\u00c4ndereGr\u00f6\u00dfe")).isEqualTo("\u00e4ndere_gr\u00f6\u00dfe");
    }

    @Test
    void manyAlternativesAreCounted() {
        assertThat(Words.anyOf(List.of("a"))).isEqualTo("a");
        assertThat(Words.anyOf(List.of("a", "b", "c"))).isEqualTo("a | b | c");
        assertThat(Words.anyOf(List.of("1", "2", "3", "4", "5", "6", "7", "8", "9", "10")))
                .isEqualTo("1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 2 others");
    }
}
