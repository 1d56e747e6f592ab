package io.hawser.examples.conformance;

/** The commands that a puppet carries out, with how many arguments they may have, its pid included. */
enum PuppetCommand {
    INBOX(1, 1),
    SEND(3, 3),
    LINK(2, 2),
    UNLINK(2, 2),
    MONITOR(2, 3),
    DEMONITOR(2, 2),
    ALIAS(1, 2),
    UNALIAS(2, 2),
    EXIT(3, 3),
    TERMINATE(2, 2),
    REGISTER(2, 2),
    MONITOR_NODES(2, 2);

    private final int least;
    private final int most;

    PuppetCommand(int least, int most) {
        this.least = least;
        this.most = most;
    }

    static boolean isKnown(String verb, int arguments) {
        for (PuppetCommand command : values()) {
            if (command.name().toLowerCase(java.util.Locale.ROOT).equals(verb)) {
                return arguments >= command.least && arguments <= command.most;
            }
        }
        return false;
    }
}
