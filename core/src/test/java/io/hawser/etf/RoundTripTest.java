package io.hawser.etf;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.term.Atom;
import io.hawser.term.ImproperList;
import io.hawser.term.ListTerm;
import io.hawser.term.MapTerm;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import io.hawser.testing.ErlShell;
import io.hawser.testing.Interop;
import io.hawser.testing.RandomTerms;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RoundTripTest {
    private static final int BATCH = 250;
    private static final int BATCHES = 4;

    @Test
    void decodesWhatItEncodes() {
        RandomTerms terms = terms(false);
        for (int i = 0; i < 4_000; i++) {
            Term term = terms.term(4);
            assertThat(TermDecoder.decode(TermEncoder.encode(term))).isEqualTo(term);
        }
    }

    @Test
    void decodesWhatNestsBeyondWhatIsReadByCalls() {
        RandomTerms terms = terms(false);
        for (int levels = 1; levels <= 300; levels++) {
            Term term = terms.term(3);
            for (int level = 0; level < levels; level++) {
                term = switch (level % 4) {
                    case 0 -> Tuple.of(Atom.OK, terms.term(1), term);
                    case 1 -> ListTerm.of(term, terms.term(1));
                    case 2 -> MapTerm.of(Atom.OK, term, Atom.ERROR, terms.term(1));
                    default -> new ImproperList(List.of(term), Atom.OK);
                };
            }
            assertThat(TermDecoder.decode(TermEncoder.encode(term))).isEqualTo(term);
        }
    }

    @Interop
    @Test
    void otpReadsOurTermsAndWeReadIts() {
        RandomTerms terms = terms(true);
        try (ErlShell otp = ErlShell.start()) {
            for (int batch = 0; batch < BATCHES; batch++) {
                List<Term> some = batch(terms);
                byte[] encoded = TermEncoder.encode(new Tuple(some));
                for (String options : List.of("[]", "[{minor_version, 2}]", "[{minor_version, 0}]", "[compressed]")) {
                    byte[] answer = otp.evalBinary("term_to_binary(binary_to_term(A1), " + options + ")", encoded);
                    assertThat(((Tuple) TermDecoder.decode(answer)).elements()).isEqualTo(some);
                }
                // what OTP makes of its own encoding is what it made of ours
                byte[] theirs = otp.evalBinary("term_to_binary(binary_to_term(A1))", encoded);
                byte[] ours = TermEncoder.encode(TermDecoder.decode(theirs));
                assertThat(otp.eval("binary_to_term(A1) =:= binary_to_term(A2)", ours, theirs))
                        .isEqualTo("true");
            }
        }
    }

    private static List<Term> batch(RandomTerms terms) {
        var batch = new ArrayList<Term>();
        for (int i = 0; i < BATCH; i++) {
            batch.add(terms.term(4));
        }
        return batch;
    }

    private static RandomTerms terms(boolean onlyOtp25) {
        long seed = System.nanoTime();
        System.out.println("RoundTripTest seed " + seed);
        return new RandomTerms(new Random(seed), onlyOtp25);
    }
}
