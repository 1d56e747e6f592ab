#!/usr/bin/env escript
%% Presents each chain over TLS 1.3, as listener and as dialler, and says what the other end makes of it.
main([Directory, Count]) ->
    {ok, _} = application:ensure_all_started(ssl),
    logger:set_primary_config(level, none),
    [begin
         Case = filename:join(Directory, "case" ++ integer_to_list(I)),
         io:format("~b listener ~0p~n", [I, listener(Case)]),
         io:format("~b dialler ~0p~n", [I, dialler(Case)])
     end || I <- lists:seq(0, list_to_integer(Count) - 1)].

listener(Case) ->
    {ok, Host} = file:read_file(filename:join(Case, "host")),
    {_, Client} = handshake(
        identity(Case),
        verification(Case) ++ [{server_name_indication, binary_to_list(Host)}]),
    Client.

dialler(Case) ->
    {Server, _} = handshake(
        identity(filename:join(filename:dirname(Case), "case0")) ++ verification(Case) ++ [{fail_if_no_peer_cert, true}],
        identity(Case) ++ [{verify, verify_none}]),
    Server.

identity(Case) ->
    [{certfile, filename:join(Case, "chain.pem")}, {keyfile, filename:join(Case, "key.pem")}].

verification(Case) ->
    [{verify, verify_peer}, {cacertfile, filename:join(Case, "cacerts.pem")}, {depth, 10}].

handshake(ServerOptions, ClientOptions) ->
    Common = [{versions, ['tlsv1.3']}, {log_level, none}],
    Self = self(),
    Loopback = {127, 0, 0, 1},
    {Pid, Ref} = spawn_monitor(fun() ->
        {ok, Listen} = ssl:listen(0, [{ip, Loopback}, {reuseaddr, true} | Common ++ ServerOptions]),
        {ok, {_, Port}} = ssl:sockname(Listen),
        Self ! {port, Port},
        {ok, Socket} = ssl:transport_accept(Listen, 5000),
        Self ! {server, answer(ssl:handshake(Socket, 5000))},
        receive done -> ok after 5000 -> ok end
    end),
    receive
        {port, Port} ->
            Client = answer(catch ssl:connect(Loopback, Port, Common ++ ClientOptions, 5000)),
            Server = receive {server, Answer} -> Answer;
                             {'DOWN', Ref, process, Pid, _} -> crashed
                     after 6000 -> timeout end,
            Pid ! done,
            {Server, Client};
        {'DOWN', Ref, process, Pid, _} ->
            {crashed, crashed}
    after 6000 ->
        {timeout, timeout}
    end.

answer({ok, _}) -> accepted;
answer({ok, _, _}) -> accepted;
answer({error, {tls_alert, {Alert, _}}}) -> Alert;
answer({error, Reason}) -> Reason;
answer(_) -> crashed.
