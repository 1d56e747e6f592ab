package io.hawser.certs;

import java.util.List;

/**
 * What an operation did.
 *
 * @param value what there is now
 * @param files what was written, in order; in a dry run what would have been; empty when nothing had to change
 * @param notices what is worth knowing
 * @param <T> what the operation is about
 */
public record Change<T>(T value, List<String> files, List<Notice> notices) {
    /**
     * Copies both lists.
     *
     * @param value what there is now
     * @param files what was written, in order; in a dry run what would have been; empty when nothing had to change
     * @param notices what is worth knowing
     */
    public Change {
        files = List.copyOf(files);
        notices = List.copyOf(notices);
    }

    /**
     * Whether anything changed, or in a dry run would have.
     *
     * @return false when the state was as asked for already
     */
    public boolean changed() {
        return !files.isEmpty();
    }
}
