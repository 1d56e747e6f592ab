package io.hawser.tls;

class RenewalJdkTest extends RenewalContract {
    @Override
    TlsEngine engine() {
        return TlsEngine.JDK;
    }
}
