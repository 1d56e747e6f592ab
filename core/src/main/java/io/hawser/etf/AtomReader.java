package io.hawser.etf;

import io.hawser.term.Atom;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the atom tags. Short ASCII atoms are kept in a small table with two places for each hash, so that the few that a
 * connection repeats are made once; a peer that sends others only pushes them out of their places.
 */
final class AtomReader {
    private static final int CACHE_BITS = 8;
    private static final int CACHE_SLOTS = 1 << CACHE_BITS;
    private static final long HASH_FACTOR = 0x9E37_79B9_7F4A_7C15L;
    private static final long NOT_ASCII = 0x8080_8080_8080_8080L;
    private static final VarHandle EIGHT_BYTES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int MAX_CACHED_LENGTH = 48;
    private static final int MAX_UTF8_BYTES = 4 * Atom.MAX_CHARACTERS;

    private final ByteInput in;
    private final HeapEstimate heap;
    private @Nullable Cached @Nullable [] cache; // made with the first atom
    private @Nullable CharsetDecoder utf8;
    private Atom @Nullable [] header;

    /** An atom with its text in ASCII. */
    private static final class Cached {
        final byte[] text;
        final Atom atom;

        Cached(byte[] text, Atom atom) {
            this.text = text;
            this.atom = atom;
        }

        boolean is(byte[] array, int start, int length) {
            return Arrays.equals(text, 0, text.length, array, start, start + length);
        }
    }

    AtomReader(ByteInput in, HeapEstimate heap) {
        this.in = in;
        this.heap = heap;
    }

    void header(Atom @Nullable [] atoms) {
        header = atoms;
    }

    /** Reads an atom inside another term, which errors name again afterwards. */
    Atom readInner(String what) {
        long outer = in.suspend();
        Atom atom = read(in.readTag());
        if (atom == null) {
            throw in.error("found as " + what + " (expected: an atom)");
        }
        in.resume(outer);
        return atom;
    }

    /** Reads the node atom of an identifier, which is not empty. */
    Atom readNode() {
        Atom node = readInner("node");
        if (node.text().isEmpty()) {
            throw in.error("empty node name (expected: a node name)");
        }
        return node;
    }

    /** Reads the atom after a tag that was read, or returns null when the tag is not one of an atom. */
    @Nullable
    Atom read(int tag) {
        return switch (tag) {
            case Tag.SMALL_ATOM_UTF8_EXT -> readUtf8(in.u8());
            case Tag.ATOM_UTF8_EXT -> readUtf8(in.u16());
            case Tag.SMALL_ATOM_EXT -> readLatin1(in.u8());
            case Tag.ATOM_EXT -> readLatin1(in.u16());
            case Tag.ATOM_CACHE_REF -> readCacheRef();
            default -> null;
        };
    }

    // ATOM_CACHE_REF (82): index as 1 byte, into the distribution header
    private Atom readCacheRef() {
        int index = in.u8();
        if (header == null || index >= header.length) {
            throw in.error("index " + index + ", "
                    + (header == null
                            ? "no distribution header"
                            : header.length + " atoms in the distribution header"));
        }
        return header[index];
    }

    // SMALL_ATOM_UTF8_EXT (119): length as 1 byte, text. ATOM_UTF8_EXT (118): length as 2 bytes, text
    Atom readUtf8(int length) {
        if (length > MAX_UTF8_BYTES) {
            throw in.error("n=" + length + " (expected: at most " + MAX_UTF8_BYTES + " bytes)");
        }
        in.need(length);
        Atom atom = readAscii(length);
        if (atom == null) {
            atom = decodeUtf8(length);
        }
        in.position += length;
        return atom;
    }

    // SMALL_ATOM_EXT (115): length as 1 byte, Latin-1 text. ATOM_EXT (100): length as 2 bytes, Latin-1 text
    private Atom readLatin1(int length) {
        checkCharacters(length);
        in.need(length);
        Atom atom = readAscii(length);
        if (atom == null) {
            heap.add(HeapEstimate.ATOM + length);
            atom = new Atom(new String(in.array, in.position, length, StandardCharsets.ISO_8859_1));
        }
        in.position += length;
        return atom;
    }

