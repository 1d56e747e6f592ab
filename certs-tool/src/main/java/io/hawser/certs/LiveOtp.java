package io.hawser.certs;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Asks the Erlang that is installed: its path validation and its check of the host, as its TLS uses them. It goes by the clock
 * of this machine. Thread-safe (immutable).
 */
final class LiveOtp {
    private static final String PROGRAM = """
            #!/usr/bin/env escript
            main(["release"]) ->
                io:format("~s~n", [erlang:system_info(otp_release)]);
            main([Role, Host]) ->
                [Root | Path] = certificates("path.pem"),
                Leaf = public_key:pkix_decode_cert(lists:last(Path), otp),
                Unknown = fun(_, {bad_cert, _} = Reason, _) -> {fail, Reason};
                             (_, {extension, _}, State) -> {unknown, State};
                             (_, _, State) -> {valid, State}
                          end,
                Options = [{verify_fun, {Unknown, []}}, {max_path_length, 10}],
                case catch public_key:pkix_path_validation(Root, Path, Options) of
                    {ok, _} when Role =:= "dialler" -> io:format("accepted~n");
                    {ok, _} ->
                        case public_key:pkix_verify_hostname(Leaf, [{dns_id, Host}]) of
                            true -> io:format("accepted~n");
                            false -> io:format("refused the host is not the one dialled~n")
                        end;
                    {error, Reason} -> io:format("refused ~0p~n", [Reason]);
                    {'EXIT', _} -> io:format("refused it crashes~n")
                end.
            certificates(File) ->
                {ok, Pem} = file:read_file(File),
                [Der || {'Certificate', Der, _} <- public_key:pem_decode(Pem)].
            """;

    private final Judge judge;

    private LiveOtp(Judge judge) {
        this.judge = judge;
    }

    /** The Erlang on the path, when its release is one of those whose behaviour is known. */
    static Optional<LiveOtp> find() {
        if (!OtherProgram.isInstalled("escript")) {
            return Optional.empty();
        }
        String release = OtherProgram.inTemporaryDirectory(directory -> run(directory, "release"))
                .output()
                .strip();
        return switch (release) {
            case "25" -> Optional.of(new LiveOtp(Judge.OTP25));
            case "27" -> Optional.of(new LiveOtp(Judge.OTP27));
            default -> Optional.empty();
        };
    }

    Judge judge() {
        return judge;
    }

    Optional<Refusal> refusal(Presented presented, Presented.Path path, Role role) {
        var certificates = new ArrayList<X509Certificate>(List.of(path.root()));
        certificates.addAll(path.authoritiesDown());
        certificates.add(presented.leaf());
        OtherProgram.Ended ended = OtherProgram.inTemporaryDirectory(directory -> {
            OtherProgram.write(directory.resolve("path.pem"), Pem.certificates(certificates));
            return run(directory, role == Role.LISTENER ? "listener" : "dialler", presented.host());
        });
        String answer = ended.output().strip();
        if (answer.equals("accepted")) {
            return Optional.empty();
        }
        return Optional.of(new Refusal(
                answer.contains("cert_expired") ? Refusal.Kind.EXPIRED : Refusal.Kind.OTHER,
                Names.printable(answer.replaceFirst("^refused ", ""))));
    }

    private static OtherProgram.Ended run(Path directory, String... arguments) {
        OtherProgram.write(directory.resolve("judge"), PROGRAM.getBytes(StandardCharsets.US_ASCII));
        var command = new ArrayList<>(List.of("escript", "judge"));
        command.addAll(List.of(arguments));
        return OtherProgram.run(directory, command);
    }
}
