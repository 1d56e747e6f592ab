package io.hawser.etf;

import io.hawser.term.Atom;
import io.hawser.term.Pid;
import io.hawser.term.Port;
import io.hawser.term.Reference;

/** Reads pids, ports and references, in their present and their old forms. */
final class IdentifierReader {
    private static final int MAX_OLD_CREATION = 3;
    private static final int OLD_WORD_BITS = 18;

    private final ByteInput in;
    private final AtomReader atoms;
    private final HeapEstimate heap;

    IdentifierReader(ByteInput in, AtomReader atoms, HeapEstimate heap) {
        this.in = in;
        this.atoms = atoms;
        this.heap = heap;
    }

    // NEW_PID_EXT (88): node atom, id, serial, creation, each as 4 bytes
    Pid readPid() {
        Atom node = readNode(HeapEstimate.PID);
        return new Pid(node, in.u32(), in.u32(), in.u32());
    }

    // PID_EXT (103): node atom, id and serial as 4 bytes, creation as 1 byte
    Pid readOldPid() {
        Atom node = readNode(HeapEstimate.PID);
        return new Pid(node, in.u32(), in.u32(), oldCreation());
    }

    // V4_PORT_EXT (120): node atom, id as 8 bytes, creation as 4 bytes
    Port readV4Port() {
        Atom node = readNode(HeapEstimate.PORT);
        return new Port(node, in.i64(), in.u32());
    }

    // NEW_PORT_EXT (89): node atom, id and creation as 4 bytes
    Port readPort() {
        Atom node = readNode(HeapEstimate.PORT);
        return new Port(node, in.u32(), in.u32());
    }

    // PORT_EXT (102): node atom, id as 4 bytes, creation as 1 byte
    Port readOldPort() {
        Atom node = readNode(HeapEstimate.PORT);
        return new Port(node, in.u32(), oldCreation());
    }

    // NEWER_REFERENCE_EXT (90): number of words as 2 bytes, node atom, creation as 4 bytes, words of 4 bytes
    Reference readNewerReference() {
        int count = wordCount();
        Atom node = readNode(HeapEstimate.REFERENCE);
        long creation = in.u32();
        return new Reference(node, creation, words(count));
    }

    // NEW_REFERENCE_EXT (114): number of words as 2 bytes, node atom, creation as 1 byte, words of 4 bytes
    Reference readNewReference() {
        int count = wordCount();
        Atom node = readNode(HeapEstimate.REFERENCE);
        int creation = oldCreation();
        return oldReference(node, creation, words(count));
    }

    // REFERENCE_EXT (101): node atom, id as 4 bytes, creation as 1 byte
    Reference readOldReference() {
        Atom node = readNode(HeapEstimate.REFERENCE);
        int id = in.i32();
        return oldReference(node, oldCreation(), id);
    }

    /** Reads the node of an identifier that takes so many bytes of heap. */
    private Atom readNode(int identifierBytes) {
        heap.add(identifierBytes);
        return atoms.readNode();
    }

    private int wordCount() {
        int count = in.u16();
        if (count < 1 || count > Reference.MAX_WORDS) {
            throw in.error(count + " words (expected: 1 to " + Reference.MAX_WORDS + ")");
        }
        return count;
    }

    private int[] words(int count) {
        int[] words = new int[count];
        for (int i = 0; i < count; i++) {
            words[i] = in.i32();
        }
        return words;
    }

    private int oldCreation() {
        int creation = in.u8();
        if (creation > MAX_OLD_CREATION) {
            throw in.error("creation " + creation + " (expected: at most " + MAX_OLD_CREATION + ")");
        }
        return creation;
    }

    private Reference oldReference(Atom node, int creation, int... words) {
        if (words[0] >>> OLD_WORD_BITS != 0) {
            throw in.error("first word " + Integer.toUnsignedLong(words[0]) + " (expected: at most " + OLD_WORD_BITS
                    + " bits)");
        }
        return new Reference(node, creation, words);
    }
}
