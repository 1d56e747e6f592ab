package io.hawser.examples.interop;

import io.hawser.node.GenServer;
import io.hawser.node.Mailbox;
import io.hawser.term.Atom;
import io.hawser.term.Int;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import java.util.ArrayList;
import java.util.List;

/** The twin of {@code interop_server.erl}: answers at once, late, or not at all. */
final class HoldingServer implements GenServer.Callbacks {
    private final List<GenServer.Call> held = new ArrayList<>();

    @Override
    public void onCall(Mailbox self, GenServer.Call call) {
        if (call.request().equals(Atom.of("hold"))) {
            held.add(call);
            return;
        }
        var request = (Tuple) call.request();
        Term argument = request.element(1);
        switch (((Atom) request.element(0)).text()) {
            case "echo" -> call.reply(self, argument);
            case "release" -> {
                held.forEach(waiting -> waiting.reply(self, argument));
                call.reply(self, Int.of(held.size()));
                held.clear();
            }
            case "stop" -> self.exit(argument);
            default -> throw new IllegalArgumentException("request: " + request);
        }
    }

    @Override
    public void onCast(Mailbox self, Term request) {
        var tell = (Tuple) request;
        self.send(tell.element(1), tell.element(2));
    }
}
