package io.hawser.benchmarks;

/** Writes one term and reads it again. */
interface Codec {
    /**
     * Encodes the term.
     *
     * @return its size in bytes
     */
    int encode();

    /**
     * Decodes the term.
     *
     * @return it
     */
    Object decode();
}
