package io.hawser.examples.attack;

import io.hawser.handshake.ConnectionArbiter;
import io.hawser.handshake.DistFlag;
import io.hawser.handshake.Handshake;
import io.hawser.handshake.HandshakeContext;
import io.hawser.handshake.Handshakes;
import io.hawser.handshake.Step;
import io.hawser.term.NodeName;
import io.hawser.transport.ChannelBinding;
import io.hawser.transport.ChannelSecurity;
import io.hawser.transport.PeerIdentity;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLSession;

/** Hawser's own handshake on a connection of an {@link Impostor}, for attackers who know the cookie or once did. */
final class Proving implements ConnectionArbiter {
    private final List<byte[]> said = new ArrayList<>();
    private boolean admitted;

    private Proving() {}

    /** Plays the initiator to its end. */
    static Proving initiator(Impostor on, Handshakes handshakes, String self, String victim) throws Exception {
        var proving = new Proving();
        proving.run(
                on,
                handshakes.initiator(new HandshakeContext(
                        NodeName.parse(self),
                        77,
                        DistFlag.RECOMMENDED_HIDDEN,
                        Optional.of(NodeName.parse(victim)),
                        new Bound(binding(on)),
                        proving)));
        return proving;
    }

    /** What was said, in order. */
    List<byte[]> said() {
        return said;
    }

    boolean isAdmitted() {
        return admitted;
    }

    private void run(Impostor on, Handshake handshake) throws IOException {
        Step step = handshake.start();
        while (true) {
            for (ByteBuffer packet : step.send()) {
                var bytes = new byte[packet.remaining()];
                packet.get(bytes);
                said.add(bytes);
                on.say(bytes);
            }
            admitted = step.admitted().isPresent();
            Optional<byte[]> heard = admitted ? Optional.empty() : on.hear();
            if (heard.isEmpty()) {
                return;
            }
            step = handshake.onPacket(ByteBuffer.wrap(heard.get()));
        }
    }

    private static Optional<ChannelBinding> binding(Impostor on) throws IOException, GeneralSecurityException {
        String agreed = on.socket().getApplicationProtocol();
        SSLSession session = on.socket().getSession();
        return agreed == null || agreed.isEmpty()
                ? Optional.empty()
                : Optional.of(ChannelBinding.of(
                        agreed,
                        session.getLocalCertificates()[0].getEncoded(),
                        session.getPeerCertificates()[0].getEncoded()));
    }

    @Override
    public Verdict onClaim(NodeName peer, long flags) {
        return Verdict.OK;
    }

    @Override
    public boolean isStillWanted() {
        return true;
    }

    private record Bound(Optional<ChannelBinding> binding) implements PeerIdentity {
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
            return "the victim";
        }
    }
}
