package io.hawser.certs;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What shall be kept up to date.
 *
 * @param exports directories that are written again when what is in them changed
 * @param hook run after a change, or null
 */
public record WatchRequest(List<Export> exports, @Nullable Hook hook) {
    /**
     * Copies the list.
     *
     * @param exports directories that are written again when what is in them changed
     * @param hook run after a change, or null
     */
    public WatchRequest {
        exports = List.copyOf(exports);
    }

    /**
     * A directory of an export.
     *
     * @param kind java, otp, pem or k8s
     * @param node whose
     * @param directory where
     */
    public record Export(String kind, NodeName node, Path directory) {
        /**
         * Reads an export as it is written on the command line.
         *
         * @param text {@code KIND:NODE:DIR}
         * @return the export
         * @throws CertsException if the text has another form ({@code USAGE}), or the name is not allowed
         */
        public static Export parse(String text) {
            String[] words = text.split(":", 3);
            if (words.length < 3
                    || words[2].isEmpty()
                    || !List.of("java", "otp", "pem", "k8s").contains(words[0])) {
                throw new CertsException(ErrorCode.USAGE, "'" + Names.printable(text) + "' is not an export")
                        .hint("Write KIND:NODE:DIR, where KIND is java, otp, pem or k8s");
            }
            return new Export(words[0], NodeName.parse(words[1]), Path.of(words[2]));
        }

        Change<Path> write(OrgStore store) {
            return switch (kind) {
                case "java" -> new JavaExport(store).write(node, directory, SecretSource.none());
                case "otp" -> new OtpExport(store).write(node, directory);
                case "pem" -> new PemExport(store).write(node, directory);
                case "k8s" -> new KubernetesExport(store).write(node, directory);
                default -> throw new CertsException(ErrorCode.USAGE, "there is no export of the kind " + kind);
            };
        }
    }
}
