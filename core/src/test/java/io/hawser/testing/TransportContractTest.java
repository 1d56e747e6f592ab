package io.hawser.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.transport.AcceptLimits;
import io.hawser.transport.Connection;
import io.hawser.transport.TransportException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What every transport does. Each implementation's test extends it. */
public abstract class TransportContractTest extends TransportFixture {
    // --- the handshake phase, and the way out of it

    @Test
    void deliversHandshakePacketsInOrder() {
        RecordingHandler dialler = dial(listen());
        dialler.connection().execute(() -> {
            dialler.connection().sendHandshake(bytes("one"));
            dialler.connection().sendHandshake(bytes(""));
            dialler.connection().sendHandshake(bytes("x".repeat(Connection.MAX_HANDSHAKE_PACKET)));
        });
        RecordingHandler acceptor = accepted();
        assertThat(text(acceptor.packet())).isEqualTo("one");
        assertThat(acceptor.packet()).isEmpty();
        assertThat(acceptor.packet()).hasSize(Connection.MAX_HANDSHAKE_PACKET);
    }

    @Test
    void switchesEachDirectionByItselfThoughPacketsAreGlued() {
        acceptedSetup = acceptor -> acceptor.atPacket((connection, packet) -> {
            if (text(packet).equals("r")) {
                connection.inboundConnected(MAX_PACKET);
                connection.sendHandshake(bytes("a"));
                connection.outboundConnected();
                send(connection, "first from acceptor", "second from acceptor");
            }
        });
        RecordingHandler dialler = dial(
                listen(),
                handler -> handler.atOpen(connection -> {
                            connection.sendHandshake(bytes("r"));
                            connection.outboundConnected();
                            send(connection, "first from dialler", "second from dialler");
                        })
                        .atPacket((connection, packet) -> {
                            if (text(packet).equals("a")) {
                                connection.inboundConnected(MAX_PACKET);
                            }
                        }));
        assertThat(text(dialler.packet())).isEqualTo("a");
        assertThat(text(dialler.packet())).isEqualTo("first from acceptor");
        assertThat(text(dialler.packet())).isEqualTo("second from acceptor");
        RecordingHandler acceptor = accepted();
        assertThat(text(acceptor.packet())).isEqualTo("r");
        assertThat(text(acceptor.packet())).isEqualTo("first from dialler");
        assertThat(text(acceptor.packet())).isEqualTo("second from dialler");
    }

    @Test
    void refusesToSendALongHandshakePacketOrDataTooEarly() {
        RecordingHandler dialler = dial(listen());
        var failures = new LinkedBlockingQueue<Throwable>();
        Connection connection = dialler.connection();
        connection.execute(() -> {
            failures.add(failureOf(() -> connection.sendHandshake(ByteBuffer.allocate(1025))));
            failures.add(failureOf(() -> connection.write(ByteBuffer.allocate(4), () -> {})));
        });
        Await.until(LONG, "both refused", () -> failures.size() == 2);
        assertThat(failures).allMatch(IllegalStateException.class::isInstance);
    }

    // --- packets

    @Test
    void deliversPacketsThatAreSplitAtEveryByte() {
        Pair pair = connected();
        ByteBuffer all = packets("", "a", "a packet", "");
        while (all.hasRemaining()) {
            ByteBuffer one = ByteBuffer.wrap(new byte[] {all.get()});
            pair.onDialler(connection -> {
                connection.write(one, () -> {});
                connection.flush();
            });
        }
        assertThat(pair.acceptor().packet()).isEmpty();
        assertThat(text(pair.acceptor().packet())).isEqualTo("a");
        assertThat(text(pair.acceptor().packet())).isEqualTo("a packet");
        assertThat(pair.acceptor().packet()).isEmpty();
    }

    @Test
    void deliversManySmallPacketsInOrder() {
        int count = 100_000;
        Pair pair = connected();
        pair.onDialler(connection -> {
            for (int i = 0; i < count; i += 100) {
                ByteBuffer batch = ByteBuffer.allocate(100 * 8);
                for (int j = i; j < i + 100; j++) {
                    batch.putInt(4).putInt(j);
                }
                connection.write(batch.flip(), () -> {});
            }
            connection.flush();
        });
        for (int i = 0; i < count; i++) {
            assertThat(ByteBuffer.wrap(pair.acceptor().packet()).getInt()).isEqualTo(i);
        }
    }

