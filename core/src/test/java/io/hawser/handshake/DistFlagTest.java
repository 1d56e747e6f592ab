package io.hawser.handshake;

import static io.hawser.handshake.DistFlag.DFLAG_FRAGMENTS;
import static io.hawser.handshake.DistFlag.DFLAG_MANDATORY_25_DIGEST;
import static io.hawser.handshake.DistFlag.DFLAG_PUBLISHED;
import static io.hawser.handshake.DistFlag.DFLAG_UNLINK_ID;
import static io.hawser.handshake.DistFlag.DFLAG_V4_NC;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DistFlagTest {
    @Test
    void theDigestStandsForWhatOtp25Requires() {
        long digest = DFLAG_MANDATORY_25_DIGEST.mask() | DFLAG_V4_NC.mask() | DFLAG_UNLINK_ID.mask();
        assertThat(DistFlag.expand(digest) & DistFlag.MANDATORY).isEqualTo(DistFlag.MANDATORY);
        assertThat(DistFlag.expand(DFLAG_FRAGMENTS.mask())).isEqualTo(DFLAG_FRAGMENTS.mask());
    }

    @Test
    void theRecommendedSetsHoldTheMandatoryFlags() {
        assertThat(DistFlag.RECOMMENDED_HIDDEN & DistFlag.MANDATORY).isEqualTo(DistFlag.MANDATORY);
        assertThat(DFLAG_PUBLISHED.in(DistFlag.RECOMMENDED_HIDDEN)).isFalse();
        assertThat(DFLAG_PUBLISHED.in(DistFlag.RECOMMENDED_VISIBLE)).isTrue();
    }

    @Test
    void namesTheBitsOfASetAndLeavesOutUnknownOnes() {
        assertThat(DistFlag.setOf(0)).isEmpty();
        assertThat(DistFlag.setOf(1L << 63 | 1L << 15 | DFLAG_V4_NC.mask() | DFLAG_PUBLISHED.mask()))
                .containsExactly(DFLAG_PUBLISHED, DFLAG_V4_NC);
    }
}
