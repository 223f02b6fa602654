package io.quotelake.verifier.table;

import java.time.Instant;

/**
 * A visible object under a table's prefix.
 *
 * @param key relative to the prefix
 * @param bytes as it is stored, compressed or not
 * @param modified when it appeared
 */
public record LakeObject(String key, long bytes, Instant modified) {}
