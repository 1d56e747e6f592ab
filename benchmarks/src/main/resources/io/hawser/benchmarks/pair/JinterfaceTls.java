package io.hawser.benchmarks.pair;

import com.ericsson.otp.erlang.OtpServerTransport;
import com.ericsson.otp.erlang.OtpSocketTransportFactory;
import com.ericsson.otp.erlang.OtpTransport;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/**
 * Mutual TLS for Jinterface: the JDK's sockets behind its own interface for transports. It reaches Jinterface only: over TLS an
 * Erlang node frames the handshake of the distribution protocol with 4 bytes, Jinterface with 2.
 */
final class JinterfaceTls extends OtpSocketTransportFactory {
    private static final int BACKLOG = 64;

    private final SSLContext context;
    private final int epmdPort = Integer.parseInt(Plan.env("ERL_EPMD_PORT", "4369"));

    JinterfaceTls(String side) throws Exception {
        context = PairCertificates.context(Path.of(Plan.env("CERTS", ".")), side);
    }

    @Override
    public OtpTransport createTransport(String address, int port) throws IOException {
        return createTransport(InetAddress.getByName(address), port);
    }

    @Override
    public OtpTransport createTransport(InetAddress address, int port) throws IOException {
        if (port == epmdPort) {
            return super.createTransport(address, port); // EPMD is asked through the same factory, and speaks no TLS
        }
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket();
        SSLParameters parameters = parameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.connect(new InetSocketAddress(address, port));
        return new Secured(socket);
    }

    @Override
    public OtpServerTransport createServerTransport(int port) throws IOException {
        SSLServerSocket listener = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(port, BACKLOG, InetAddress.getLoopbackAddress());
        SSLParameters parameters = parameters();
        parameters.setNeedClientAuth(true);
        listener.setSSLParameters(parameters);
        return new Listener(listener);
    }

    /** The suite that BoringSSL chooses by itself, and that the Erlang end is told to take. */
    private static SSLParameters parameters() {
        return new SSLParameters(new String[] {PairCertificates.SUITE}, new String[] {"TLSv1.3"});
    }

    private static final class Listener implements OtpServerTransport {
        private final SSLServerSocket listener;

        Listener(SSLServerSocket listener) {
            this.listener = listener;
        }

        @Override
        public int getLocalPort() {
            return listener.getLocalPort();
        }

        @Override
        public OtpTransport accept() throws IOException {
            return new Secured((SSLSocket) listener.accept());
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }

    private static final class Secured implements OtpTransport {
        private final SSLSocket socket;

        Secured(SSLSocket socket) throws IOException {
            this.socket = socket;
            socket.setTcpNoDelay(true);
            socket.startHandshake();
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return socket.getInputStream();
        }

        @Override
        public OutputStream getOutputStream() throws IOException {
            return socket.getOutputStream();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
