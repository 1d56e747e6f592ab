package io.hawser.testing;

import com.fasterxml.jackson.databind.JsonNode;
import io.hawser.term.Atom;
import io.hawser.term.Binary;
import io.hawser.term.Bitstring;
import io.hawser.term.ExternalFun;
import io.hawser.term.FloatTerm;
import io.hawser.term.ImproperList;
import io.hawser.term.IntegerTerm;
import io.hawser.term.ListTerm;
import io.hawser.term.LocalFun;
import io.hawser.term.MapTerm;
import io.hawser.term.Pid;
import io.hawser.term.Port;
import io.hawser.term.Reference;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compares terms with the JSON trees that the vectors hold for them, without Hawser's own codec or equality of terms. */
public final class ValueTree {
    private ValueTree() {}

    /** Returns whether a term is what a tree says. */
    public static boolean matches(JsonNode tree, Term term) {
        String kind = tree.fieldNames().next();
        JsonNode value = tree.get(kind);
        return switch (kind) {
            case "int" ->
                term instanceof IntegerTerm integer && integer.bigIntegerValue().equals(new BigInteger(value.asText()));
            case "float" ->
                term instanceof FloatTerm number
                        && Double.doubleToRawLongBits(number.value()) == Long.parseUnsignedLong(value.asText(), 16);
            case "atom" -> isAtom(value, term);
            case "bin" ->
                term instanceof Binary binary
                        && HexFormat.of().formatHex(binary.toByteArray()).equals(value.asText());
            case "bin_size" ->
                term instanceof Binary binary
                        && binary.size() == value.asInt()
                        && md5(binary.toByteArray()).equals(tree.get("bin_md5").asText());
            case "bits" ->
                term instanceof Bitstring bits
                        && HexFormat.of().formatHex(bits.toByteArray()).equals(value.asText())
                        && bits.bitSize() == tree.get("nbits").asLong();
            case "tuple" -> term instanceof Tuple tuple && all(value, tuple.elements());
            case "list" -> isList(value, tree.get("tail"), term);
            case "bytelist" -> HexFormat.of().formatHex(byteList(term)).equals(value.asText());
            case "bytelist_size" ->
                byteList(term).length == value.asInt()
                        && md5(byteList(term)).equals(tree.get("bytelist_md5").asText());
            case "map" -> isMap(value, term);
            case "pid" ->
                term instanceof Pid pid
                        && isAtom(value.get(0), pid.node())
                        && pid.id() == value.get(1).asLong()
                        && pid.serial() == value.get(2).asLong()
                        && pid.creation() == value.get(3).asLong();
            case "port" ->
                term instanceof Port port
                        && isAtom(value.get(0), port.node())
                        && port.id() == Long.parseUnsignedLong(value.get(1).asText())
                        && port.creation() == value.get(2).asLong();
            case "ref" -> isReference(value, term);
            case "export" ->
                term instanceof ExternalFun fun
                        && isAtom(value.get(0), fun.module())
                        && isAtom(value.get(1), fun.function())
                        && fun.arity() == value.get(2).asInt();
            case "fun" -> isFun(value, term);
            case "omitted" -> true;
            default -> throw new IllegalArgumentException("value tree of kind " + kind);
        };
    }

    private static boolean isAtom(JsonNode text, Term term) {
        return term instanceof Atom atom && atom.text().equals(text.asText());
    }

    private static boolean all(JsonNode trees, List<? extends Term> terms) {
        if (trees.size() != terms.size()) {
            return false;
        }
        for (int i = 0; i < terms.size(); i++) {
            if (!matches(trees.get(i), terms.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isList(JsonNode elements, @Nullable JsonNode tail, Term term) {
        if (tail == null) {
            return term instanceof ListTerm list && all(elements, list.elements());
        }
        return term instanceof ImproperList list && all(elements, list.elements()) && matches(tail, list.tail());
    }

    private static boolean isMap(JsonNode pairs, Term term) {
        if (!(term instanceof MapTerm map) || map.entries().size() != pairs.size()) {
            return false;
        }
        for (JsonNode pair : pairs) {
            if (map.entries().entrySet().stream()
                    .noneMatch(e -> matches(pair.get(0), e.getKey()) && matches(pair.get(1), e.getValue()))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isReference(JsonNode value, Term term) {
        if (!(term instanceof Reference reference)
                || !isAtom(value.get(0), reference.node())
                || reference.creation() != value.get(1).asLong()
                || reference.wordCount() != value.get(2).size()) {
            return false;
        }
        for (int i = 0; i < reference.wordCount(); i++) {
            if (Integer.toUnsignedLong(reference.word(i)) != value.get(2).get(i).asLong()) {
                return false;
            }
        }
        return true;
    }

    private static boolean isFun(JsonNode value, Term term) {
        return term instanceof LocalFun fun
                && isAtom(value.get("module"), fun.module())
                && fun.arity() == value.get("arity").asInt()
                && HexFormat.of().formatHex(fun.uniq().toByteArray()).equals(text(value.get("uniq")))
                && fun.index() == value.get("index").asLong()
                && fun.oldIndex().bigIntegerValue().toString().equals(text(value.get("old_index")))
                && fun.oldUniq().bigIntegerValue().toString().equals(text(value.get("old_uniq")))
                && all(value.get("free"), fun.free());
    }

    private static String text(JsonNode value) {
        return value.isObject() ? value.elements().next().asText() : value.asText();
    }

    private static byte[] byteList(Term term) {
        List<Term> elements = ((ListTerm) term).elements();
        byte[] bytes = new byte[elements.size()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) ((IntegerTerm) elements.get(i)).bigIntegerValue().intValueExact();
        }
        return bytes;
    }

    /** Returns the MD5 of bytes, as the vectors have it for large values. */
    public static String md5(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
