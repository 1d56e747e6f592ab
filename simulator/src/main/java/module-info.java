/** Simulated clusters for tests: nodes in memory, in virtual time, from a seed. */
module io.hawser.simulation {
    requires transitive io.hawser.core;
    requires io.hawser.cookie;
    requires static transitive org.jspecify;

    exports io.hawser.simulation;
}
