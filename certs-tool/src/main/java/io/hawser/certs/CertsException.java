package io.hawser.certs;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An operation was refused or failed; says why, about what, and what to do. Carries no secret. */
public final class CertsException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** The stable code. */
    private final ErrorCode code;

    /** What to do about it. */
    private final @Nullable String hint;

    /** The node, file or object it is about. */
    private final @Nullable String subject;

    private CertsException(
            ErrorCode code,
            String message,
            @Nullable String hint,
            @Nullable String subject,
            @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.hint = hint;
        this.subject = subject;
    }

    /**
     * An error without hint or subject.
     *
     * @param code the stable code
     * @param message one line, no full stop
     */
    public CertsException(ErrorCode code, String message) {
        this(code, message, null, null, null);
    }

    /**
     * An error with a cause.
     *
     * @param code the stable code
     * @param message one line, no full stop
     * @param cause what was caught
     */
    public CertsException(ErrorCode code, String message, Throwable cause) {
        this(code, message, null, null, cause);
    }

    static CertsException io(String doing, Path path, IOException cause) {
        String why = cause.getClass().getSimpleName();
        if (cause instanceof NoSuchFileException) {
            why = "no such file";
        } else if (cause instanceof AccessDeniedException) {
            why = "access denied";
        }
        return new CertsException(ErrorCode.IO, doing + " " + path + " failed: " + why, null, path.toString(), cause);
    }

    /**
     * The same error with advice.
     *
     * @param advice what to do, one sentence
     * @return a new exception with this one's code, message, subject and cause
     */
    public CertsException hint(String advice) {
        return new CertsException(code, message(), advice, subject, getCause());
    }

    /**
     * The same error, about something named.
     *
     * @param about the node, file or object
     * @return a new exception with this one's code, message, hint and cause
     */
    public CertsException about(Object about) {
        return new CertsException(code, message(), hint, about.toString(), getCause());
    }

    /**
     * The stable code.
     *
     * @return the code, which also gives the exit code
     */
    public ErrorCode code() {
        return code;
    }

    /**
     * The message, never null.
     *
     * @return one line
     */
    public String message() {
        String message = getMessage();
        return message == null ? code.name() : message;
    }

    /**
     * What to do about it.
     *
     * @return a sentence, or empty
     */
    public Optional<String> hint() {
        return Optional.ofNullable(hint);
    }

    /**
     * What the error is about.
     *
     * @return the node, file or object, or empty
     */
    public Optional<String> subject() {
        return Optional.ofNullable(subject);
    }
}