    @Test
    void completesEachReadThatBroughtPackets() throws InterruptedException {
        Pair pair = connected();
        int count = 2_000;
        ByteBuffer batch = ByteBuffer.allocate(8 * count);
        for (int i = 0; i < count; i++) {
            batch.putInt(4).putInt(i);
        }
        batch.flip();
        pair.onDialler(connection -> {
            connection.write(batch, () -> {});
            connection.flush();
        });
        assertThat(pair.acceptor().completeReads(count))
                .as("packets of each read")
                .allMatch(packets -> packets > 0)
                .hasSizeLessThan(count / 10);
    }

    @Test
    void sendsTheLastWordsOfAConnectionBeforeItCloses() {
        for (int i = 0; i < 20; i++) {
            Pair pair = connected();
            pair.onDialler(connection -> {
                connection.write(ByteBuffer.allocate(8).putInt(4).putInt(42).flip(), () -> {});
                connection.flush();
                connection.close(null);
            });
            dialling.close(); // at once: the event loop may not have begun
            assertThat(ByteBuffer.wrap(pair.acceptor().packet()).getInt()).isEqualTo(42);
            dialling = newDialling();
        }
    }

    @Test
    void deliversAPacketOf32MiB() {
        maxPacket = 32 << 20;
        Pair pair = connected();
        byte[] body = new byte[maxPacket];
        for (int i = 0; i < body.length; i++) {
            body[i] = (byte) (i * 31 + (i >> 11));
        }
        var released = new CountDownLatch(2);
        pair.onDialler(connection -> {
            connection.write(ByteBuffer.allocate(4).putInt(body.length).flip(), released::countDown);
            connection.write(ByteBuffer.wrap(body), released::countDown);
            connection.flush();
        });
        byte[] arrived = pair.acceptor().packet();
        assertThat(Arrays.equals(arrived, body)).isTrue();
        await(released);
        assertThat(pair.acceptor().activityCalls()).isPositive();
        assertThat(pair.acceptor().connection().bytesIn()).isGreaterThanOrEqualTo(body.length);
        assertThat(pair.dialler().connection().bytesOut()).isGreaterThanOrEqualTo(body.length);
    }

    @Test
    void refusesAPacketOverTheCapFromItsLengthAlone() {
        Pair pair = connected();
        pair.onDialler(connection -> {
            connection.write(ByteBuffer.allocate(4).putInt(MAX_PACKET + 1).flip(), () -> {});
            connection.flush();
        });
        assertThat(pair.acceptor().cause().map(Throwable::getMessage))
                .hasValueSatisfying(message ->
                        assertThat(message).endsWith(": packet of 1048577 bytes (expected: at most 1048576)"));
        pair.dialler().cause();
    }

    @Test
    void takesALengthOverTwoGibibytesForTooLong() {
        Pair pair = connected();
        pair.onDialler(connection -> {
            connection.write(ByteBuffer.allocate(4).putInt(-1).flip(), () -> {});
            connection.flush();
        });
        assertThat(pair.acceptor().cause().orElseThrow()).hasMessageContaining("packet of 4294967295 bytes");
    }

    // --- writing and waiting

    @Test
    void stopsTakingWritesWhileThePeerDoesNotReadAndIsReadyAgainAfterIt() {
        Pair pair = connected();
        pair.acceptor().connection().reading(false);
        var written = new AtomicInteger();
        var released = new AtomicInteger();
        var full = new CompletableFuture<Integer>();
        byte[] block = packets("y".repeat(64 * 1024 - 4)).array();
        // the network's own buffers fill first: write until the connection stays unwritable
        pair.dialler().atReady(connection -> {
            while (connection.isWritable() && written.get() < 4096) {
                written.incrementAndGet();
                connection.write(ByteBuffer.wrap(block), released::incrementAndGet);
                connection.flush();
            }
        });
        pair.dialler().connection().wake();
        Await.until(LONG, "unwritable, and nothing moves", () -> {
            int before = released.get();
            pair.onDiallerAndWait(connection -> full.obtrudeValue(connection.isWritable() ? 0 : written.get()));
            return written.get() > 0 && full.join() > 0 && released.get() == before && isQuiet(released);
        });
        int stuck = written.get();
        int readyBefore = pair.dialler().readyCalls();
        pair.dialler().atReady(connection -> {});
        assertThat(stuck).isLessThan(4096);
        assertThat(pair.acceptor().waitingPackets()).isLessThan(stuck);

        pair.acceptor().connection().reading(true);
        Await.until(LONG, "ready again", () -> pair.dialler().readyCalls() > readyBefore);
        for (int i = 0; i < stuck; i++) {
            assertThat(pair.acceptor().packet()).hasSize(64 * 1024 - 4);
        }
        Await.until(LONG, "all released", () -> released.get() == stuck);
    }

