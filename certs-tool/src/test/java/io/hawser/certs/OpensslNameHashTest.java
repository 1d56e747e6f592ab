package io.hawser.certs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509CRL;
import java.time.Duration;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpensslNameHashTest {
    @TempDir
    private Path directory;

    private Path crl(String org) throws Exception {
        var config = new OrgConfig(org, new Namespace("orga.test", "orga.test"), OrgPolicy.defaults());
        X509CRL crl = new CrlIssuer(CertificateAuthority.root(config, 1, Fixtures.at(Fixtures.NOW), new SecureRandom()))
                .first(Duration.ofDays(1));
        return Files.write(directory.resolve(OpensslNameHash.of(crl.getIssuerX500Principal())), Pem.crls(List.of(crl)));
    }

    @Test
    void ignoresCaseBlanksAndStringType() {
        String plain = OpensslNameHash.of(new X500Principal("CN=orga Distribution Root 1,O=orga"));
        assertThat(plain).isEqualTo("32a7c74d"); // openssl crl -hash
        assertThat(OpensslNameHash.of(new X500Principal("CN=ORGA  distribution \\ ROOT 1,O=Orga")))
                .isEqualTo(plain);
    }

    @NeedsProgram("openssl")
    @Test
    void agreesWithOpenssl() throws Exception {
        for (String org : List.of("orga", "Org  A  x", "o.r_g-B")) {
            Path crl = crl(org);
            assertThat(Processes.run("openssl", "crl", "-hash", "-noout", "-in", crl.toString())
                            .output()
                            .strip())
                    .isEqualTo(crl.getFileName().toString());
        }
    }

    @NeedsProgram("erl")
    @Test
    void agreesWithErlang() throws Exception {
        Path crl = crl("Org  B x");
        String program = "{ok,P}=file:read_file(\"" + crl + "\"),[{_,D,_}]=public_key:pem_decode(P),"
                + "C=public_key:der_decode('CertificateList',D),"
                + "I=public_key:pkix_normalize_name(element(4,element(2,C))),"
                + "io:put_chars(public_key:short_name_hash(I)),halt(0).";
        assertThat(Processes.run("erl", "-noshell", "-eval", program).output().strip())
                .isEqualTo(crl.getFileName().toString());
    }
}
