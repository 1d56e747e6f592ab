package io.hawser.tls;

import org.jspecify.annotations.Nullable;

/** A file or setting of this node's own TLS configuration cannot be used. The message names it and says what to do. */
public class TlsConfigurationException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param message which file or setting, what was found, what was expected
     */
    public TlsConfigurationException(String message) {
        super(message);
    }

    /**
     * Makes the exception.
     *
     * @param message which file or setting, what was found, what was expected
     * @param cause what led to it
     */
    public TlsConfigurationException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
