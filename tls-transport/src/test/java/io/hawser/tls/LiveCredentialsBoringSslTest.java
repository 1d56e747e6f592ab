package io.hawser.tls;

class LiveCredentialsBoringSslTest extends LiveCredentialsContract {
    @Override
    TlsEngine engine() {
        return TlsEngine.BORINGSSL;
    }
}