    private static boolean isQuiet(AtomicInteger count) {
        int before = count.get();
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(50);
        while (System.nanoTime() < until) {
            Thread.onSpinWait();
        }
        return count.get() == before;
    }

    @Test
    void makesManyWakesOneReady() {
        Pair pair = connected();
        int before = pair.dialler().readyCalls();
        var busy = new CountDownLatch(1);
        pair.onDialler(connection -> await(busy));
        for (int i = 0; i < 100; i++) {
            pair.dialler().connection().wake();
        }
        busy.countDown();
        Await.until(LONG, "ready", () -> pair.dialler().readyCalls() > before);
        pair.onDiallerAndWait(connection -> {});
        assertThat(pair.dialler().readyCalls()).isEqualTo(before + 1);
    }

    @Test
    void runsEveryReleaseAlsoWhenTheConnectionCloses() {
        Pair pair = connected();
        pair.acceptor().connection().reading(false);
        var released = new AtomicInteger();
        pair.onDiallerAndWait(connection -> {
            for (int i = 0; i < 200; i++) {
                connection.write(packets("z".repeat(64 * 1024)), released::incrementAndGet);
            }
            connection.flush();
            connection.write(packets("never flushed"), released::incrementAndGet);
        });
        pair.dialler().connection().close(null);
        pair.dialler().cause();
        Await.until(LONG, "all released", () -> released.get() == 201);
        pair.dialler()
                .connection()
                .execute(() -> pair.dialler().connection().write(packets("late"), released::incrementAndGet));
        Await.until(LONG, "the late one released", () -> released.get() == 202);
    }

    // --- closing

    @Test
    void tellsBothEndsOnceWhenOneCloses() {
        Pair pair = connected();
        pair.dialler().connection().close(new TransportException("a reason of our own"));
        pair.dialler().connection().close(null);
        assertThat(pair.dialler().cause().orElseThrow()).hasMessage("a reason of our own");
        assertThat(pair.acceptor().cause()).isEmpty();
        pair.acceptor().connection().close(null);
    }

    @Test
    void deliversWhatWasFlushedBeforeTheClose() {
        Pair pair = connected();
        pair.onDialler(connection -> {
            send(connection, "last words");
            connection.close(null);
        });
        assertThat(text(pair.acceptor().packet())).isEqualTo("last words");
        assertThat(pair.acceptor().cause()).isEmpty();
        assertThat(pair.dialler().cause()).isEmpty();
    }

    @Test
    void deliversNothingAfterAHandlerClosed() {
        acceptedSetup = acceptor -> acceptor.atPacket((connection, packet) -> connection.close(null));
        RecordingHandler dialler = dial(
                listen(),
                handler -> handler.atOpen(connection -> {
                    connection.sendHandshake(bytes("one"));
                    connection.sendHandshake(bytes("two"));
                }));
        RecordingHandler acceptor = accepted();
        acceptor.cause();
        dialler.cause();
        assertThat(text(acceptor.packet())).isEqualTo("one");
        assertThat(acceptor.waitingPackets()).isZero();
    }

    @Test
    void closesOnlyTheConnectionWhoseHandlerThrows() {
        InetSocketAddress address = listen();
        acceptedSetup = acceptor -> acceptor.atPacket((connection, packet) -> {
            if (text(packet).equals("poison")) {
                throw new IllegalStateException("a bug");
            }
        });
        RecordingHandler good = dial(address);
        RecordingHandler goodEnd = accepted();
        RecordingHandler bad = dial(address);
        RecordingHandler badEnd = accepted();
        bad.connection().execute(() -> bad.connection().sendHandshake(bytes("poison")));
        assertThat(badEnd.cause().orElseThrow())
                .hasMessageContaining("the connection's handler failed")
                .hasMessageContaining("a bug");
        bad.cause();
        good.connection().execute(() -> good.connection().sendHandshake(bytes("fine")));
        assertThat(text(goodEnd.packet())).isEqualTo("fine");
        assertThat(good.wasClosed()).isFalse();
    }

