%% A gen_server that answers at once, late, or not at all.
-module(interop_server).
-behaviour(gen_server).
-export([start/1, init/1, handle_call/3, handle_cast/2]).

start(Name) -> gen_server:start({local, Name}, ?MODULE, [], []).

init([]) -> {ok, []}.

handle_call({echo, Term}, _From, Held) -> {reply, Term, Held};
handle_call(hold, From, Held) -> {noreply, [From | Held]};
handle_call({release, Term}, _From, Held) ->
    lists:foreach(fun(From) -> gen_server:reply(From, Term) end, lists:reverse(Held)),
    {reply, length(Held), []};
handle_call({stop, Reason}, _From, Held) -> {stop, Reason, Held}.

handle_cast({tell, Pid, Term}, Held) ->
    Pid ! Term,
    {noreply, Held}.
