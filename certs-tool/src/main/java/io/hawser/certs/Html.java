package io.hawser.certs;

/** Builds a page out of text that is escaped, wherever it is from. Not thread-safe; used by one caller at a time. */
final class Html {
    private final StringBuilder page = new StringBuilder();

    /** Adds markup, which must hold no text from outside; each {@code %s} stands for text, in order. */
    Html add(String markup, Object... texts) {
        int from = 0;
        for (Object text : texts) {
            int at = markup.indexOf("%s", from);
            page.append(markup, from, at).append(escape(text.toString()));
            from = at + 2;
        }
        page.append(markup, from, markup.length());
        return this;
    }

    /** Text fit for content and quoted attributes; control and bidirectional characters, which could hide others, are shown. */
    static String escape(String text) {
        var escaped = new StringBuilder();
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> {
                    int type = Character.getType(c);
                    if (Character.isISOControl(c) || type == Character.FORMAT || type == Character.SURROGATE) {
                        escaped.append(String.format(java.util.Locale.ROOT, "\\u%04x", c));
                    } else {
                        escaped.appendCodePoint(c);
                    }
                }
            }
        });
        return escaped.toString();
    }

    @Override
    public String toString() {
        return page.toString();
    }
}
