package io.hawser.examples.quickstart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A stock Erlang node that joins over {@code -proto_dist inet_tls} with what {@code certs-tool export otp} wrote. */
final class Erlang {
    private static final String STORY = """
            A = {simple_cache, 'a@a.demo.test'}, B = {simple_cache, 'b@b.demo.test'},
            io:format("OTP ~s~n", [erlang:system_info(otp_release)]),
            io:format("net_adm:ping('a@a.demo.test') -> ~w~n", [net_adm:ping('a@a.demo.test')]),
            io:format("gen_server:call(~0tp, {get, colour}) -> ~0tp~n", [A, gen_server:call(A, {get, colour})]),
            io:format("gen_server:call(~0tp, {put, planet, <<\\"earth\\">>}) -> ~0tp~n",
                      [B, gen_server:call(B, {put, planet, <<"earth">>})]),
            io:format("nodes() -> ~0tp~n", [lists:sort(nodes())]),
            halt(0, [{flush, true}]).
            """;

    private final Lab lab;

    Erlang(Lab lab) {
        this.lab = lab;
    }

    /** Returns whether {@code erl} is on the path. */
    static boolean isInstalled() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .anyMatch(dir -> Files.isExecutable(Path.of(dir, "erl")));
    }

    /** Runs the node. Returns what it printed, a line each. */
    List<String> run(String export, String cookie) throws IOException, InterruptedException {
        Path home = Files.createDirectory(lab.path("erlang-home"));
        Path cookieFile = Files.copy(lab.path(cookie), home.resolve(".erlang.cookie"));
        cookieFile.toFile().setWritable(false);
        Path hosts = Files.writeString(
                lab.path("hosts"),
                "{lookup, [file]}.\n{host, {127,0,0,1}, [\"a.demo.test\", \"b.demo.test\", \"c.demo.test\"]}.\n");
        var builder = new ProcessBuilder(
                "erl",
                "-noshell",
                "-start_epmd",
                "false",
                "-args_file",
                lab.path(export).resolve("vm.args").toString(),
                "-eval",
                STORY);
        builder.environment().put("HOME", home.toString());
        builder.environment().put("ERL_EPMD_PORT", Integer.toString(lab.epmdPort()));
        builder.environment().put("ERL_INETRC", hosts.toString());
        builder.environment().put("ERL_CRASH_DUMP_SECONDS", "0");
        try (var erl = lab.start("erl", builder)) {
            return erl.finish();
        }
    }
}
