package io.quotelake.verifier.table;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.Consumer;

/** The visible objects under a table's prefix. All keys are relative to that prefix. */
public interface Lake extends AutoCloseable {

    /** Hands over each visible object once, those of a folder one after another. */
    void list(Consumer<LakeObject> each) throws IOException;

    /** Opens an object from its first byte. */
    InputStream open(String key) throws IOException;

    /**
     * Opens an object that stands beside the table, and not under its prefix.
     *
     * @param suffix what its name has after the table's
     * @return nothing if there is none
     */
    Optional<InputStream> openBeside(String suffix) throws IOException;

    @Override
    void close();
}
