package io.quotelake.job.lake;

import java.lang.management.ManagementFactory;
import java.util.List;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.metrics.MetricGroup;

/**
 * The figures of this project's S3 plugin. A plugin has no metric group and a class loader of its
 * own: the platform's MBean server is where both meet. The figures are of the whole process, the
 * same in each of its tasks; without the plugin there are none.
 */
public final class PluginFigures {

    private static final MBeanServer SERVER = ManagementFactory.getPlatformMBeanServer();
    private static final ObjectName PART_FILES = partFiles();

    private static final List<String> ATTRIBUTES =
            List.of(
                    "BufferedBytes",
                    "MaxBufferedBytes",
                    "ObjectsPut",
                    "PartsUploaded",
                    "MultipartUploadsCompleted");

    private PluginFigures() {}

    private static ObjectName partFiles() {
        try {
            return new ObjectName("io.quotelake.s3:type=PartFiles");
        } catch (JMException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Registers a gauge for each attribute, {@code bufferedBytes} and so on. */
    static void registerGauges(MetricGroup metrics) {
        if (!SERVER.isRegistered(PART_FILES)) {
            return;
        }
        for (String attribute : ATTRIBUTES) {
            String gauge = Character.toLowerCase(attribute.charAt(0)) + attribute.substring(1);
            metrics.gauge(gauge, () -> read(attribute, 0L));
        }
    }

    /**
     * Whether part files hold so much of the memory they may that all should end with the next
     * checkpoint, however young they are.
     */
    static boolean isMemoryFilling() {
        return read("Filling", false);
    }

    /**
     * Why nothing more should be read until the next checkpoint has published part files, and what
     * to do if that is too often; null while there is room.
     */
    public static String whyMemoryIsScarce() {
        if (!read("Scarce", false)) {
            return null;
        }
        return String.format(
                "%,d open part files and those that wait for their commit hold %s of the %s they may"
                        + " (s3.writer.max-buffered-bytes). Small files can't leave memory before"
                        + " their commit: shorten the checkpoint interval"
                        + " (execution.checkpointing.interval), compress files (--compression zstd),"
                        + " choose a coarser date (--date-granularity month or year), or give more"
                        + " heap (taskmanager.memory.process.size). No row is lost.",
                read("OpenFiles", 0L),
                new MemorySize(read("BufferedBytes", 0L)).toHumanReadableString(),
                new MemorySize(read("MaxBufferedBytes", 0L)).toHumanReadableString());
    }

    /** An attribute's value, of the type of {@code absent}, which stands for it without plugin. */
    @SuppressWarnings("unchecked")
    private static <T> T read(String attribute, T absent) {
        if (!SERVER.isRegistered(PART_FILES)) {
            return absent;
        }
        try {
            return (T) SERVER.getAttribute(PART_FILES, attribute);
        } catch (JMException e) {
            return absent;
        }
    }
}
