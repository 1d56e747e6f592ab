package io.hawser.examples.chat;

import io.hawser.node.Mailbox;
import io.hawser.node.Message;
import io.hawser.node.Node;
import io.hawser.term.Atom;
import io.hawser.term.Binary;
import io.hawser.term.Pid;
import io.hawser.term.Reference;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The process that members of a chat send to: {@code {join, Pid, Nick}} and {@code {say, Pid, Text}}, both texts binaries.
 * It monitors each member, so that it knows who has left, however that came about.
 *
 * <p>Used by one caller at a time: the mailbox's handler.
 */
final class ChatRoom {
    /** The name it is registered under. */
    static final Atom NAME = Atom.of("room");

    /** What members get is {@code {chat, Text}}. */
    static final Atom CHAT = Atom.of("chat");

    static final Atom JOIN = Atom.of("join");
    static final Atom SAY = Atom.of("say");
    private static final int MAX_MEMBERS = 1000;

    private record Member(Pid pid, String nick) {}

    private final Mailbox self;
    private final Map<Reference, Member> members = new LinkedHashMap<>();

    private ChatRoom(Mailbox self) {
        this.self = self;
    }

    static void open(Node node) {
        var room = new ChatRoom(node.register(NAME));
        room.self.onMessage(room::on);
    }

    private void on(Message message) {
        if (message instanceof Message.Down down) {
            Member left = members.remove(down.ref());
            if (left != null) {
                tellAll(left.nick + " left: " + down.reason());
            }
        } else if (message.toTerm() instanceof Tuple t
                && t.arity() == 3
                && t.element(1) instanceof Pid from
                && t.element(2) instanceof Binary text) {
            onWords(t.element(0), from, text);
        }
    }

    private void onWords(Term kind, Pid from, Binary text) {
        if (kind.equals(JOIN) && members.size() < MAX_MEMBERS) {
            members.put(self.monitor(from), new Member(from, text.utf8()));
            tellAll(text.utf8() + " joined");
        } else if (kind.equals(SAY)) {
            members.values().stream()
                    .filter(member -> member.pid.equals(from))
                    .findFirst()
                    .ifPresent(member -> tellAll(member.nick + ": " + text.utf8()));
        }
    }

    private void tellAll(String text) {
        members.values().forEach(member -> self.send(member.pid, Tuple.of(CHAT, Binary.utf8(text))));
    }
}
