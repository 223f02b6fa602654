package io.quotelake.verifier.table;

import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/**
 * A part file by its key: {@code index=…/date=…/part-….json}, {@code .json.gz} or {@code
 * .json.zst}.
 *
 * @param folder the key without the file name
 * @param index the index partition's value
 * @param date the date partition's value: a day, a month or a year
 */
public record PartFile(String key, String folder, String index, String date) {
    private static final Pattern KEY =
            Pattern.compile(
                    "(index=((?!\\S*\\.\\.)[A-Za-z0-9][A-Za-z0-9._-]{0,31})/date=(\\d{4}(?:-\\d{2}){0,2}))"
                            + "/part-[A-Za-z0-9-]+\\.json(?:\\.gz|\\.zst)?");

    /** The part file of a key, or nothing when no part file is called so. */
    public static Optional<PartFile> of(String key) {
        Matcher matcher = KEY.matcher(key);
        return matcher.matches()
                ? Optional.of(
                        new PartFile(key, matcher.group(1), matcher.group(2), matcher.group(3)))
                : Optional.empty();
    }

    /** The rows' bytes, as they were before compression. */
    public InputStream open(Lake lake) throws IOException {
        InputStream stored = lake.open(key);
        if (key.endsWith(".gz")) {
            return new GZIPInputStream(stored, 1 << 16);
        }
        return key.endsWith(".zst") ? new ZstdInputStream(stored) : stored;
    }
}
