package io.quotelake.benchmark.contestant;

import io.quotelake.benchmark.lake.CheckedLake;
import io.quotelake.benchmark.measure.Figures;
import io.quotelake.benchmark.measure.ProcessMeter;
import io.quotelake.benchmark.testbed.TestBed;
import io.quotelake.local.stack.FlinkCluster;
import io.quotelake.local.stack.Service;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What a run costs: processor and memory of every process, and requests to S3. */
final class Meters {
    private static final String TASK_MANAGER = "TaskManager";

    /** The S3 operations that a file's bytes travel in, or that make it complete. */
    private static final Set<String> WRITES =
            Set.of("PutObject", "CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload");

    private final TestBed testBed;
    private final Map<String, ProcessMeter> processes = new LinkedHashMap<>();
    private final Map<String, Long> requestsBefore;

    private Meters(TestBed testBed) {
        this.testBed = testBed;
        requestsBefore = testBed.stack().s3().requests();
        add("broker", testBed.stack().broker());
        add("endpoint", testBed.stack().s3());
    }

    /** Measures the broker and the endpoint from now on. */
    static Meters start(TestBed testBed) {
        return new Meters(testBed);
    }

    /** Measures a cluster's processes too. */
    static Meters start(TestBed testBed, FlinkCluster cluster) {
        Meters meters = new Meters(testBed);
        meters.add(TASK_MANAGER, cluster.taskManagers().get(0));
        meters.add("JobManager", cluster.jobManagers().get(0));
        return meters;
    }

    /** Measures another process too. */
    static Meters start(TestBed testBed, String name, long pid) {
        Meters meters = new Meters(testBed);
        meters.add(name, pid);
        return meters;
    }

    private void add(String name, Service service) {
        add(name, service.process().pid());
    }

    private void add(String name, long pid) {
        processes.put(name, new ProcessMeter(pid));
    }

    /** Ends the measurement; to be called before the result is checked, which costs too. */
    Stopped stop() {
        Map<String, ProcessMeter.Used> used = new LinkedHashMap<>();
        processes.forEach((name, meter) -> used.put(name, meter.stop()));
        return new Stopped(used, requests());
    }

    private Map<String, Long> requests() {
        Map<String, Long> requests = new TreeMap<>(testBed.stack().s3().requests());
        requestsBefore.forEach(
                (operation, before) -> requests.merge(operation, -before, Long::sum));
        requests.values().removeIf(count -> count == 0);
        return requests;
    }

    /**
     * What was used.
     *
     * @param processes by each process
     * @param requests of each S3 operation
     */
    record Stopped(Map<String, ProcessMeter.Used> processes, Map<String, Long> requests) {

        /** The figures of a run that began then and made this lake. */
        Figures figures(Instant begin, CheckedLake lake) {
            double seconds = Duration.between(begin, lake.lastVisible()).toNanos() / 1e9;
            Figures figures = new Figures();
            figures.put(Figures.SECONDS, seconds);
            figures.put(Figures.ROWS_PER_SECOND, lake.rows() / seconds);
            if (processes.containsKey(TASK_MANAGER)) {
                double cpuSeconds = processes.get(TASK_MANAGER).cpuSeconds();
                figures.put(
                        Figures.TASK_MANAGER_CPU_MICROS_PER_ROW, cpuSeconds * 1e6 / lake.rows());
            }
            figures.put(Figures.FILES, lake.files());
            figures.put(Figures.STRAY_OBJECTS, lake.strays());
            figures.putMebibytes(Figures.BUCKET_MIB, lake.bytes());
            long all = requests.values().stream().mapToLong(Long::longValue).sum();
            long writes =
                    WRITES.stream().mapToLong(write -> requests.getOrDefault(write, 0L)).sum();
            figures.put(Figures.WRITES_PER_FILE, (double) writes / lake.files());
            figures.put(Figures.REQUESTS_BESIDE_WRITES, all - writes);
            requests.forEach((operation, count) -> figures.put("S3 " + operation, count));
            processes.forEach(figures::putUse);
            return figures;
        }
    }
}
