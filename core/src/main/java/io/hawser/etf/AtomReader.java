package io.hawser.etf;

import io.hawser.term.Atom;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads the atom tags. Short ASCII atoms are kept in a small table with one place for each hash, so that the few that a
 * connection repeats are made once; a peer that sends others only pushes them out of their places.
 */
final class AtomReader {
    private static final int CACHE_SLOTS = 256;
    private static final int MAX_CACHED_LENGTH = 48;
    private static final int MAX_UTF8_BYTES = 4 * Atom.MAX_CHARACTERS;

    private final ByteInput in;
    private final HeapEstimate heap;
    private @Nullable Atom @Nullable [] cache; // made with the first atom
    private @Nullable CharsetDecoder utf8;
    private Atom @Nullable [] header;

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
        int hash = length;
        int bits = 0;
        int end = in.position + length;
        byte[] array = in.array;
        for (int i = in.position; i < end; i++) {
            bits |= array[i];
            hash = hash * 31 + array[i];
        }
        return bits < 0 ? null : cached(hash, length);
    }

    private Atom cached(int hash, int length) {
        if (cache == null) {
            cache = new @Nullable Atom[CACHE_SLOTS];
        }
        int slot = (hash ^ hash >>> 8 ^ hash >>> 16) & (CACHE_SLOTS - 1);
        Atom atom = cache[slot];
        if (atom == null || !isNext(atom.text(), length)) {
            heap.add(HeapEstimate.ATOM + length);
            atom = new Atom(new String(in.array, in.position, length, StandardCharsets.ISO_8859_1));
            cache[slot] = atom;
        }
        return atom;
    }

    private boolean isNext(String text, int length) {
        if (text.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (text.charAt(i) != in.array[in.position + i]) {
                return false;
            }
        }
        return true;
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
