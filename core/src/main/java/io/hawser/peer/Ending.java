package io.hawser.peer;

/**
 * Why a connection ended, in the words of OTP's {@code nodedown_reason}.
 *
 * @see <a href="https://www.erlang.org/doc/apps/kernel/net_kernel.html#monitor_nodes/2">net_kernel:monitor_nodes/2</a>
 */
public enum Ending {
    /** The peer closed it, the network lost it, or what came on it could not be read. */
    CONNECTION_CLOSED,
    /** This node closed it: it was asked to, or a newer connection of the same peer took its place. */
    DISCONNECT,
    /** Nothing came for five quarters of the tick time. */
    NET_TICK_TIMEOUT,
    /** This node was closed. */
    NET_KERNEL_TERMINATED
}
