%% The Erlang end of a measurement between two nodes. It serves what BenchServer does, and times what Timings does, as the
%% environment says (Plan). Both ends end with their standard input.
-module(pair_bench).
-export([server/0, client/1]).

-define(SEEN_MILLIS, 10).

server() ->
    end_with_input(),
    register(bench, self()),
    io:format("READY~n"),
    serve().

serve() ->
    receive
        {sink, From, Count} -> From ! {pid, spawn(fun() -> sink(From, Count) end)};
        {echo, From} -> From ! {pid, spawn(fun echo/0)};
        {handler, From} -> From ! {pid, spawn(fun echo/0)}
    end,
    serve().

sink(From, 0) -> From ! {done, self()};
sink(From, Count) -> receive _ -> sink(From, Count - 1) end.

echo() -> receive {From, Message} -> From ! Message, echo() end.

end_with_input() ->
    spawn(fun() -> wait_for_end(io:get_line("")) end).

wait_for_end(eof) -> halt();
wait_for_end({error, _}) -> halt();
wait_for_end(_) -> wait_for_end(io:get_line("")).

client([Label, Server]) ->
    end_with_input(),
    Node = list_to_atom(Server),
    connected = connect_to(Node, 100),
    Span = round(number("SECS", "2") * 1.0e9),
    Repetitions = lists:seq(1, round(number("REPS", "2"))),
    Kinds = words("KINDS", "small,k1,k64"),
    [persistent_term:put({?MODULE, Kind}, binary:copy(<<7>>, bytes(Kind))) || Kind <- Kinds, Kind =/= "small"],
    [calibrate(Node, hd(Kinds), 1, 2 * Span, Span) || Kinds =/= []],
    [throughput(Label, Node, Kind, list_to_integer(Senders), Span, Repetitions)
        || Senders <- words("PARS", "1,8"), Kind <- Kinds, Senders =:= "1" orelse bytes(Kind) =< 65536],
    [round_trips(Label, Node, Caller, Span, Repetitions) || Caller <- words("CALLERS", "blocked")],
    connects(Label, Node, round(number("CONNECTS", "50")), round(number("CONNECTS_BEFORE", "300"))),
    halt().

connect_to(Node, Tries) ->
    case net_kernel:connect_node(Node) of
        true -> connected;
        false when Tries > 0 -> timer:sleep(100), connect_to(Node, Tries - 1);
        false -> io:format("~s: cannot be connected to~n", [Node]), halt(1)
    end.

%% messages

bytes("small") -> 0;
bytes("b27") -> 27;
bytes("k1") -> 1 bsl 10;
bytes("k64") -> 1 bsl 16;
bytes("m1") -> 1 bsl 20;
bytes("m64") -> 1 bsl 26.

throughput(Label, Node, Kind, Senders, Span, Repetitions) ->
    Count = calibrate(Node, Kind, Senders, Span, Span),
    Metric = "thr." ++ Kind ++ "." ++ integer_to_list(Senders),
    [result(Label, Metric, "msg/s", Count * Senders * 1.0e9 / burst(Node, Kind, Senders, Count)) || _ <- Repetitions].

%% sends more and more until a burst lasts about the wanted time, and says how many messages make a span
calibrate(Node, Kind, Senders, Wanted, Span) ->
    calibrate(Node, Kind, Senders, Wanted, Span, max(1, 200 div (1 + (bytes(Kind) bsr 12)))).

calibrate(Node, Kind, Senders, Wanted, Span, Count) ->
    case burst(Node, Kind, Senders, Count) of
        Time when Time > Wanted / 2 ->
            max(1, round(Count * Span / Time));
        Time ->
            Next = max(2 * Count, min(8 * Count, round(Count * 0.6 * Wanted / Time))),
            calibrate(Node, Kind, Senders, Wanted, Span, Next)
    end.

burst(Node, Kind, Senders, Count) ->
    Me = self(),
    Sinks = [ask(Node, {sink, Me, Count}) || _ <- lists:seq(1, Senders)],
    Start = erlang:monotonic_time(nanosecond),
    [spawn_link(fun() -> send(Kind, Sink, Count) end) || Sink <- Sinks],
    [receive {done, Sink} -> ok end || Sink <- Sinks],
    erlang:monotonic_time(nanosecond) - Start.

ask(Node, Request) ->
    {bench, Node} ! Request,
    receive {pid, Pid} -> Pid end.

send("small", Sink, Count) -> send_ticks(Sink, Count);
send(Kind, Sink, Count) -> send_same(Sink, persistent_term:get({?MODULE, Kind}), Count).

send_ticks(_, 0) -> ok;
send_ticks(Sink, Count) -> Sink ! {tick, Count}, send_ticks(Sink, Count - 1).

send_same(_, _, 0) -> ok;
send_same(Sink, Message, Count) -> Sink ! Message, send_same(Sink, Message, Count - 1).

%% round trips

round_trips(Label, Node, Caller, Span, Repetitions) ->
    {Metric, Request} = case Caller of
        "blocked" -> {"rtt", echo};
        "handler" -> {"rtt-handler", handler}
    end,
    Echo = ask(Node, {Request, self()}),
    pings(Echo, Span),
    [begin
         Times = list_to_tuple(lists:sort(pings(Echo, Span))),
         result(Label, Metric ++ ".p50", "us", share(Times, 0.5)),
         result(Label, Metric ++ ".p99", "us", share(Times, 0.99))
     end || _ <- Repetitions].

pings(Echo, Span) -> pings(Echo, erlang:monotonic_time(nanosecond) + Span, []).

pings(Echo, End, Times) ->
    Start = erlang:monotonic_time(nanosecond),
    Echo ! {self(), 42},
    receive 42 -> ok end,
    case erlang:monotonic_time(nanosecond) of
        Now when Now > End -> [Now - Start | Times];
        Now -> pings(Echo, End, [Now - Start | Times])
    end.

%% connections

connects(_, _, 0, _) ->
    ok;
connects(Label, Node, Count, Before) ->
    [connect(Node) || _ <- lists:seq(1, Before)],
    Times = list_to_tuple(lists:sort([connect(Node) || _ <- lists:seq(1, Count)])),
    result(Label, "connect.p50", "us", share(Times, 0.5)),
    result(Label, "connect.max", "us", share(Times, 1)).

connect(Node) ->
    monitor_node(Node, true),
    erlang:disconnect_node(Node),
    receive {nodedown, Node} -> ok end,
    timer:sleep(?SEEN_MILLIS),
    case lists:member(Node, nodes(connected)) of
        true ->
            connect(Node); % the other side has come back by itself
        false ->
            Start = erlang:monotonic_time(nanosecond),
            true = net_kernel:connect_node(Node),
            erlang:monotonic_time(nanosecond) - Start
    end.

%% results

share(Times, Share) ->
    element(min(tuple_size(Times), 1 + trunc(Share * tuple_size(Times))), Times) / 1000.

result(Label, Metric, Unit, Value) ->
    io:format("RESULT peer=~s metric=~s unit=~s value=~.2f~n", [Label, Metric, Unit, float(Value)]).

%% the environment

words(Name, Default) ->
    case variable(Name, Default) of
        "none" -> [];
        Text -> string:lexemes(Text, ",")
    end.

number(Name, Default) ->
    Text = variable(Name, Default),
    try list_to_float(Text) catch error:badarg -> float(list_to_integer(Text)) end.

variable(Name, Default) ->
    case os:getenv(Name) of
        false -> Default;
        "" -> Default;
        Value -> Value
    end.
