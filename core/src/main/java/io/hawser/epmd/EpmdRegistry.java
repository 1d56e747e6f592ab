package io.hawser.epmd;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The table of an EPMD server, and what it answers: no I/O.
 *
 * <p>Not thread-safe; used by one caller at a time.
 */
final class EpmdRegistry {
    /** More nodes than one machine runs; a cap on what local processes can make the table grow to. */
    static final int MAX_NODES = 1024;

    /** Creations up to 3 have a meaning of their own in old nodes. */
    private static final long FIRST_CREATION = 4;

    private static final long MAX_CREATION = 0xFFFF_FFFFL;

    private final Map<String, EpmdNode> nodes = new LinkedHashMap<>();
    private final int epmdPort;
    private long lastCreation;

    /**
     * @param epmdPort told in the answer to NAMES_REQ
     * @param seconds the time of day: creations go on from it, so that a server that takes over gives newer ones than the
     *     last did
     */
    EpmdRegistry(int epmdPort, long seconds) {
        this.epmdPort = epmdPort;
        this.lastCreation = seconds & MAX_CREATION;
    }

    /**
     * What to do with a request.
     *
     * @param bytes what to answer; null to close without an answer
     * @param registered the name that is registered while the connection stays open; null if the connection is done
     */
    record Answer(@Nullable ByteBuffer bytes, @Nullable String registered) {
        private static final Answer NONE = new Answer(null, null);
    }

    /** Answers a request without its length. Requests that administrate epmd (kill, stop, dump) are not answered. */
    Answer answer(ByteBuffer request) {
        if (!request.hasRemaining()) {
            return Answer.NONE;
        }
        return switch (Byte.toUnsignedInt(request.get())) {
            case EpmdWire.ALIVE2_REQ -> onAlive(request);
            case EpmdWire.PORT_PLEASE2_REQ -> onPortPlease(request);
            case EpmdWire.NAMES_REQ -> new Answer(EpmdWire.namesAnswer(epmdPort, nodes.values()), null);
            default -> Answer.NONE;
        };
    }

    /** Forgets a node whose connection closed. */
    void remove(String name) {
        nodes.remove(name);
    }

    private Answer onAlive(ByteBuffer request) {
        EpmdNode node;
        try {
            node = EpmdWire.readDescription(request);
        } catch (IllegalArgumentException e) {
            return Answer.NONE; // malformed: epmd closes too
        }
        if (node.name().isEmpty()) {
            return Answer.NONE;
        }
        if (!isValid(node.name()) || nodes.size() >= MAX_NODES || nodes.containsKey(node.name())) {
            return new Answer(EpmdWire.aliveAnswer(node.highest(), EpmdWire.REFUSED, 0), null);
        }
        nodes.put(node.name(), node);
        lastCreation = lastCreation >= MAX_CREATION ? FIRST_CREATION : Math.max(FIRST_CREATION, lastCreation + 1);
        return new Answer(EpmdWire.aliveAnswer(node.highest(), EpmdWire.OK, lastCreation), node.name());
    }

    private Answer onPortPlease(ByteBuffer request) {
        EpmdNode node = nodes.get(ISO_8859_1.decode(request).toString());
        return new Answer(node == null ? EpmdWire.unknownAnswer() : EpmdWire.portAnswer(node), null);
    }

    // a line end in a name would forge lines of the answer to NAMES_REQ
    private static boolean isValid(String name) {
        return name.length() <= EpmdWire.MAX_NAME_BYTES && name.chars().noneMatch(c -> c < ' ' || c == 0x7F);
    }
}
