package io.hawser.epmd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * A client of {@link EmbeddedEpmd}: one request, one answer, and after a registration the open socket that keeps it.
 *
 * <p>Confined to the thread of the server.
 */
final class EpmdConnection {
    /** As in epmd. The longest request that makes sense, a registration, takes about 530 bytes. */
    static final int MAX_REQUEST_BYTES = 1024;

    private static final int LENGTH_BYTES = 2;

    private enum State {
        READING,
        ANSWERING,
        REGISTERED,
        DONE
    }

    private final SocketChannel channel;
    private final SelectionKey key;
    private final long deadlineNanos;
    private State state = State.READING;
    private ByteBuffer buffer = ByteBuffer.allocate(LENGTH_BYTES + MAX_REQUEST_BYTES);
    private @Nullable String registeredName;

    EpmdConnection(SocketChannel channel, SelectionKey key, long deadlineNanos) {
        this.channel = channel;
        this.key = key;
        this.deadlineNanos = deadlineNanos;
    }

    SocketChannel channel() {
        return channel;
    }

    long deadlineNanos() {
        return deadlineNanos;
    }

    /** Returns whether the request or its answer is under way, so that the deadline counts. */
    boolean hasRequest() {
        return state == State.READING || state == State.ANSWERING;
    }

    boolean isDone() {
        return state == State.DONE;
    }

    @Nullable
    String registeredName() {
        return registeredName;
    }

    void onReady(EpmdRegistry registry) throws IOException {
        switch (state) {
            case READING -> read(registry);
            case ANSWERING -> write();
            // the end of the registration: nothing may be sent on it
            case REGISTERED -> state = State.DONE;
            case DONE -> {}
        }
    }

    private void read(EpmdRegistry registry) throws IOException {
        boolean ended = channel.read(buffer) < 0;
        if (buffer.position() >= LENGTH_BYTES) {
            int length = Short.toUnsignedInt(buffer.getShort(0));
            if (length > MAX_REQUEST_BYTES) {
                state = State.DONE;
                return;
            }
            if (buffer.position() >= LENGTH_BYTES + length) {
                answer(registry.answer(buffer.slice(LENGTH_BYTES, length)));
                return;
            }
        }
        if (ended) {
            state = State.DONE;
        }
    }

    private void answer(EpmdRegistry.Answer answer) throws IOException {
        registeredName = answer.registered();
        ByteBuffer bytes = answer.bytes();
        if (bytes == null) {
            state = State.DONE;
            return;
        }
        buffer = bytes;
        state = State.ANSWERING;
        write();
    }

    private void write() throws IOException {
        channel.write(buffer);
        if (buffer.hasRemaining()) {
            key.interestOps(SelectionKey.OP_WRITE);
            return;
        }
        buffer = ByteBuffer.allocate(0); // a registration lasts; its buffer need not
        state = registeredName == null ? State.DONE : State.REGISTERED;
        key.interestOps(SelectionKey.OP_READ);
    }
}
