package io.hawser.examples.attack;

import io.hawser.examples.attack.Mint.Coin;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * One end of a TLS connection in an attacker's hands: shows whatever certificate it was given, trusts everybody, and says
 * and hears packets with 4-byte lengths. Not thread-safe; used by one caller at a time.
 */
final class Impostor implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Socket connection;
    private final SSLSocket socket;

    private Impostor(Socket connection, SSLSocket socket) {
        this.connection = connection;
        this.socket = socket;
    }

    /** Connects to a victim, and shows a certificate. TLS 1.3: the victim's verdict comes after the handshake. */
    static Impostor dial(InetSocketAddress victim, Coin shown, String... protocols) throws IOException {
        return over(new Socket(victim.getAddress(), victim.getPort()), context(shown), true, protocols);
    }

    /** Does TLS on a connection that stands. */
    static Impostor over(Socket connection, SSLContext context, boolean client, String... protocols)
            throws IOException {
        connection.setSoTimeout((int) PATIENCE.toMillis());
        var socket =
                (SSLSocket) context.getSocketFactory().createSocket(connection, "victim", connection.getPort(), true);
        socket.setUseClientMode(client);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setProtocols(new String[] {"TLSv1.3"});
        parameters.setApplicationProtocols(protocols);
        parameters.setNeedClientAuth(!client);
        socket.setSSLParameters(parameters);
        try {
            socket.startHandshake();
        } catch (IOException e) {
            connection.close();
            throw e;
        }
        return new Impostor(connection, socket);
    }

    /** Does TLS from anew on the connection that stands, and shows another certificate. */
    Impostor again(Coin shown, String... protocols) throws IOException {
        return over(connection, context(shown), true, protocols);
    }

    SSLSocket socket() {
        return socket;
    }

    void say(byte[] packet) throws IOException {
        ByteBuffer framed = ByteBuffer.allocate(Integer.BYTES + packet.length)
                .putInt(packet.length)
                .put(packet);
        socket.getOutputStream().write(framed.array());
        socket.getOutputStream().flush();
    }

    /** Says something that the victim may not want to hear any more. */
    void trySay(byte[] packet) {
        try {
            say(packet);
        } catch (IOException e) {
            return; // closed: hear() will tell
        }
    }

    /** Waits for the next packet; empty if the victim closed the connection, in an orderly way or not. */
    Optional<byte[]> hear() {
        try {
            var in = new DataInputStream(socket.getInputStream());
            return Optional.of(in.readNBytes(in.readInt()));
        } catch (SocketTimeoutException e) {
            throw new AssertionError("the victim neither answers nor closes", e);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Accepts one connection, shows a certificate, and returns the packets that are said to it, up to so many. */
    static List<byte[]> heardAsListener(ServerSocket server, Coin shown, int most) throws IOException {
        var heard = new ArrayList<byte[]>();
        try (var accepted = over(server.accept(), context(shown), false)) {
            while (heard.size() < most) {
                Optional<byte[]> packet = accepted.hear();
                if (packet.isEmpty()) {
                    break;
                }
                heard.add(packet.get());
            }
        } catch (SSLException | SocketException e) {
            return heard; // refused during the handshake of TLS
        }
        return heard;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The settings of a TLS peer that shows this certificate, whatever it is asked for. */
    static SSLContext context(@Nullable Coin shown) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    shown == null ? null : new X509ExtendedKeyManager[] {new ShowsOne(shown)},
                    new TrustManager[] {new TrustsEverybody()},
                    null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static final class TrustsEverybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {
            assert chain.length > 0;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {
            assert chain.length > 0;
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    /** The JDK's own key managers hold back what does not fit. */
    private static final class ShowsOne extends X509ExtendedKeyManager {
        private static final String ALIAS = "the only one";

        private final Coin shown;

        ShowsOne(Coin shown) {
            this.shown = shown;
        }

        @Override
        public String chooseEngineClientAlias(String[] keyTypes, Principal[] issuers, SSLEngine engine) {
            return ALIAS;
        }

        @Override
        public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
            return ALIAS;
        }

        @Override
        public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
            return ALIAS;
        }

        @Override
        public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
            return ALIAS;
        }

        @Override
        public String[] getClientAliases(String keyType, Principal[] issuers) {
            return new String[] {ALIAS};
        }

        @Override
        public String[] getServerAliases(String keyType, Principal[] issuers) {
            return new String[] {ALIAS};
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return shown.chain().toArray(new X509Certificate[0]);
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return shown.key();
        }
    }
}
