package io.hawser.term;

/** Makes text from a peer fit for logs and error messages. */
public final class Printable {
    /** The most characters that are kept. */
    public static final int MAX_CHARACTERS = 120;

    private Printable() {}

    /**
     * Returns the text with everything but printable ASCII escaped, cut after {@value #MAX_CHARACTERS} characters.
     *
     * @param text text of any origin
     * @return one line of printable ASCII
     */
    public static String of(String text) {
        var out = new StringBuilder(Math.min(text.length(), MAX_CHARACTERS) + 16);
        for (int i = 0; i < text.length() && out.length() < MAX_CHARACTERS; i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c < 0x7F && c != '\\') {
                out.append(c);
            } else if (c == '\\') {
                out.append("\\\\");
            } else {
                out.append(String.format("\\u%04x", (int) c));
            }
        }
        return out.length() >= MAX_CHARACTERS ? out.append("...").toString() : out.toString();
    }
}
