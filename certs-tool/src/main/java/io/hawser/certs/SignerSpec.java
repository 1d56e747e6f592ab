package io.hawser.certs;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Where the key of a CA is when it is in no file: in a token, or behind a command. Holds no secret. Immutable,
 * thread-safe.
 */
public sealed interface SignerSpec permits Pkcs11Uri, SignerCommand {
    /** The file in a CA's directory that says where its key is, in place of {@code key.pem}. */
    String FILE = "signer.yaml";

    /**
     * Reads it as it is written on the command line.
     *
     * @param text {@code pkcs11:} and the rest of a URI as RFC 7512 has it, or {@code exec:} and a command
     * @return what it says
     * @throws CertsException if it is neither ({@code USAGE}), or holds a PIN ({@code SECRET_ON_ARGV})
     */
    static SignerSpec parse(String text) {
        if (text.startsWith(Pkcs11Uri.SCHEME)) {
            return Pkcs11Uri.parse(text);
        }
        if (text.startsWith(SignerCommand.SCHEME)) {
            return SignerCommand.parse(text);
        }
        throw new CertsException(ErrorCode.USAGE, "a signer is pkcs11:URI or exec:COMMAND; this is neither")
                .hint("For example pkcs11:token=ca;object=issuing-1?module-path=/usr/lib/softhsm/libsofthsm2.so");
    }

    /**
     * The kind of signer, in one word.
     *
     * @return {@code pkcs11} or {@code exec}
     */
    String kind();

    /**
     * The text that was parsed.
     *
     * @return the text
     */
    String text();

    /**
     * Makes the content of the file that records it.
     *
     * @return YAML
     */
    default byte[] toYaml() {
        try {
            String quoted = new ObjectMapper().writeValueAsString(text());
            return ("# Written by certs-tool. Where the key of this CA is; holds no secret.\nsigner: " + quoted + "\n")
                    .getBytes(StandardCharsets.UTF_8);
        } catch (JacksonException e) {
            throw new IllegalStateException("a text cannot be quoted", e);
        }
    }

    /**
     * Reads the content of that file.
     *
     * @param content YAML
     * @param file where it comes from, for errors
     * @return what it records
     * @throws CertsException if it is not such a file ({@code FILE_INVALID}), or names no signer
     */
    static SignerSpec read(byte[] content, Path file) {
        try {
            return parse(YamlMap.of(file, YamlMap.mapper().readTree(content), "signer")
                    .text("signer"));
        } catch (IOException e) {
            throw new CertsException(ErrorCode.FILE_INVALID, file + ": is not YAML", e).about(file);
        } catch (CertsException e) {
            throw e.code() == ErrorCode.FILE_INVALID
                    ? e
                    : new CertsException(ErrorCode.FILE_INVALID, file + ": " + e.message(), e).about(file);
        }
    }
}
