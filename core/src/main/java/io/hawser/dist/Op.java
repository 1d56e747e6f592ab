package io.hawser.dist;

/** The operations of control messages, with the protocol's names. */
final class Op {
    static final int LINK = 1;
    static final int SEND = 2;
    static final int EXIT = 3;
    static final int UNLINK = 4;
    static final int REG_SEND = 6;
    static final int GROUP_LEADER = 7;
    static final int EXIT2 = 8;
    static final int SEND_TT = 12;
    static final int EXIT_TT = 13;
    static final int REG_SEND_TT = 16;
    static final int EXIT2_TT = 18;
    static final int MONITOR_P = 19;
    static final int DEMONITOR_P = 20;
    static final int MONITOR_P_EXIT = 21;
    static final int SEND_SENDER = 22;
    static final int SEND_SENDER_TT = 23;
    static final int PAYLOAD_EXIT = 24;
    static final int PAYLOAD_EXIT_TT = 25;
    static final int PAYLOAD_EXIT2 = 26;
    static final int PAYLOAD_EXIT2_TT = 27;
    static final int PAYLOAD_MONITOR_P_EXIT = 28;
    static final int SPAWN_REQUEST = 29;
    static final int SPAWN_REQUEST_TT = 30;
    static final int SPAWN_REPLY = 31;
    static final int SPAWN_REPLY_TT = 32;
    static final int ALIAS_SEND = 33;
    static final int ALIAS_SEND_TT = 34;
    static final int UNLINK_ID = 35;
    static final int UNLINK_ID_ACK = 36;
    static final int ALTACT_SIG_SEND = 37;

    private Op() {}

    /** Returns the name of an operation, or {@code operation N}, for error messages. */
    static String name(int op) {
        return switch (op) {
            case LINK -> "LINK";
            case SEND -> "SEND";
            case EXIT -> "EXIT";
            case UNLINK -> "UNLINK";
            case REG_SEND -> "REG_SEND";
            case GROUP_LEADER -> "GROUP_LEADER";
            case EXIT2 -> "EXIT2";
            case SEND_TT -> "SEND_TT";
            case EXIT_TT -> "EXIT_TT";
            case REG_SEND_TT -> "REG_SEND_TT";
            case EXIT2_TT -> "EXIT2_TT";
            case MONITOR_P -> "MONITOR_P";
            case DEMONITOR_P -> "DEMONITOR_P";
            case MONITOR_P_EXIT -> "MONITOR_P_EXIT";
            case SEND_SENDER -> "SEND_SENDER";
            case SEND_SENDER_TT -> "SEND_SENDER_TT";
            case PAYLOAD_EXIT -> "PAYLOAD_EXIT";
            case PAYLOAD_EXIT_TT -> "PAYLOAD_EXIT_TT";
            case PAYLOAD_EXIT2 -> "PAYLOAD_EXIT2";
            case PAYLOAD_EXIT2_TT -> "PAYLOAD_EXIT2_TT";
            case PAYLOAD_MONITOR_P_EXIT -> "PAYLOAD_MONITOR_P_EXIT";
            case SPAWN_REQUEST -> "SPAWN_REQUEST";
            case SPAWN_REQUEST_TT -> "SPAWN_REQUEST_TT";
            case SPAWN_REPLY -> "SPAWN_REPLY";
            case SPAWN_REPLY_TT -> "SPAWN_REPLY_TT";
            case ALIAS_SEND -> "ALIAS_SEND";
            case ALIAS_SEND_TT -> "ALIAS_SEND_TT";
            case UNLINK_ID -> "UNLINK_ID";
            case UNLINK_ID_ACK -> "UNLINK_ID_ACK";
            case ALTACT_SIG_SEND -> "ALTACT_SIG_SEND";
            default -> "operation " + op;
        };
    }

    /** Returns how many elements the tuple of an operation has; 0 if there is no such operation. */
    static int arity(int op) {
        return switch (op) {
            case LINK, SEND, UNLINK, GROUP_LEADER, SEND_SENDER, PAYLOAD_EXIT, PAYLOAD_EXIT2, ALIAS_SEND -> 3;
            case EXIT,
                    REG_SEND,
                    EXIT2,
                    SEND_TT,
                    MONITOR_P,
                    DEMONITOR_P,
                    SEND_SENDER_TT,
                    PAYLOAD_EXIT_TT,
                    PAYLOAD_EXIT2_TT,
                    PAYLOAD_MONITOR_P_EXIT,
                    ALIAS_SEND_TT,
                    UNLINK_ID,
                    UNLINK_ID_ACK,
                    ALTACT_SIG_SEND -> 4; // the last one at least
            case EXIT_TT, REG_SEND_TT, EXIT2_TT, MONITOR_P_EXIT, SPAWN_REPLY -> 5;
            case SPAWN_REQUEST, SPAWN_REPLY_TT -> 6;
            case SPAWN_REQUEST_TT -> 7;
            default -> 0;
        };
    }

    /** Returns whether the tuple of an operation ends with the reason that newer forms have as payload. */
    static boolean hasReasonInside(int op) {
        return op == EXIT || op == EXIT_TT || op == EXIT2 || op == EXIT2_TT || op == MONITOR_P_EXIT;
    }
}
