package io.quotelake.local.verify;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;

/** The visible objects under a table's prefix. All keys are relative to that prefix. */
public interface Lake extends AutoCloseable {

    /** Hands over each visible object once, in no particular order. */
    void list(Consumer<String> eachKey) throws IOException;

    /** Opens an object from its first byte. */
    InputStream open(String key) throws IOException;

    @Override
    void close();
}
