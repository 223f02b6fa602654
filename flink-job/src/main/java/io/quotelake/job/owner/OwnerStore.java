package io.quotelake.job.owner;

import java.io.IOException;

/**
 * The place of one owner object, and a look at its table. Calls fail after some seconds at most and
 * don't try again by themselves.
 */
public interface OwnerStore extends AutoCloseable {

    /**
     * What the store holds.
     *
     * @param content the object's bytes
     * @param version names these bytes among all that the object ever held
     */
    record Stored(byte[] content, String version) {}

    /** The object as it is now; null if there is none. */
    Stored read() throws IOException;

    /**
     * Writes the object if it is still the one that was read.
     *
     * @param version what was read; null: there was none
     * @return the new version, or null if the object has changed in the meantime and is left alone
     */
    String write(byte[] content, String version) throws IOException, InterruptedException;

    /** Whether anything that readers see stands under the table's prefix. */
    boolean hasFiles() throws IOException;

    /**
     * Whether {@link #write} compares and writes in one step by its very nature. Where it doesn't,
     * two writers that begin within the same instant are not told apart.
     */
    boolean isAtomic();

    @Override
    void close();
}
