package io.hawser.mapping;

import io.hawser.term.Atom;
import io.hawser.term.Binary;
import io.hawser.term.ListTerm;
import io.hawser.term.Term;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Strings in their forms. */
final class Texts {
    private static final Codec BINARY = new LeafCodec<>(
            String.class, "String", "a binary of UTF-8", text -> Binary.utf8(checked(text)), Texts::fromBinary);

    private static final Codec CHARLIST = new LeafCodec<>(
            String.class,
            "String",
            "a list of characters",
            text -> ListTerm.ofString(checked(text)),
            term -> term instanceof ListTerm list ? list.asString().orElse(null) : null);

    private static final Codec ATOM = new LeafCodec<>(
            String.class, "String", "an atom", Texts::atom, term -> term instanceof Atom atom ? atom.text() : null);

    private Texts() {}

    static Codec of(TextForm form) {
        return switch (form) {
            case BINARY -> BINARY;
            case CHARLIST -> CHARLIST;
            case ATOM -> ATOM;
        };
    }

    private static String checked(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isHighSurrogate(text.charAt(i))
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(text.charAt(i))) {
                throw new Mismatch("a lone surrogate at index " + i + " is no character (expected: Unicode text)");
            }
        }
        return text;
    }

    private static Atom atom(String text) {
        checked(text);
        try {
            return Atom.of(text);
        } catch (IllegalArgumentException e) {
            throw new Mismatch(String.valueOf(e.getMessage()), e);
        }
    }

    private static @Nullable String fromBinary(Term term) {
        if (term instanceof ListTerm list
                && !list.elements().isEmpty()
                && list.asString().isPresent()) {
            throw new Mismatch(Excerpt.of(term)
                    + " is a charlist (expected: a binary of UTF-8, or that the type is @AsCharlist String)");
        }
        return term instanceof Binary binary ? utf8(binary) : null;
    }

    private static @Nullable String utf8(Binary binary) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(binary.asByteBuffer())
                    .toString();
        } catch (CharacterCodingException e) {
            return null; // bytes, not text
        }
    }
}
