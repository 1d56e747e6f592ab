# Speaks as the default adapter of Phoenix.PubSub does, in a few lines, so that it needs no package: with Phoenix, start
# {Phoenix.PubSub, name: Demo.PubSub} in place of Adapter, and use Phoenix.PubSub.subscribe and broadcast.
defmodule Adapter do
  use GenServer

  @group Demo.PubSub.Adapter

  def start(subscriber), do: GenServer.start_link(__MODULE__, subscriber, name: @group)

  def broadcast(topic, message) do
    for pid <- :pg.get_members(Phoenix.PubSub, @group), node(pid) != node() do
      send(pid, {:forward_to_local, topic, message, Phoenix.PubSub})
    end
  end

  def init(subscriber) do
    :ok = :pg.join(Phoenix.PubSub, @group, self())
    {:ok, subscriber}
  end

  def handle_info({:forward_to_local, "news", message, _dispatcher}, subscriber) do
    send(subscriber, message)
    {:noreply, subscriber}
  end

  # a node that was met a moment ago is not a member yet
  def await_others do
    if length(:pg.get_members(Phoenix.PubSub, @group)) < 2 do
      Process.sleep(20)
      await_others()
    end
  end
end

{:ok, _} = :pg.start_link(Phoenix.PubSub)
{:ok, _} = Adapter.start(self())
true = Node.connect(:a@localhost)
Adapter.await_others()

Adapter.broadcast("news", %{title: "Elixir says hello"})

receive do
  message -> IO.inspect(message, label: "news")
end

Adapter.broadcast("news", :bye)
# what was sent leaves before the node does
:net_adm.ping(:a@localhost)
