package io.hawser.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.hawser.term.NodeName;
import io.hawser.transport.ChannelSecurity;
import io.hawser.transport.PeerIdentity;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HandshakeContextTest {
    @Test
    void takesCreationsOf32Bits() {
        assertThat(context(0xFFFF_FFFFL).creation()).isEqualTo(0xFFFF_FFFFL);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> context(1L << 32))
                .withMessage("creation: 4294967296 (expected: 0 to 4294967295)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> context(-1))
                .withMessage("creation: -1 (expected: 0 to 4294967295)");
    }

    private static HandshakeContext context(long creation) {
        return new HandshakeContext(
                NodeName.parse("a@h"), creation, 0, Optional.empty(), new Anybody(), new NoOthers());
    }

    private static final class Anybody implements PeerIdentity {
        @Override
        public Optional<String> refusal(NodeName name) {
            return Optional.empty();
        }

        @Override
        public boolean isVerified() {
            return false;
        }

        @Override
        public Optional<ChannelSecurity> security() {
            return Optional.empty();
        }

        @Override
        public String description() {
            return "anybody";
        }
    }

    private static final class NoOthers implements ConnectionArbiter {
        @Override
        public Verdict onClaim(NodeName peer, long flags) {
            return Verdict.OK;
        }

        @Override
        public boolean isStillWanted() {
            return true;
        }
    }
}
