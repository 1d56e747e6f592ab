package io.hawser.tls;

class LiveCredentialsJdkTest extends LiveCredentialsContract {
    @Override
    TlsEngine engine() {
        return TlsEngine.JDK;
    }
}
