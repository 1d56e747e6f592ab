package io.hawser.tls;

import io.hawser.tls.TestCa.Leaf;
import io.hawser.transport.ChannelBinding;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * A dialler that knows how to renew and does what a test says: it shows any certificate, at any time, and accepts all. Not
 * thread-safe; used by one caller at a time.
 */
final class OddPeer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final byte[] NONCE = new byte[Renewal.NONCE_BYTES];

    private final Socket connection;
    private SSLSocket session;
    private byte[] theirNonce = {};

    private OddPeer(Socket connection, Leaf shown) throws IOException {
        this.connection = connection;
        connection.setSoTimeout((int) PATIENCE.toMillis());
        this.session = secured(shown);
    }

    static OddPeer dial(InetSocketAddress address, Leaf shown) throws IOException {
        return new OddPeer(new Socket(address.getAddress(), address.getPort()), shown);
    }

    private SSLSocket secured(Leaf shown) throws IOException {
        var made = (SSLSocket) context(shown).getSocketFactory().createSocket(connection, "any", 1, true);
        made.setUseClientMode(true);
        SSLParameters parameters = made.getSSLParameters();
        parameters.setProtocols(new String[] {"TLSv1.3"});
        parameters.setApplicationProtocols(new String[] {"test"});
        made.setSSLParameters(parameters);
        made.startHandshake();
        return made;
    }

    private static SSLContext context(Leaf shown) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(
                    "own", shown.keys().getPrivate(), PASSWORD, shown.chain().toArray(new Certificate[0]));
            KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
            keys.init(store, PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), new TrustManager[] {new TrustsEverybody()}, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new AssertionError(e);
        }
    }

    void say(byte[] packet) throws IOException {
        ByteBuffer framed = ByteBuffer.allocate(Integer.BYTES + packet.length);
        session.getOutputStream().write(framed.putInt(packet.length).put(packet).array());
        session.getOutputStream().flush();
    }

    void say(byte kind, byte... content) throws IOException {
        ByteBuffer packet = ByteBuffer.allocate(2 + content.length);
        say(packet.put(Renewal.TAG).put(kind).put(content).array());
    }

    /** Waits for a packet that is about renewal, and returns what follows its kind. */
    byte[] hear(byte kind) throws IOException {
        var in = new DataInputStream(session.getInputStream());
        byte[] packet = in.readNBytes(in.readInt());
        if (packet.length < 2 || packet[0] != Renewal.TAG || packet[1] != kind) {
            throw new AssertionError("heard " + Arrays.toString(packet) + " (expected: kind " + kind + ")");
        }
        return Arrays.copyOfRange(packet, 2, packet.length);
    }

    /** Ends the old session. */
    void begin() throws IOException {
        say(Renewal.BEGIN, NONCE);
        theirNonce = hear(Renewal.GO);
    }

    /** Begins the new one. The node's verdict comes after it. */
    void secureAgain(Leaf shown) throws IOException {
        session = secured(shown);
    }

    /** Proves that it is who was there before; in vain if the node closes the connection instead. */
    void prove() throws IOException, CertificateEncodingException {
        try {
            say(Renewal.PROOF, proof());
        } catch (IOException e) {
            return; // what the node's side is told says why
        }
    }

    private byte[] proof() throws IOException, CertificateEncodingException {
        ChannelBinding binding = ChannelBinding.of(
                "test",
                session.getSession().getLocalCertificates()[0].getEncoded(),
                session.getSession().getPeerCertificates()[0].getEncoded());
        return Renewal.proof(NONCE, theirNonce, true, binding.ownCertificate(), binding.peerCertificate());
    }

    @Override
    public void close() throws IOException {
        connection.close();
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
}
