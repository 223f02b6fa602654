package io.quotelake.job.source;

/** What the job does when the topic no longer has a record that it has not read yet. */
public enum OnDataLoss {
    /** The job ends, and says what is lost. */
    FAIL,
    /** The job says and counts what is lost, and goes on at the first record that is left. */
    SKIP
}
