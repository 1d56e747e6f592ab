package io.hawser.tls;

class RenewalBoringSslTest extends RenewalContract {
    @Override
    TlsEngine engine() {
        return TlsEngine.BORINGSSL;
    }
}