    private void checkCharacters(int characters) {
        if (characters > Atom.MAX_CHARACTERS) {
            throw in.error(characters + " characters (expected: at most " + Atom.MAX_CHARACTERS + ")");
        }
    }

    /** Returns the atom if it is short and all ASCII, from the cache or into it, else null. Does not move on. */
    private @Nullable Atom readAscii(int length) {
        if (length > MAX_CACHED_LENGTH) {
            return null;
        }
        return cached(in.array, in.position, length);
    }

    /** Puts an atom into the cache. */
    void know(Atom atom) {
        byte[] text = atom.text().getBytes(StandardCharsets.UTF_8); // only what is ASCII has a place
        int slot = text.length > MAX_CACHED_LENGTH ? -1 : slot(text, 0, text.length);
        if (slot >= 0) {
            put(slot, new Cached(text, atom));
        }
    }

    /** Puts an atom in its place, and who was there beside it. */
    private void put(int slot, Cached atom) {
        @Nullable Cached[] slots = slots();
        Cached there = slots[slot];
        if (there != null) {
            slots[slot ^ 1] = there;
        }
        slots[slot] = atom;
    }

    /** Returns the place of a text in the cache, or -1 if it is not ASCII. */
    private static int slot(byte[] array, int start, int length) {
        long hash = length;
        long bits = 0;
        int at = start;
        int end = at + length;
        for (; at <= end - Long.BYTES; at += Long.BYTES) {
            long eight = (long) EIGHT_BYTES.get(array, at);
            bits |= eight;
            hash = (hash ^ eight) * HASH_FACTOR;
        }
        if (at < end) {
            long rest = lessThanEight(array, at, end);
            bits |= rest;
            hash ^= rest;
        }
        return (bits & NOT_ASCII) != 0 ? -1 : (int) ((hash * HASH_FACTOR) >>> (Long.SIZE - CACHE_BITS));
    }

    private static long lessThanEight(byte[] array, int at, int end) {
        int missing = Byte.SIZE * (Long.BYTES - (end - at));
        if (at <= array.length - Long.BYTES) {
            return (long) EIGHT_BYTES.get(array, at) << missing; // what follows the text is shifted out
        }
        long rest = 0;
        for (int i = end - 1; i >= at; i--) {
            rest = rest << Byte.SIZE | (array[i] & 0xFF);
        }
        return rest << missing;
    }

    private @Nullable Atom cached(byte[] array, int start, int length) {
        int slot = slot(array, start, length);
        if (slot < 0) {
            return null;
        }
        @Nullable Cached[] slots = slots();
        Cached there = slots[slot];
        if (there != null && there.is(array, start, length)) {
            return there.atom;
        }
        Cached beside = slots[slot ^ 1];
        if (beside != null && beside.is(array, start, length)) {
            return beside.atom;
        }
        return make(slot, array, start, length);
    }

    private Atom make(int slot, byte[] array, int start, int length) {
        heap.add(HeapEstimate.ATOM + length);
        byte[] text = Arrays.copyOfRange(array, start, start + length);
        var added = new Cached(text, new Atom(new String(text, StandardCharsets.ISO_8859_1)));
        put(slot, added);
        return added.atom;
    }

    private @Nullable Cached[] slots() {
        if (cache == null) {
            cache = new @Nullable Cached[CACHE_SLOTS];
        }
        return cache;
    }

    private Atom decodeUtf8(int length) {
        if (utf8 == null) {
            // refuses overlong forms, surrogates and what is above U+10FFFF
            utf8 = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT);
        }
        heap.add(HeapEstimate.ATOM + 2L * length);
        String text;
        try {
            text = utf8.decode(ByteBuffer.wrap(in.array, in.position, length)).toString();
        } catch (CharacterCodingException e) {
            throw in.error("invalid UTF-8 in " + length + " bytes of text");
        }
        checkCharacters(text.codePointCount(0, text.length()));
        return new Atom(text);
    }
}
