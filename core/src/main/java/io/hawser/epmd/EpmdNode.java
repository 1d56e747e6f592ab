package io.hawser.epmd;

/**
 * What EPMD knows of one node. Immutable.
 *
 * @param name the alive name; one character per byte
 * @param port where the node listens
 * @param type 77 for a normal node, 72 for a hidden one; OTP registers both as 77
 * @param protocol 0 for TCP
 * @param highest the highest version of the distribution protocol
 * @param lowest the lowest version
 * @param extra bytes that EPMD passes on untouched; one character per byte
 */
record EpmdNode(String name, int port, int type, int protocol, int highest, int lowest, String extra) {
    private static final int NORMAL = 77;
    private static final int TCP = 0;
    private static final int HIGHEST = 6;
    private static final int LOWEST = 5;

    /** A node as OTP 25 and 27 register themselves. */
    static EpmdNode normal(String name, int port) {
        return new EpmdNode(name, port, NORMAL, TCP, HIGHEST, LOWEST, "");
    }
}
