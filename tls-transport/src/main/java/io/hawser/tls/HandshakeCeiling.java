package io.hawser.tls;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;

/**
 * Bounds what a stranger can make TLS read: the ClientHello, by the length that it claims, and all bytes until TLS is up.
 * Lies below TLS, and goes when TLS is up. Confined to the connection's event loop.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8446#section-5.1">RFC 8446, record layer</a>
 */
final class HandshakeCeiling extends ChannelInboundHandlerAdapter {
    /** A hello with a hybrid key share has about 2 KiB. */
    static final int MAX_CLIENT_HELLO = 16 * 1024;
    /** Eight certificates with RSA keys, and what is around them, have about 20 KiB. */
    static final int MAX_BYTES = 64 * 1024;

    private static final int HANDSHAKE_RECORD = 22;
    private static final int CLIENT_HELLO = 1;
    /** type, version (2), length (2); then of the message: type, length (3). */
    private static final int HEADERS = 9;

    private final byte[] headers = new byte[HEADERS];
    private int headerBytes;
    private long total;
    private boolean refused;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf bytes && !refused) {
            total += bytes.readableBytes();
            keepHeaders(bytes);
            long claimed = claimedHello();
            if (claimed > MAX_CLIENT_HELLO) {
                refuse(ctx, "a ClientHello of " + claimed + " bytes (expected: at most " + MAX_CLIENT_HELLO + ")");
            } else if (total > MAX_BYTES) {
                refuse(
                        ctx,
                        "more than " + MAX_BYTES + " bytes before TLS was up (expected: a node sends a few thousand)");
            }
        }
        if (refused) {
            ReferenceCountUtil.release(message);
        } else {
            ctx.fireChannelRead(message);
        }
    }

    private void keepHeaders(ByteBuf bytes) {
        int n = Math.min(HEADERS - headerBytes, bytes.readableBytes());
        bytes.getBytes(bytes.readerIndex(), headers, headerBytes, n);
        headerBytes += n;
    }

    private long claimedHello() {
        return headerBytes == HEADERS && headers[0] == HANDSHAKE_RECORD && headers[5] == CLIENT_HELLO
                ? (headers[6] & 0xFF) << 16 | (headers[7] & 0xFF) << 8 | (headers[8] & 0xFF)
                : 0;
    }

    private void refuse(ChannelHandlerContext ctx, String sentence) {
        refused = true;
        ctx.fireExceptionCaught(TlsRefusal.HANDSHAKE_TOO_LARGE.because(sentence));
    }
}
