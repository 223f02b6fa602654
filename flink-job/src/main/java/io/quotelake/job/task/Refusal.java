package io.quotelake.job.task;

import org.apache.flink.runtime.throwable.ThrowableAnnotation;
import org.apache.flink.runtime.throwable.ThrowableType;

/**
 * Why the job must not go on: rows would be lost, doubled or altered, and a restart would change
 * nothing. Thrown anywhere in a running job, on a JobManager or a TaskManager, it ends the job at
 * once, without a restart.
 *
 * <p>The message is one sentence for the operator: what came, what is accepted, and the ways out.
 */
@ThrowableAnnotation(ThrowableType.NonRecoverableError)
public final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * @param sentence what came, what is accepted, and the ways out
     */
    public Refusal(String sentence) {
        super(sentence);
    }
}
