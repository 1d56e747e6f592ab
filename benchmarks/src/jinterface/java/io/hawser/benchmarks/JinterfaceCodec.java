package io.hawser.benchmarks;

import com.ericsson.otp.erlang.OtpErlangDecodeException;
import com.ericsson.otp.erlang.OtpErlangObject;
import com.ericsson.otp.erlang.OtpExternal;
import com.ericsson.otp.erlang.OtpInputStream;
import com.ericsson.otp.erlang.OtpOutputStream;

/** Jinterface's, as its connections use it. Compiled by bin/codec, where Jinterface is installed. */
final class JinterfaceCodec implements Codec {
    private final byte[] encoded;
    private final OtpErlangObject term;

    /** @param encoded the term with its version byte */
    JinterfaceCodec(byte[] encoded) {
        this.encoded = encoded;
        term = decode();
        if (encode() != encoded.length) {
            throw new IllegalStateException("codec: " + encode() + " bytes (expected: " + encoded.length + ")");
        }
    }

    @Override
    public int encode() {
        var out = new OtpOutputStream();
        out.write1(OtpExternal.versionTag);
        term.encode(out);
        return out.size();
    }

    @Override
    public OtpErlangObject decode() {
        try {
            return new OtpInputStream(encoded).read_any();
        } catch (OtpErlangDecodeException e) {
            throw new IllegalStateException(e);
        }
    }
}
