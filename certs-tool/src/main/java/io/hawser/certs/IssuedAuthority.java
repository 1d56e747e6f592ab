package io.hawser.certs;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A further issuing CA, or the request for one.
 *
 * @param name such as {@code issuing-2}
 * @param authority the CA, or empty while the root has not signed it
 * @param request the file for {@code certs-tool ca sign}, or empty when the CA is there
 */
public record IssuedAuthority(String name, Optional<AuthorityRecord> authority, Optional<Path> request) {}
