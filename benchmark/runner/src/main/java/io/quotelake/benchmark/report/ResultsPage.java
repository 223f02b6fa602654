package io.quotelake.benchmark.report;

import io.quotelake.benchmark.measure.Runs;
import io.quotelake.benchmark.measure.Target;
import java.util.List;
import java.util.stream.Collectors;

/** The page of results, as Markdown. */
final class ResultsPage {
    static final String HEAD =
            """
            # Results

            Made by `./quotelake bench`; don't edit. Every figure is from `results/*.json`, which hold each single run.

            All contestants share one Kafka broker and one S3 endpoint (S3Proxy over a directory) with the processes that
            are measured, on the same cores; so ratios mean more than absolute figures. Contestants run in turn
            (A B A B …) after a warm-up of each, each in a Flink cluster of its own that stays warm and idle meanwhile. A
            figure is the median, with least and most in parentheses; a ratio is the median of the ratios of the pairs.

            **Time** is taken from the moment at which the first record is available to the contestant (for a Flink job:
            its first task is running, and the topic is full) to the moment at which the last row is visible in the
            bucket (the last object appeared under its key). **Every result is compared row by row** with what was sent,
            values and folders included; a run whose result is wrong is no run. Processor time is the kernel's count for the whole process, from before the
            submission to after the end; peak memory is resident memory.
            """;

    private ResultsPage() {}

    static String section(Result result, List<String> charts, String note) {
        Runs runs = new Runs(result.runs());
        StringBuilder text = new StringBuilder();
        text.append("\n## ").append(result.title()).append("\n\n");
        text.append("`./quotelake bench ").append(result.scenario()).append("`. ");
        text.append(result.method().strip()).append("\n\n");
        for (String chart : charts) {
            text.append("![](").append(chart).append(")\n");
        }
        text.append(charts.isEmpty() ? "" : "\n");
        text.append(targets(result.targets()));
        text.append(note.isBlank() ? "" : note.strip() + "\n\n");
        text.append(table(runs)).append('\n');
        Machine machine = result.machine();
        text.append(
                "Measured runs of each: %d. %s, %d cores, %d GiB, %s, %s; %s; %s\n"
                        .formatted(
                                runs.rounds(),
                                machine.processor(),
                                machine.cores(),
                                machine.memoryGib(),
                                machine.system(),
                                machine.java(),
                                machine.versions(),
                                machine.measuredAt()));
        return text.toString();
    }

    private static String targets(List<Target> targets) {
        if (targets.isEmpty()) {
            return "";
        }
        StringBuilder text =
                new StringBuilder("| target | asked | shown | |\n| --- | --- | --- | --- |\n");
        for (Target target : targets) {
            text.append(
                    "| %s | %s | %s | %s |\n"
                            .formatted(
                                    target.what(),
                                    target.asked(),
                                    target.shown(),
                                    target.met() ? "met" : "**missed**"));
        }
        return text.append('\n').toString();
    }

    private static String table(Runs runs) {
        StringBuilder text = new StringBuilder("| |");
        text.append(
                runs.contestants().stream()
                        .map(name -> " " + name + " |")
                        .collect(Collectors.joining()));
        text.append("\n| --- |").append(" ---: |".repeat(runs.contestants().size())).append('\n');
        for (String figure : runs.figures()) {
            text.append("| ").append(figure).append(" |");
            for (String contestant : runs.contestants()) {
                text.append(' ')
                        .append(runs.of(contestant, figure).map(Numbers::text).orElse(""))
                        .append(" |");
            }
            text.append('\n');
        }
        return text.toString();
    }
}
