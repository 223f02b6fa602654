package io.quotelake.job.lake;

import java.lang.management.ManagementFactory;
import java.util.List;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.flink.metrics.MetricGroup;

/**
 * The figures of this project's S3 plugin as gauges of the job. A plugin has no metric group and a
 * class loader of its own: the platform's MBean server is where both meet. The figures are of the
 * whole process, the same in each of its tasks; without the plugin there are none.
 */
final class PluginGauges {

    private static final String PART_FILES = "io.quotelake.s3:type=PartFiles";

    private static final List<String> ATTRIBUTES =
            List.of(
                    "BufferedBytes",
                    "MaxBufferedBytes",
                    "ObjectsPut",
                    "PartsUploaded",
                    "MultipartUploadsCompleted");

    private PluginGauges() {}

    /** Registers a gauge for each attribute, {@code bufferedBytes} and so on. */
    static void register(MetricGroup metrics) {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        ObjectName name;
        try {
            name = new ObjectName(PART_FILES);
        } catch (JMException e) {
            throw new IllegalStateException(e);
        }
        if (!server.isRegistered(name)) {
            return;
        }
        for (String attribute : ATTRIBUTES) {
            String gauge = Character.toLowerCase(attribute.charAt(0)) + attribute.substring(1);
            metrics.gauge(gauge, () -> read(server, name, attribute));
        }
    }

    private static long read(MBeanServer server, ObjectName name, String attribute) {
        try {
            return (Long) server.getAttribute(name, attribute);
        } catch (JMException e) {
            // The plugin's class loader is gone: so are its files.
            return 0;
        }
    }
}
