package io.hawser.examples.chat;

import io.hawser.examples.launch.ExampleNode;
import io.hawser.node.Mailbox;
import io.hawser.node.Message;
import io.hawser.node.Node;
import io.hawser.term.Binary;
import io.hawser.term.NodeName;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * A chat: each line of the standard input is said to all, its end leaves. The first node has the room, the others come to
 * it. Who leaves, falls over or is cut off is missed by a monitor.
 *
 * <pre>{@code
 * $ examples/bin/example chat.Chat a@localhost ann
 * ann joined
 * $ examples/bin/example chat.Chat b@localhost bob a@localhost
 * bob joined
 * bob> hello, all
 * bob: hello, all
 * $ erl -args_file certs/erl/vm.args
 * 1> Room = {room, 'a@localhost'}, Room ! {join, self(), <<"eve">>}, receive {chat, Joined} -> Joined end.
 * <<"eve joined">>
 * 2> Room ! {say, self(), <<"hi">>}, receive {chat, Said} -> Said end.
 * <<"eve: hi">>
 * 3> halt().
 * ann< eve: hi
 * ann< eve left: noconnection
 * bob> ^D
 * ann< bob left: normal
 * }</pre>
 */
public final class Chat {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private Chat() {}

    /**
     * Takes part in a chat.
     *
     * @param arguments the node's name, one's nickname, and the node that has the room; without the third it is this one
     */
    public static void main(String[] arguments) {
        ExampleNode.run(Chat.class, "NODE NICK [ROOM-NODE]", arguments, (node, words) -> {
            NodeName host = words.size() == 2 ? node.name() : NodeName.parse(words.get(2));
            if (host.equals(node.name())) {
                ChatRoom.open(node);
            }
            node.connect(host, TIMEOUT);
            talk(node, Tuple.of(ChatRoom.NAME, host.atom()), words.get(1));
        });
    }

    private static void talk(Node node, Term room, String nick) throws IOException {
        try (Mailbox me = node.mailbox()) {
            me.monitor(room);
            me.onMessage(Chat::show);
            me.send(room, Tuple.of(ChatRoom.JOIN, me.self(), Binary.utf8(nick)));
            var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                me.send(room, Tuple.of(ChatRoom.SAY, me.self(), Binary.utf8(line)));
            }
        }
    }

    private static void show(Message message) {
        if (message instanceof Message.Down down) {
            System.out.println("the room is gone: " + down.reason());
        } else if (message.toTerm() instanceof Tuple chat
                && chat.arity() == 2
                && chat.element(1) instanceof Binary text) {
            System.out.println(text.utf8().replaceAll("\\p{Cntrl}", "?")); // others must not rule this terminal
        }
    }
}
