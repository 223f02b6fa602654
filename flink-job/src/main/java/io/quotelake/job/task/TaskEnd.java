package io.quotelake.job.task;

import org.apache.flink.util.ExceptionUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes what a task has used, without an exception.
 *
 * <p>Flink closes the operators of a failed or cancelled task in its exception handler ({@code
 * org.apache.flink.runtime.taskmanager.Task}, 2.2 and 2.3): what an operator's {@code close} throws
 * there is fatal to the TaskManager, with the tasks of all other jobs in it. Nothing is lost by
 * that: what must be durable is so after {@code flush}, {@code prepareCommit} and {@code commit},
 * which do throw.
 */
public final class TaskEnd {

    private static final Logger LOG = LoggerFactory.getLogger(TaskEnd.class);

    private TaskEnd() {}

    /**
     * Closes each, also after one that fails; a failure is logged. Only errors of the JVM itself
     * are thrown.
     *
     * @param owner whose resources they are, for the log
     * @param resources may be null
     */
    public static void close(String owner, AutoCloseable... resources) {
        for (AutoCloseable resource : resources) {
            if (resource != null) {
                closeOne(owner, resource);
            }
        }
    }

    private static void closeOne(String owner, AutoCloseable resource) {
        try {
            resource.close();
        } catch (Throwable failure) {
            ExceptionUtils.rethrowIfFatalErrorOrOOM(failure);
            LOG.warn(
                    "{} could not be closed in order; the task ends all the same.", owner, failure);
        }
    }
}
