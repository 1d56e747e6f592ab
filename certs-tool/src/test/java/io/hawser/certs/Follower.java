package io.hawser.certs;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.stream.Collectors;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** A node as far as TLS and the first packet go: shows and trusts what the store said when it last followed. */
final class Follower implements AutoCloseable {
    private final OrgStore store;
    private final NodeName node;
    private final ServerSocket listener;
    private volatile SSLContext context;

    Follower(OrgStore store, NodeName node) throws Exception {
        this.store = store;
        this.node = node;
        this.context = read();
        this.listener = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
        var thread = new Thread(this::serve, "follower-" + node);
        thread.setDaemon(true);
        thread.start();
    }

    /** Takes what an export would give it now. */
    void follow() throws Exception {
        context = read();
    }

    private SSLContext read() throws GeneralSecurityException, IOException {
        NodeCertificate certificate = store.node(node);
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        keys.setKeyEntry(
                "node",
                store.key(certificate),
                new char[0],
                store.shown(certificate).toArray(new X509Certificate[0]));
        KeyManagerFactory own = KeyManagerFactory.getInstance("PKIX");
        own.init(keys, new char[0]);
        var parameters = new PKIXBuilderParameters(
                store.roots().stream().map(root -> new TrustAnchor(root, null)).collect(Collectors.toSet()),
                new X509CertSelector());
        parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(store.crls())));
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(new CertPathTrustManagerParameters(parameters));
        SSLContext made = SSLContext.getInstance("TLS");
        made.init(own.getKeyManagers(), trust.getTrustManagers(), new SecureRandom());
        return made;
    }

    private void serve() {
        while (!listener.isClosed()) {
            try (Socket plain = listener.accept();
                    SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, null, true)) {
                socket.setUseClientMode(false);
                socket.setNeedClientAuth(true);
                var in = new DataInputStream(socket.getInputStream());
                in.readFully(new byte[in.readInt()]);
                var out = new DataOutputStream(socket.getOutputStream());
                out.writeInt(3);
                out.writeBytes("sok");
                out.flush();
                in.read();
            } catch (IOException e) {
                // refused, or the test is over
            }
        }
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.getLocalPort());
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
