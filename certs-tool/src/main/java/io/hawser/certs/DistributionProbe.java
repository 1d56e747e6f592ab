package io.hawser.certs;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/**
 * Dials a node, shows a certificate, names itself, and goes away: TLS, then {@code send_name}, then the node's status. Only
 * the status tells that the node accepted: in TLS 1.3 the dialler is done before the listener has looked at its certificate.
 *
 * @see <a href="https://www.erlang.org/doc/apps/erts/erl_dist_protocol.html">Distribution protocol, handshake</a>
 */
final class DistributionProbe {
    private static final int MAX_STATUS = 1024;
    private static final int PORT_PLEASE2_REQ = 122;
    private static final int PORT2_RESP = 119;

    /** What OTP 25 to 28 insist on, and version 6 of the handshake. */
    private static final long FLAGS = 0x4L // DFLAG_EXTENDED_REFERENCES
            | 0x10L // DFLAG_FUN_TAGS
            | 0x80L // DFLAG_NEW_FUN_TAGS
            | 0x100L // DFLAG_EXTENDED_PIDS_PORTS
            | 0x200L // DFLAG_EXPORT_PTR_TAG
            | 0x400L // DFLAG_BIT_BINARIES
            | 0x800L // DFLAG_NEW_FLOATS
            | 0x1_0000L // DFLAG_UTF8_ATOMS
            | 0x2_0000L // DFLAG_MAP_TAG
            | 0x4_0000L // DFLAG_BIG_CREATION
            | 0x100_0000L // DFLAG_HANDSHAKE_23
            | 0x200_0000L // DFLAG_UNLINK_ID
            | 0x4_0000_0000L; // DFLAG_V4_NC

    /** How Hawser nodes prove the cookie; one that knows a name by it lets that name in no other way. Others ignore it. */
    private static final String STRONG_PROOF = "hawser-strong-1";

    /** What the node did. */
    enum Verdict {
        /** It let us in, as far as certificate and name go. */
        ACCEPTED,
        /** It turned us away. */
        REFUSED,
        /** We turned it away: its own certificate is not good. */
        NOT_TRUSTED,
        /** It could not be reached, or said nothing. */
        UNREACHABLE
    }

    /** What the node did, in a word and in a line. */
    record Answer(Verdict verdict, String detail) {}

    /** What is shown, and how. */
    record Credentials(List<X509Certificate> chain, PrivateKey key) {}

    private final Duration timeout;

    DistributionProbe(Duration timeout) {
        this.timeout = timeout;
    }

    /** Begins an attempt, with all the time that one has. */
    Deadline attempt() {
        return new Deadline(timeout);
    }

    /** Asks an EPMD for a node's port; 0 when it knows no such node. */
    static int port(InetAddress host, int epmdPort, String alive, Deadline deadline) throws IOException {
        try (var socket = new Socket()) {
            connect(socket, new InetSocketAddress(host, epmdPort), deadline);
            byte[] name = alive.getBytes(StandardCharsets.UTF_8);
            var out = new DataOutputStream(socket.getOutputStream());
            out.writeShort(name.length + 1);
            out.writeByte(PORT_PLEASE2_REQ);
            out.write(name);
            out.flush();
            var in = new DataInputStream(socket.getInputStream());
            // PORT2_RESP: tag, result (0 is good), port
            return in.readUnsignedByte() == PORT2_RESP && in.readUnsignedByte() == 0 ? in.readUnsignedShort() : 0;
        } catch (IOException e) {
            throw deadline.isOver() ? new SocketTimeoutException("EPMD gave no answer in time") : e;
        }
    }

    private static void connect(Socket socket, InetSocketAddress address, Deadline deadline) throws IOException {
        deadline.guard(socket);
        socket.connect(address, deadline.remainingMillis());
    }

    /**
     * Dials once, for all the time that an attempt has.
     *
     * @param credentials what to show; an empty chain for nothing
     * @param claimed the name to call oneself
     * @param protocol the TLS version
     */
    Answer dial(
            InetSocketAddress address, TrustManager trust, Credentials credentials, String claimed, String protocol) {
        try (Deadline deadline = attempt()) {
            return dial(address, trust, credentials, claimed, protocol, deadline);
        }
    }

    /**
     * Dials once, in an attempt that has begun.
     *
     * @param credentials what to show; an empty chain for nothing
     * @param claimed the name to call oneself
     * @param protocol the TLS version
     * @param deadline the end of it all, connecting and closing too
     */
    static Answer dial(
            InetSocketAddress address,
            TrustManager trust,
            Credentials credentials,
            String claimed,
            String protocol,
            Deadline deadline) {
        try (var socket = new Socket()) {
            connect(socket, address, deadline);
            Answer answer = dial(socket, trust, credentials, claimed, protocol);
            return deadline.isOver() ? new Answer(Verdict.UNREACHABLE, "no answer in time") : answer;
        } catch (IOException e) {
            return new Answer(Verdict.UNREACHABLE, "no connection to " + address + ": " + Names.printable(message(e)));
        }
    }

    private static Answer dial(
            Socket plain, TrustManager trust, Credentials credentials, String claimed, String protocol) {
        SSLContext context = context(trust, credentials);
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, null, true)) {
            socket.setUseClientMode(true);
            socket.setEnabledProtocols(new String[] {protocol});
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {STRONG_PROOF});
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            var out = new DataOutputStream(socket.getOutputStream());
            out.write(sendName(claimed));
            out.flush();
            return status(new DataInputStream(socket.getInputStream()));
        } catch (StackOverflowError e) {
            // the JDK reads what a stranger shows before we see it, and calls itself for each level; 32 KiB bound it
            return new Answer(Verdict.NOT_TRUSTED, "its certificate is nested deeper than any certificate");
        } catch (SSLException e) {
            if (e.getCause() instanceof CertificateException untrusted) {
                return new Answer(Verdict.NOT_TRUSTED, Names.printable(message(untrusted), 300));
            }
            return new Answer(Verdict.REFUSED, "TLS: " + Names.printable(message(e)));
        } catch (EOFException e) {
            return new Answer(Verdict.REFUSED, "closed the connection");
        } catch (IOException e) {
            return new Answer(Verdict.REFUSED, "broke the connection: " + Names.printable(message(e)));
        }
    }

    /** Length (4 bytes over TLS, from the first packet on), 'N', flags, creation, length of the name, name. */
    private static byte[] sendName(String name) {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        try {
            out.writeInt(1 + 8 + 4 + 2 + text.length);
            out.writeByte('N');
            out.writeLong(FLAGS);
            out.writeInt(1);
            out.writeShort(text.length);
            out.write(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory
        }
        return bytes.toByteArray();
    }

    /** Length, 's', text. */
    private static Answer status(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 1 || length > MAX_STATUS || in.readUnsignedByte() != 's') {
            return new Answer(Verdict.REFUSED, "answered with something else than a status");
        }
        byte[] text = new byte[length - 1];
        in.readFully(text);
        String status = new String(text, StandardCharsets.ISO_8859_1);
        // nok and alive speak of another connection of that name, not of us
        boolean accepted = List.of("ok", "ok_simultaneous", "nok", "alive").contains(status);
        return new Answer(accepted ? Verdict.ACCEPTED : Verdict.REFUSED, "status " + Names.printable(status));
    }

    private static SSLContext context(TrustManager trust, Credentials credentials) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {new OneKey(credentials)}, new TrustManager[] {trust}, new SecureRandom());
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK cannot speak TLS", e);
        }
    }

    private static String message(Exception e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
