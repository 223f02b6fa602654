package io.quotelake.benchmark.measure;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** What a process uses from now until {@link #stop}. */
public final class ProcessMeter implements AutoCloseable {
    /** Descriptors have no high-water mark in the kernel: they are counted now and then. */
    private static final long LOOK_EVERY_MILLIS = 200;

    private final AtomicLong descriptors = new AtomicLong();
    private final ScheduledExecutorService looking =
            Executors.newSingleThreadScheduledExecutor(
                    task -> {
                        Thread thread = new Thread(task, "process-meter");
                        thread.setDaemon(true);
                        return thread;
                    });
    private final ProcessUsage usage;
    private final double cpuSecondsBefore;

    public ProcessMeter(long pid) {
        usage = new ProcessUsage(pid);
        usage.resetPeak();
        cpuSecondsBefore = usage.cpuSeconds();
        looking.scheduleWithFixedDelay(this::look, 0, LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Ends the measurement. */
    public Used stop() {
        close();
        look();
        return new Used(
                usage.cpuSeconds() - cpuSecondsBefore, usage.peakBytes(), descriptors.get());
    }

    @Override
    public void close() {
        looking.shutdownNow();
    }

    private void look() {
        descriptors.accumulateAndGet(usage.descriptors(), Math::max);
    }

    /**
     * What was used.
     *
     * @param cpuSeconds processor time
     * @param peakBytes the most memory in RAM
     * @param peakDescriptors the most open file descriptors that were seen
     */
    public record Used(double cpuSeconds, long peakBytes, long peakDescriptors) {}
}
