package io.hawser.epmd;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A name server on loopback that knows SRV records of one name, over UDP. */
final class NameServer implements AutoCloseable {
    private static final int SRV = 33;
    private static final int NAME_ERROR = 3;

    private final DatagramSocket socket;
    private final Thread thread;
    private final String name;
    private final List<byte[]> records = new ArrayList<>();

    NameServer(String name) {
        this.name = name;
        try {
            socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
        thread = new Thread(this::run, "name-server");
    }

    InetSocketAddress address() {
        return new InetSocketAddress(socket.getLocalAddress(), socket.getLocalPort());
    }

    NameServer srv(int priority, int weight, int port, String target) {
        ByteBuffer data = ByteBuffer.allocate(512);
        data.putShort((short) priority)
                .putShort((short) weight)
                .putShort((short) port)
                .put(labels(target));
        records.add(Arrays.copyOf(data.array(), data.position()));
        return this;
    }

    NameServer start() {
        thread.start();
        return this;
    }

    private void run() {
        var bytes = new byte[512];
        while (!socket.isClosed()) {
            try {
                var query = new DatagramPacket(bytes, bytes.length);
                socket.receive(query);
                byte[] answer = answer(ByteBuffer.wrap(bytes, 0, query.getLength()));
                socket.send(new DatagramPacket(answer, answer.length, query.getSocketAddress()));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    // id, flags, counts of questions, answers, authorities, additionals; the question; the answers
    private byte[] answer(ByteBuffer query) throws IOException {
        short id = query.getShort();
        query.position(12);
        byte[] question = new byte[questionLength(query)];
        query.position(12);
        query.get(question);
        byte[] asked = labels(name);
        boolean isKnown = new String(question, 0, question.length - 4, StandardCharsets.US_ASCII)
                .equalsIgnoreCase(new String(asked, StandardCharsets.US_ASCII));
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        out.writeShort(id);
        out.writeShort(0x8580 | (isKnown ? 0 : NAME_ERROR));
        out.writeShort(1);
        out.writeShort(isKnown ? records.size() : 0);
        out.writeInt(0);
        out.write(question);
        for (byte[] record : isKnown ? records : List.<byte[]>of()) {
            out.writeShort(0xC00C); // the name of the question
            out.writeShort(SRV);
            out.writeShort(1);
            out.writeInt(60);
            out.writeShort(record.length);
            out.write(record);
        }
        return bytes.toByteArray();
    }

    private static int questionLength(ByteBuffer query) {
        int start = query.position();
        for (int length = query.get(); length > 0; length = query.get()) {
            query.position(query.position() + length);
        }
        return query.position() - start + 4;
    }

    private static byte[] labels(String name) {
        var bytes = new ByteArrayOutputStream();
        for (String label : name.split("\\.", -1)) {
            bytes.write(label.length());
            bytes.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
        }
        bytes.write(0);
        return bytes.toByteArray();
    }

    @Override
    public void close() {
        socket.close();
    }
}
