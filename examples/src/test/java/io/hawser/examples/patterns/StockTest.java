package io.hawser.examples.patterns;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.node.Message;
import io.hawser.term.Atom;
import io.hawser.term.Reference;
import io.hawser.term.TermParser;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StockTest {
    @Test
    void countsApples() throws InterruptedException {
        PrintStream console = System.out;
        var printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            Stock.main(new String[0]);
        } finally {
            System.setOut(console);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8)).isEqualToIgnoringNewLines("7 apples\n");
    }

    @Test
    void saysWhatHappened() {
        var ref = new Reference(Atom.of("a@host"), 1, 2, 3, 4);
        assertThat(News.describe(new Message.Sent(TermParser.parse("{stored,apple,3}"))))
                .isEqualTo("3 of apple");
        assertThat(News.describe(new Message.Down(ref, Atom.of("p"), Atom.of("boom"))))
                .isEqualTo("p ended: boom");
        assertThat(News.describe(new Message.NodeDown(Atom.of("a@host"), Atom.of("connection_closed"))))
                .isEqualTo("a@host is gone");
        assertThat(News.describe(new Message.NodeUp(Atom.of("a@host")))).isEqualTo("something else");
    }
}
