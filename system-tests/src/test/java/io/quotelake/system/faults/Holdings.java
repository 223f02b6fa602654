package io.quotelake.system.faults;

import io.quotelake.local.fault.Rig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a TaskManager's process holds on to, after a full collection: it must not grow with what is
 * done to its jobs.
 *
 * @param descriptors open files and connections
 * @param classLoaders of jobs
 * @param metaspaceKib that loaded classes take
 */
record Holdings(long threads, long descriptors, long classLoaders, long metaspaceKib) {
    private static final Pattern TOTAL =
            Pattern.compile("^Total = \\d+\\s+\\d+\\s+\\d+\\s+(\\d+)", Pattern.MULTILINE);

    static Holdings of(Rig rig) throws IOException, InterruptedException {
        String pid = Long.toString(rig.taskManagerPid());
        // What a first collection finds to be finalized or cleaned, a second one frees.
        jcmd(pid, "GC.run");
        jcmd(pid, "GC.run");
        String loaders = jcmd(pid, "VM.classloader_stats");
        Matcher total = TOTAL.matcher(loaders);
        if (!total.find()) {
            throw new IOException("jcmd told no total: " + loaders);
        }
        Path process = Path.of("/proc", pid);
        try (Stream<Path> descriptors = Files.list(process.resolve("fd"));
                Stream<Path> threads = Files.list(process.resolve("task"))) {
            return new Holdings(
                    threads.count(),
                    descriptors.count(),
                    loaders.lines().filter(line -> line.contains("ChildFirstClassLoader")).count(),
                    Long.parseLong(total.group(1)) >> 10);
        }
    }

    private static String jcmd(String pid, String command)
            throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(
                                List.of(
                                        Path.of(System.getProperty("java.home"), "bin", "jcmd")
                                                .toString(),
                                        pid,
                                        command))
                        .redirectErrorStream(true)
                        .start();
        String output = new String(process.getInputStream().readAllBytes());
        if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
            throw new IOException("jcmd " + command + ": " + output);
        }
        return output;
    }
}
