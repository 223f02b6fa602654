package io.quotelake.local.job;

import java.util.ArrayList;
import java.util.List;

/**
 * A job as it was handed to {@code flink run}, with what is needed to resume it.
 *
 * @param arguments the job's own options
 * @param brokers the broker in the job's environment; null for the stack's own, whose port may
 *     change
 * @param topic the topic in the job's environment
 * @param bucket the bucket in the job's environment
 * @param jobIds its Flink job ids: each resumption adds one
 * @param ended whether the last of them came to an end: finished, failed for good, or was cancelled
 *     by somebody
 */
public record Submission(
        List<String> arguments,
        String brokers,
        String topic,
        String bucket,
        List<String> jobIds,
        boolean ended) {

    public Submission {
        arguments = List.copyOf(arguments);
        jobIds = List.copyOf(jobIds);
    }

    /** The id under which Flink knows it now. */
    public String currentJobId() {
        return jobIds.get(jobIds.size() - 1);
    }

    Submission resumedAs(String jobId) {
        List<String> ids = new ArrayList<>(jobIds);
        ids.add(jobId);
        return new Submission(arguments, brokers, topic, bucket, ids, false);
    }

    Submission asEnded() {
        return new Submission(arguments, brokers, topic, bucket, jobIds, true);
    }

    Submission withArguments(List<String> others) {
        return new Submission(others, brokers, topic, bucket, jobIds, ended);
    }
}
