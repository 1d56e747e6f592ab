package io.hawser.transport;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Cuts the bytes of one direction of a connection into packets, for transports that move bytes.
 *
 * <p>A packet whose bytes lie in one array is handed over where it is; others, and those in memory outside the heap, are put
 * together in an array that is kept, so that a small packet takes no memory here. A length over the limit is refused before
 * anything is allocated, and no more than {@value #STEP} bytes are allocated beyond what has arrived.
 *
 * <p>Not thread-safe; used by one caller at a time.
 *
 * @see <a href="https://www.erlang.org/doc/apps/erts/erl_dist_protocol.html">Distribution protocol</a>
 */
public final class PacketSplitter {
    /** How many bytes at a time a long packet is put together in. */
    static final int STEP = 256 * 1024;

    private static final int CONNECTED_LENGTH_BYTES = 4;
    /** Packets up to this size, fragments of large messages among them, are put together in an array that is kept. */
    private static final int KEPT = 128 * 1024;

    private final String where;
    private int lengthBytes;
    private int maxPacketBytes = Connection.MAX_HANDSHAKE_PACKET;

    // the length of the current packet, as far as it was read
    private int lengthBytesRead;
    private boolean lengthKnown;
    private long length;

    // the body of the current packet, unless it lies in one buffer
    private int filled;
    private ByteBuffer kept = ByteBuffer.allocate(0);
    private final List<byte[]> steps = new ArrayList<>();
    private boolean stopped;

    /**
     * Makes a reader in the handshake phase.
     *
     * @param where what error messages begin with: the peer's address
     * @param handshakeLengthBytes how many bytes a length has in the handshake phase: 2 on TCP, 4 on TLS
     */
    public PacketSplitter(String where, int handshakeLengthBytes) {
        if (handshakeLengthBytes != 2 && handshakeLengthBytes != 4) {
            throw new IllegalArgumentException("handshakeLengthBytes: " + handshakeLengthBytes + " (expected: 2 or 4)");
        }
        this.where = where;
        this.lengthBytes = handshakeLengthBytes;
    }

    /**
     * Ends the handshake phase from the next packet on, also for bytes that were given already when called from the
     * consumer of {@link #read}.
     *
     * @param maxPacketBytes the longest packet that is taken from now on
     */
    public void connected(int maxPacketBytes) {
        if (maxPacketBytes < 1) {
            throw new IllegalArgumentException("maxPacketBytes: " + maxPacketBytes + " (expected: > 0)");
        }
        this.lengthBytes = CONNECTED_LENGTH_BYTES;
        this.maxPacketBytes = maxPacketBytes;
    }

    /** Makes this and later calls of {@link #read} take no further packet. */
    public void stop() {
        stopped = true;
        steps.clear();
    }

    /**
     * Returns whether a packet has begun and is not complete.
     *
     * @return true between packets' first and last byte
     */
    public boolean isWithinPacket() {
        return lengthBytesRead > 0;
    }

    /**
     * Takes bytes.
     *
     * @param bytes what arrived; consumed up to its limit, unless stopped
     * @param packets given each packet that is complete, position to limit, without its length; the buffer is only valid
     *     during the call
     * @return whether at least one packet was complete
     * @throws TransportException if a length is over the limit; nothing can be read after it
     */
    public boolean read(ByteBuffer bytes, Consumer<ByteBuffer> packets) {
        boolean any = false;
        while (!stopped && readLength(bytes) && readBody(bytes, packets)) {
            any = true;
        }
        return any;
    }

    /** A TLS record of a handshake begins with 22 and version 3. */
    private String hint() {
        return lengthBytes == 2 && length == 0x1603 ? ": the peer speaks TLS, most likely" : "";
    }

    private boolean readLength(ByteBuffer bytes) {
        if (lengthKnown) {
            return true;
        }
        while (lengthBytesRead < lengthBytes) {
            if (!bytes.hasRemaining()) {
                return false;
            }
            length = length << 8 | (bytes.get() & 0xFF);
            lengthBytesRead++;
        }
        if (length > maxPacketBytes) {
            stop();
            throw new TransportException(
                    where + ": packet of " + length + " bytes (expected: at most " + maxPacketBytes + ")" + hint());
        }
        lengthKnown = true;
        return true;
    }

    private boolean readBody(ByteBuffer bytes, Consumer<ByteBuffer> packets) {
        int size = (int) length;
        if (filled == 0 && bytes.remaining() >= size && (bytes.hasArray() || size > KEPT)) {
            deliverInPlace(bytes, size, packets);
            return true;
        }
        if (size <= KEPT) {
            collect(bytes, size);
        } else {
            collectInSteps(bytes, size);
        }
        if (filled < size) {
            return false;
        }
        deliver(size <= KEPT ? kept.clear().limit(size) : joinSteps(size), packets);
        return true;
    }

    private void deliverInPlace(ByteBuffer bytes, int size, Consumer<ByteBuffer> packets) {
        int limit = bytes.limit();
        int end = bytes.position() + size;
        try {
            deliver(bytes.limit(end), packets);
        } finally {
            bytes.limit(limit).position(end);
        }
    }

    private void deliver(ByteBuffer packet, Consumer<ByteBuffer> packets) {
        lengthBytesRead = 0;
        lengthKnown = false;
        length = 0;
        filled = 0;
        packets.accept(packet);
    }

    private void collect(ByteBuffer bytes, int size) {
        if (kept.capacity() < size) {
            // filled is 0: a packet's size is fixed
            kept = ByteBuffer.allocate(Math.max(size, Math.min(KEPT, 2 * kept.capacity())));
        }
        int n = Math.min(bytes.remaining(), size - filled);
        bytes.get(kept.array(), filled, n);
        filled += n;
    }

    private void collectInSteps(ByteBuffer bytes, int size) {
        while (bytes.hasRemaining() && filled < size) {
            int offset = filled % STEP;
            if (offset == 0) {
                steps.add(new byte[Math.min(STEP, size - filled)]);
            }
            byte[] step = steps.get(steps.size() - 1);
            int n = Math.min(bytes.remaining(), step.length - offset);
            bytes.get(step, offset, n);
            filled += n;
        }
    }

    private ByteBuffer joinSteps(int size) {
        ByteBuffer packet;
        if (steps.size() == 1) {
            packet = ByteBuffer.wrap(steps.get(0));
        } else {
            packet = ByteBuffer.allocate(size);
            steps.forEach(packet::put);
            packet.flip();
        }
        steps.clear();
        return packet;
    }
}
