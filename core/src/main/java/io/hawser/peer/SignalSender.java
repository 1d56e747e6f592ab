package io.hawser.peer;

import io.hawser.dist.ControlMessage;
import io.hawser.term.Pid;
import io.hawser.term.Term;
import org.jspecify.annotations.Nullable;

/** Which process a signal says it comes from. */
final class SignalSender {
    private SignalSender() {}

    /**
     * Returns the sender.
     *
     * @param signal the signal
     * @return the sender; null if the signal names none
     */
    static @Nullable Pid of(ControlMessage signal) {
        if (signal instanceof ControlMessage.Send s) {
            return s.from();
        } else if (signal instanceof ControlMessage.RegSend s) {
            return s.from();
        } else if (signal instanceof ControlMessage.AliasSend s) {
            return s.from();
        }
        return ofRelation(signal);
    }

    /** Returns the sender of a signal that makes, breaks or ends a relation between two processes. */
    private static @Nullable Pid ofRelation(ControlMessage signal) {
        if (signal instanceof ControlMessage.Link s) {
            return s.from();
        } else if (signal instanceof ControlMessage.Unlink s) {
            return s.from();
        } else if (signal instanceof ControlMessage.UnlinkId s) {
            return s.from();
        } else if (signal instanceof ControlMessage.UnlinkIdAck s) {
            return s.from();
        } else if (signal instanceof ControlMessage.Exit s) {
            return s.from();
        } else if (signal instanceof ControlMessage.Exit2 s) {
            return s.from();
        } else if (signal instanceof ControlMessage.AliasExit s) {
            return s.from();
        } else if (signal instanceof ControlMessage.Monitor s) {
            return s.from();
        } else if (signal instanceof ControlMessage.Demonitor s) {
            return s.from();
        } else if (signal instanceof ControlMessage.MonitorExit s) {
            return asPid(s.from());
        } else if (signal instanceof ControlMessage.SpawnRequest s) {
            return s.from();
        } else if (signal instanceof ControlMessage.SpawnReply s) {
            return asPid(s.result()); // the first signal of the new process
        }
        return null; // GROUP_LEADER, SPAWN_REPLY of a spawn that failed
    }

    private static @Nullable Pid asPid(Term term) {
        return term instanceof Pid pid ? pid : null;
    }
}
