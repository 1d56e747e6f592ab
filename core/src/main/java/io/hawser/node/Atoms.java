package io.hawser.node;

import io.hawser.term.Atom;

/** Atoms that the protocols of this package use. */
final class Atoms {
    static final Atom NORMAL = Atom.of("normal");
    static final Atom KILL = Atom.of("kill");
    static final Atom KILLED = Atom.of("killed");
    static final Atom SHUTDOWN = Atom.of("shutdown");
    static final Atom NOPROC = Atom.of("noproc");
    static final Atom NOCONNECTION = Atom.of("noconnection");
    static final Atom NOTSUP = Atom.of("notsup");
    static final Atom BADOPT = Atom.of("badopt");
    static final Atom SYSTEM_LIMIT = Atom.of("system_limit");
    static final Atom UNDEF = Atom.of("undef");
    static final Atom MAILBOX_FULL = Atom.of("mailbox_full");
    static final Atom TIMEOUT = Atom.of("timeout");
    static final Atom NODEDOWN = Atom.of("nodedown");
    static final Atom NODEUP = Atom.of("nodeup");
    static final Atom EXIT = Atom.of("EXIT");
    static final Atom EXIT_CLASS = Atom.of("exit");
    static final Atom THROW = Atom.of("throw");
    static final Atom RETURN = Atom.of("return");
    static final Atom EXCEPTION = Atom.of("exception");
    static final Atom SIGNAL = Atom.of("signal");
    static final Atom DOWN = Atom.of("DOWN");
    static final Atom PROCESS = Atom.of("process");
    static final Atom PORT = Atom.of("port");
    static final Atom ALIAS = Atom.of("alias");
    static final Atom GEN_CALL = Atom.of("$gen_call");
    static final Atom GEN_CAST = Atom.of("$gen_cast");
    static final Atom CALLING_SELF = Atom.of("calling_self");
    static final Atom SYSTEM = Atom.of("system");
    static final Atom TERMINATE = Atom.of("terminate");
    static final Atom ERPC = Atom.of("erpc");
    static final Atom EXECUTE_CALL = Atom.of("execute_call");
    static final Atom EXECUTE_CAST = Atom.of("execute_cast");
    static final Atom SPAWN_REPLY = Atom.of("spawn_reply");
    static final Atom LINK = Atom.of("link");
    static final Atom MONITOR = Atom.of("monitor");
    static final Atom NET_KERNEL = Atom.of("net_kernel");
    static final Atom IS_AUTH = Atom.of("is_auth");
    static final Atom YES = Atom.of("yes");
    static final Atom REX = Atom.of("rex");
    static final Atom CALL = Atom.of("call");
    static final Atom GEN_SERVER = Atom.of("gen_server");
    static final Atom INFINITY = Atom.of("infinity");
    static final Atom CAST = Atom.of("cast");
    static final Atom BLOCK_CALL = Atom.of("block_call");
    static final Atom BADRPC = Atom.of("badrpc");
    static final Atom FEATURES_REQUEST = Atom.of("features_request");
    static final Atom FEATURES_REPLY = Atom.of("features_reply");
    static final Atom JAVA_EXCEPTION = Atom.of("java_exception");

    private Atoms() {}
}
