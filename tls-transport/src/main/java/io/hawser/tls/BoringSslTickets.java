package io.hawser.tls;

import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.internal.tcnative.SSL;

/** Turns off the session tickets of TLS 1.3, which Netty turns on for each engine. Its own class: it needs tcnative. */
final class BoringSslTickets {
    private BoringSslTickets() {}

    /** A resumed session shows no certificate, so nothing would be checked again after a revocation. */
    static void disable(ReferenceCountedOpenSslEngine engine) {
        SSL.setOptions(engine.sslPointer(), SSL.SSL_OP_NO_TICKET);
    }
}