    @Test
    void closesAConnectionWhosePeerStopsWithinAPacket() {
        Pair pair = connected();
        pair.onDialler(connection -> {
            connection.write(ByteBuffer.allocate(6).putInt(10).flip().limit(6), () -> {});
            connection.flush();
            connection.close(null);
        });
        assertThat(pair.acceptor().cause().orElseThrow()).hasMessageEndingWith(": closed by the peer within a packet");
    }

    @Test
    void closesEverythingWithTheTransport() {
        Pair pair = connected();
        listening.close();
        assertThat(pair.acceptor().cause()).isEmpty();
        pair.dialler().cause();
        listening.close();
        dialling.close();
        var late = new RecordingHandler();
        dialling.connect(listener(), new InetSocketAddress(InetAddress.getLoopbackAddress(), 9), LONG, late);
        assertThat(late.cause().orElseThrow()).hasMessageEndingWith(": the transport is closed");
    }

    // --- listening and dialling

    @Test
    void saysThatNobodyListens() {
        InetSocketAddress address = listenThenClose();
        var dialler = new RecordingHandler();
        dialling.connect(listener(), address, LONG, dialler);
        assertThat(dialler.cause().orElseThrow()).hasMessage("127.0.0.1:" + address.getPort() + ": connection refused");
        assertThat(dialler.wasOpened()).isFalse();
    }

    @Test
    void refusesAnAddressThatIsInUse() {
        InetSocketAddress address = listen();
        assertThatThrownBy(() -> listening.listen(address, AcceptLimits.DEFAULT, RecordingHandler::new))
                .isInstanceOf(TransportException.class)
                .hasMessage("127.0.0.1:" + address.getPort() + ": cannot listen: address in use");
    }

    @Test
    void closesWhatIsNotAdmittedInTime() {
        InetSocketAddress address = listen(new AcceptLimits(SHORT, 10, 10));
        RecordingHandler dialler = dial(address);
        assertThat(accepted().cause().orElseThrow()).hasMessageEndingWith(": not admitted within 300 ms");
        assertThat(dialler.cause()).isEmpty();
    }

    @Test
    void givesUpDiallingWhatDoesNotAdmitInTime() {
        InetSocketAddress address = listen();
        var dialler = new RecordingHandler();
        dialling.connect(listener(), address, SHORT, dialler);
        assertThat(dialler.cause().orElseThrow()).hasMessageEndingWith(" within 300 ms");
    }

    @Test
    void keepsWhatIsAdmitted() {
        InetSocketAddress address = listen(new AcceptLimits(SHORT, 10, 10));
        acceptedSetup = acceptor -> acceptor.atOpen(Connection::admitted);
        RecordingHandler kept = dial(address);
        RecordingHandler keptEnd = accepted();
        keptEnd.connection();
        acceptedSetup = acceptor -> {};
        dial(address);
        accepted().cause(); // the younger one met its deadline, so the older one's is past
        assertThat(keptEnd.wasClosed()).isFalse();
        assertThat(kept.wasClosed()).isFalse();
    }

    @Test
    void theOldestThatIsNotAdmittedMakesRoomForANewcomer() {
        for (AcceptLimits limits : new AcceptLimits[] {new AcceptLimits(LONG, 2, 10), new AcceptLimits(LONG, 10, 2)}) {
            InetSocketAddress address = listen(limits);
            RecordingHandler admitted = dial(address);
            RecordingHandler admittedEnd = accepted();
            admittedEnd.connection().execute(admittedEnd.connection()::admitted);
            RecordingHandler oldest = dial(address);
            RecordingHandler oldestEnd = accepted();
            oldestEnd.connection();
            RecordingHandler second = dial(address);
            accepted().connection();

            RecordingHandler third = dial(address);
            accepted().connection();
            assertThat(oldestEnd.cause().orElseThrow())
                    .hasMessageEndingWith("not admitted before newer connections took its place");
            oldest.cause();
            for (RecordingHandler kept : List.of(admitted, second, third)) {
                assertThat(kept.wasClosed()).isFalse();
            }
        }
    }
}
