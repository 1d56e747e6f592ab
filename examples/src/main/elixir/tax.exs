# Calls the Java node's price server, which calls the server Tax here before it answers.
defmodule Tax do
  use GenServer

  def init(percent), do: {:ok, percent}

  def handle_call({:with_tax, price}, _from, percent) do
    {:reply, div(price * (100 + percent), 100), percent}
  end
end

{:ok, _} = GenServer.start_link(Tax, 19, name: Tax)
prices = {:prices, :a@localhost}

IO.inspect(GenServer.call(prices, {:price, "apple"}), label: "an apple")
IO.inspect(GenServer.call(prices, {:price, "moon"}), label: "the moon")
GenServer.stop(prices)
