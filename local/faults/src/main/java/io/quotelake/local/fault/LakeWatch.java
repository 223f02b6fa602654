package io.quotelake.local.fault;

import io.quotelake.verifier.table.Lake;
import io.quotelake.verifier.table.LakeObject;
import io.quotelake.verifier.table.Lakes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Looks for new rows in a lake on this machine. */
final class LakeWatch {
    private static final Pattern TIMESTAMP = Pattern.compile("\"kafka_timestamp\":\"([^\"]+)\"");

    private final Path table;

    LakeWatch(Path table) {
        this.table = table;
    }

    /**
     * Whether a visible part file ends with a row whose record was published at this moment or
     * later.
     */
    boolean hasRowSince(Instant moment) {
        if (!Files.isDirectory(table)) {
            return false;
        }
        boolean[] found = new boolean[1];
        try (Lake lake = Lakes.at(table.toUri().toString(), null)) {
            lake.list(object -> found[0] = found[0] || endsSince(lake, object, moment));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found[0];
    }

    private static boolean endsSince(Lake lake, LakeObject object, Instant moment) {
        if (object.modified().isBefore(moment)) {
            return false;
        }
        Instant last = Instant.MIN;
        try (InputStream in = lake.open(object.key())) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            Matcher timestamps = TIMESTAMP.matcher(text);
            while (timestamps.find()) {
                last = Instant.parse(timestamps.group(1));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return !last.isBefore(moment);
    }
}
