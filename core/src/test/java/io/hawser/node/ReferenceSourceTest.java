package io.hawser.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.term.Atom;
import io.hawser.term.Reference;
import java.util.HashSet;
import org.junit.jupiter.api.Test;

class ReferenceSourceTest {
    @Test
    void enciphersAsTheVectorOfThePaper() {
        // Beaulieu et al., The SIMON and SPECK Families of Lightweight Block Ciphers, Speck64/128
        var speck = new ReferenceSource.Speck(0x1b1a1918, 0x13121110, 0x0b0a0908, 0x03020100);
        assertThat(Long.toHexString(speck.encrypt(0x3b7265747475432dL))).isEqualTo("8c6fa548454e028b");
    }

    @Test
    void makesDifferentReferencesOfThreeWords() {
        var source = new ReferenceSource(Atom.of("a@host"), 4);
        var seen = new HashSet<Reference>();
        for (int i = 0; i < 10_000; i++) {
            Reference ref = source.next();
            assertThat(ref.wordCount()).isEqualTo(3);
            assertThat(ref.word(0)).isBetween(0, (1 << 18) - 1);
            assertThat(seen.add(ref)).isTrue();
        }
    }

    @Test
    void makesOthersOnEveryStart() {
        assertThat(new ReferenceSource(Atom.of("a@host"), 4).next())
                .isNotEqualTo(new ReferenceSource(Atom.of("a@host"), 4).next());
    }
}
