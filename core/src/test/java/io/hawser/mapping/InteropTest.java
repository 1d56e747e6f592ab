package io.hawser.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.etf.TermDecoder;
import io.hawser.etf.TermEncoder;
import io.hawser.mapping.RandomZoo.Zoo;
import io.hawser.term.Atom;
import io.hawser.term.Term;
import io.hawser.testing.Interop;
import io.hawser.testing.OtpNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What an Erlang node sees of a mapped value, and what a value made there is here. */
@Interop
class InteropTest {
    @SuppressWarnings("NullAway.Init") // made before the first test
    private static OtpNode otp;

    private final TermMapper mapper = TermMapper.of();

    enum Unit {
        EURO,
        DOLLAR
    }

    record Price(long cents, Unit unit) {}

    record Order(String item, List<Price> prices, Optional<String> note, Map<@AsAtom String, Double> weights) {}

    @AsMap
    record User(String name, int loginCount, @AsCharlist String shell) {}

    @AsStruct("MyApp.Account")
    record Account(int id, Optional<String> owner) {}

    @BeforeAll
    static void start() {
        otp = OtpNode.named("mapping@localhost").start();
    }

    @AfterAll
    static void stop() {
        otp.close();
    }

    private static Term erlang(String expression, Term argument) {
        return TermDecoder.decode(
                otp.evalBinary("term_to_binary(begin " + expression + " end)", TermEncoder.encode(argument)));
    }

    @Test
    void anErlangNodeChangesARecord() {
        var order = new Order("gr\u00fcn", List.of(new Price(5, Unit.EURO)), Optional.empty(), Map.of("net", 1.0));
        Term changed = erlang(
                "{order, Item, [{price, Cents, euro}], undefined, #{net := Net}} = binary_to_term(A1),"
                        + "{order, <<Item/binary, \"!\">>, [{price, Cents * 2, euro}, {price, 7, dollar}], <<\"note\">>,"
                        + " #{net => Net + 0.5, gross => 3}}",
                mapper.toTerm(order));
        assertThat(mapper.fromTerm(changed, Order.class))
                .isEqualTo(new Order(
                        "gr\u00fcn!",
                        List.of(new Price(10, Unit.EURO), new Price(7, Unit.DOLLAR)),
                        Optional.of("note"),
                        Map.of("net", 1.5, "gross", 3.0)));
    }

    @Test
    void anErlangNodeChangesAMap() {
        Term changed = erlang(
                "#{name := N, login_count := C, shell := \"sh\"} = U = binary_to_term(A1),"
                        + "U#{login_count := C + 1, shell := \"b\" ++ [16#20ac]}",
                mapper.toTerm(new User("ann", 1, "sh")));
        assertThat(mapper.fromTerm(changed, User.class)).isEqualTo(new User("ann", 2, "b\u20ac"));
    }

    @Test
    void anErlangNodeChangesAStructOfElixir() {
        var elixir = TermMapper.builder().emptyAs(Atom.of("nil")).build();
        Term changed = erlang(
                "#{'__struct__' := 'Elixir.MyApp.Account', owner := nil} = S = binary_to_term(A1),"
                        + "S#{owner := <<\"ann\">>}",
                elixir.toTerm(new Account(7, Optional.empty())));
        assertThat(elixir.fromTerm(changed, Account.class)).isEqualTo(new Account(7, Optional.of("ann")));
    }

    @Test
    void anErlangNodeGivesBackWhatItGot() {
        long seed = System.nanoTime();
        System.out.println("mapping.InteropTest seed " + seed);
        var random = new RandomZoo(new Random(seed), true);
        var zoos = new ArrayList<Zoo>();
        for (int i = 0; i < 100; i++) {
            zoos.add(random.zoo());
        }
        Term back = erlang("binary_to_term(A1)", mapper.toTerm(zoos));
        assertThat(mapper.fromTerm(back, new TypeRef<List<Zoo>>() {})).isEqualTo(zoos);
    }
}
