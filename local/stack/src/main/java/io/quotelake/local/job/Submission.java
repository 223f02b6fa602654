package io.quotelake.local.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A job as it was handed to {@code flink run}, with what is needed to resume it.
 *
 * @param arguments the job's own options
 * @param parallelism the slots it takes; 0 for what the cluster's configuration says
 * @param brokers the broker in the job's environment; null for the stack's own, whose port may
 *     change
 * @param topic the topic in the job's environment
 * @param bucket the bucket in the job's environment
 * @param jobIds its Flink job ids: each resumption adds one
 * @param ended whether the last of them came to an end: finished, failed for good, or was cancelled
 *     by somebody
 * @param lastState the newest checkpoint or savepoint that Flink told of, also one in a place of
 *     its own; null if it told of none
 */
public record Submission(
        List<String> arguments,
        int parallelism,
        String brokers,
        String topic,
        String bucket,
        List<String> jobIds,
        boolean ended,
        SavedState lastState) {

    public Submission {
        arguments = List.copyOf(arguments);
        jobIds = List.copyOf(jobIds);
    }

    /** The id under which Flink knows it now. */
    public String currentJobId() {
        return jobIds.get(jobIds.size() - 1);
    }

    /** The prefix that its rows go to, as the job understands its options. */
    public String output() {
        String table = option("--output").orElse("s3://" + bucket + "/" + source());
        return table.replaceAll("/+$", "");
    }

    /** The topic that it reads. */
    public String source() {
        return option("--topic").orElse(topic);
    }

    /** Whether it is the same job: topic and table make it. */
    boolean isSameJob(Submission other) {
        return source().equals(other.source()) && output().equals(other.output());
    }

    private Optional<String> option(String name) {
        for (int i = 0; i < arguments.size(); i++) {
            String word = arguments.get(i);
            if (word.startsWith(name + "=")) {
                return Optional.of(word.substring(name.length() + 1));
            }
            if (word.equals(name) && i + 1 < arguments.size()) {
                return Optional.of(arguments.get(i + 1));
            }
        }
        return Optional.empty();
    }

    Submission resumedAs(String jobId) {
        List<String> ids = new ArrayList<>(jobIds);
        ids.add(jobId);
        return new Submission(
                arguments, parallelism, brokers, topic, bucket, ids, false, lastState);
    }

    /**
     * The same job, come to its end.
     *
     * @param newest its newest checkpoint or savepoint, or nothing if it made none
     */
    Submission asEnded(Optional<SavedState> newest) {
        return new Submission(
                arguments,
                parallelism,
                brokers,
                topic,
                bucket,
                jobIds,
                true,
                newest.orElse(lastState));
    }

    /** The same job with some options changed, and in another size unless that is 0. */
    Submission changed(List<String> someArguments, int otherParallelism) {
        return with(OptionWords.changed(arguments, someArguments), otherParallelism);
    }

    /** The same job with these options only, and in another size unless that is 0. */
    Submission with(List<String> otherArguments, int otherParallelism) {
        return new Submission(
                otherArguments,
                otherParallelism == 0 ? parallelism : otherParallelism,
                brokers,
                topic,
                bucket,
                jobIds,
                ended,
                lastState);
    }
}
