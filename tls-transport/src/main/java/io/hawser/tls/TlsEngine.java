package io.hawser.tls;

/** What does the cryptography of TLS. Which certificates are trusted is decided by the JDK in each case. */
public enum TlsEngine {
    /** BoringSSL where its native library loads, else the JDK's; which one is logged when a transport starts. */
    AUTO,
    /** BoringSSL, through netty-tcnative; starting a transport fails where the library does not load. */
    BORINGSSL,
    /** The JDK's own. */
    JDK
}
