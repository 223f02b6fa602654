package io.quotelake.benchmark.measure;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one run showed: names with their units, such as {@code rows/s}, and their values, in the
 * order of a table.
 */
public final class Figures {
    public static final String SECONDS = "seconds";
    public static final String ROWS_PER_SECOND = "rows/s";
    public static final String TASK_MANAGER_CPU_MICROS_PER_ROW = "TaskManager CPU µs/row";
    public static final String FILES = "files";
    public static final String STRAY_OBJECTS = "stray objects";
    public static final String BUCKET_MIB = "bucket MiB";
    public static final String WRITES_PER_FILE = "S3 writes/file";
    public static final String REQUESTS_BESIDE_WRITES = "other S3 requests";

    private static final double MIB = 1024 * 1024;

    private final Map<String, Double> values = new LinkedHashMap<>();

    public Figures put(String name, double value) {
        values.put(name, value);
        return this;
    }

    /** What a process used, under the process's name. */
    public Figures putUse(String process, ProcessMeter.Used used) {
        return put(process + " CPU s", used.cpuSeconds())
                .put(process + " peak MiB", used.peakBytes() / MIB)
                .put(process + " descriptors", used.peakDescriptors());
    }

    /** A size in MiB. */
    public Figures putMebibytes(String name, long bytes) {
        return put(name, bytes / MIB);
    }

    /** The value, which must be there. */
    public double get(String name) {
        Double value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("No figure '" + name + "' among " + values.keySet());
        }
        return value;
    }

    /** All names and values, in order. */
    public Map<String, Double> values() {
        return Collections.unmodifiableMap(values);
    }
}
