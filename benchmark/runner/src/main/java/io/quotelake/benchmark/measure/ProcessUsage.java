package io.quotelake.benchmark.measure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What the kernel knows about a process: its files below {@code /proc}.
 *
 * @see <a href="https://man7.org/linux/man-pages/man5/proc.5.html">proc(5)</a>
 */
public final class ProcessUsage {
    /**
     * Clock ticks a second in {@code /proc/PID/stat}: the same on every Linux that Java runs on.
     */
    private static final double TICKS_PER_SECOND = 100;

    /** What {@code clear_refs} takes to forget the highest memory use so far. */
    private static final String RESET_PEAK = "5";

    private final Path process;

    public ProcessUsage(long pid) {
        process = Path.of("/proc", Long.toString(pid));
    }

    /** The process that asks. */
    public static ProcessUsage ofThisProcess() {
        return new ProcessUsage(ProcessHandle.current().pid());
    }

    /** How many file descriptors it may have; those that it starts inherit the limit. */
    public long descriptorLimit() {
        return read("limits")
                .lines()
                .filter(line -> line.startsWith("Max open files"))
                .mapToLong(line -> Long.parseLong(line.split(" {2,}")[2]))
                .findFirst()
                .orElseThrow();
    }

    /** Processor time of all its threads so far, in user and kernel mode. */
    public double cpuSeconds() {
        String stat = read("stat");
        // The second field is the program's name in parentheses, which may hold anything.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
    }

    /** The most memory it had in RAM since its start, or since {@link #resetPeak}. */
    public long peakBytes() {
        return read("status")
                        .lines()
                        .filter(line -> line.startsWith("VmHWM:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .findFirst()
                        .orElseThrow()
                * 1024;
    }

    /** Lets {@link #peakBytes} count from now on. */
    public void resetPeak() {
        try {
            Files.writeString(process.resolve("clear_refs"), RESET_PEAK);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many file descriptors it has open. */
    public long descriptors() {
        try (Stream<Path> descriptors = Files.list(process.resolve("fd"))) {
            return descriptors.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String read(String file) {
        try {
            return Files.readString(process.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
