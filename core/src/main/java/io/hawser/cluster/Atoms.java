package io.hawser.cluster;

import io.hawser.term.Atom;

/** Atoms that the protocols of this package use. */
final class Atoms {
    static final Atom GLOBAL = Atom.of("global");
    static final Atom GLOBAL_NAME_SERVER = Atom.of("global_name_server");
    static final Atom GEN_CALL = Atom.of("$gen_call");
    static final Atom GEN_CAST = Atom.of("$gen_cast");
    static final Atom ALIAS = Atom.of("alias");
    static final Atom KILL = Atom.of("kill");
    static final Atom YES = Atom.of("yes");
    static final Atom NO = Atom.of("no");
    static final Atom NONE = Atom.of("none");
    static final Atom UNUSED = Atom.of("unused");
    static final Atom VSN = Atom.of("vsn");
    static final Atom LOCK = Atom.of("lock");
    static final Atom LOCKER = Atom.of("locker");
    static final Atom NOCONNECTION = Atom.of("noconnection");
    static final Atom NO_LONGER_A_PID = Atom.of("no_longer_a_pid");
    static final Atom INIT_CONNECT = Atom.of("init_connect");
    static final Atom INIT_CONNECT_ACK = Atom.of("init_connect_ack");
    static final Atom CANCEL_CONNECT = Atom.of("cancel_connect");
    static final Atom LOCK_SET = Atom.of("lock_set");
    static final Atom EXCHANGE = Atom.of("exchange");
    static final Atom RESOLVED = Atom.of("resolved");
    static final Atom NEW_NODES = Atom.of("new_nodes");
    static final Atom IN_SYNC = Atom.of("in_sync");
    static final Atom LOST_CONNECTION = Atom.of("lost_connection");
    static final Atom REMOVE_CONNECTION = Atom.of("remove_connection");
    static final Atom SET_LOCK = Atom.of("set_lock");
    static final Atom DEL_LOCK = Atom.of("del_lock");
    static final Atom REGISTER = Atom.of("register");
    static final Atom UNREGISTER = Atom.of("unregister");
    static final Atom INSERT = Atom.of("insert");
    static final Atom DELETE = Atom.of("delete");
    static final Atom SYNC = Atom.of("sync");
    static final Atom RESOLVE_IT = Atom.of("resolve_it");
    static final Atom GLOBAL_NAME_CONFLICT = Atom.of("global_name_conflict");
    static final Atom DISCOVER = Atom.of("discover");
    static final Atom JOIN = Atom.of("join");
    static final Atom LEAVE = Atom.of("leave");
    static final Atom MONITOR = Atom.of("monitor");
    static final Atom DEMONITOR = Atom.of("demonitor");

    private Atoms() {}
}
