package io.hawser.certs;

import java.util.ArrayList;
import java.util.List;

/**
 * A command that signs, for a key management service: {@code exec:COMMAND ARGUMENT...}.
 *
 * <p>Blanks part the words; '...' and "..." keep blanks together. No shell reads it: there are no variables, no
 * wildcards, no backslashes.
 *
 * @param text the text that was parsed
 * @param words the program and its arguments, at least one
 */
record SignerCommand(String text, List<String> words) implements SignerSpec {
    static final String SCHEME = "exec:";

    SignerCommand {
        words = List.copyOf(words);
    }

    static SignerCommand parse(String text) {
        String command = text.substring(SCHEME.length());
        if (command.chars().anyMatch(Character::isISOControl)) {
            throw new CertsException(ErrorCode.USAGE, "the command after exec: holds control characters");
        }
        var words = new ArrayList<String>();
        var word = new StringBuilder();
        boolean inWord = false;
        char quote = 0;
        for (int i = 0; i < command.length(); i++) {
            char c = command.charAt(i);
            if (quote != 0) {
                if (c == quote) {
                    quote = 0;
                } else {
                    word.append(c);
                }
            } else if (c == '\'' || c == '"') {
                quote = c;
                inWord = true;
            } else if (c == ' ') {
                if (inWord) {
                    words.add(word.toString());
                    word.setLength(0);
                }
                inWord = false;
            } else {
                word.append(c);
                inWord = true;
            }
        }
        if (quote != 0) {
            throw new CertsException(ErrorCode.USAGE, "the command after exec: has a quotation mark without its end");
        }
        if (inWord) {
            words.add(word.toString());
        }
        if (words.isEmpty() || words.get(0).isEmpty()) {
            throw new CertsException(ErrorCode.USAGE, "there is no command after exec:")
                    .hint("For example exec:/usr/local/bin/kms-sign --key issuing");
        }
        return new SignerCommand(text, words);
    }

    @Override
    public String kind() {
        return "exec";
    }
}
