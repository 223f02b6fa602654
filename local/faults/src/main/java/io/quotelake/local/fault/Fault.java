package io.quotelake.local.fault;

import io.quotelake.local.s3.S3Fault;
import java.io.IOException;
import java.time.Duration;

/**
 * What can happen to a running pipeline, and how it ends. All of these have to heal by themselves.
 */
public enum Fault {
    TASK_MANAGER_KILLED("TaskManager kill -9", 0, Rig::killTaskManager),
    TASK_MANAGER_STOPPED(
            "TaskManager kill -STOP, longer than the heartbeat",
            20,
            Rig::stopTaskManager,
            Rig::continueTaskManager),
    JOB_MANAGER_KILLED("JobManager kill -9", 0, Rig::killJobManager),
    BROKER_KILLED("broker kill -9", 0, Rig::killBroker),
    BROKER_AWAY("broker away", 60, Rig::stopBroker, Rig::startBroker),
    S3_ERROR_1("S3 answers 500 to 1%", 20, S3Fault.INTERNAL_ERROR, 0.01),
    S3_SLOW_DOWN_10("S3 answers 503 SlowDown to 10%", 20, S3Fault.SLOW_DOWN, 0.1),
    S3_SLOW_DOWN_50("S3 answers 503 SlowDown to 50%", 20, S3Fault.SLOW_DOWN, 0.5),
    S3_LATE("S3 takes 30 s for 20%", 40, S3Fault.DELAY, 0.2),
    S3_CUT("S3 connection cut in mid-body for 20%", 20, S3Fault.CUT_BODY, 0.2),
    S3_LOST_ANSWER(
            "S3 connection cut after the work was done for 20%", 20, S3Fault.LOST_ANSWER, 0.2),
    S3_AWAY("S3 away", 60, S3Fault.AWAY, 1),
    S3_KEYS_REVOKED("S3 keys revoked", 90, S3Fault.KEY_REVOKED, 1),
    CHECKPOINTS_UNWRITABLE(
            "checkpoint directory unwritable", 20, Rig::blockCheckpoints, Rig::unblockCheckpoints),
    CHECKPOINTS_UNWRITABLE_LONG(
            "checkpoint directory unwritable, with dead letters that wait",
            80,
            rig -> {
                rig.blockCheckpoints();
                rig.publishPoison(1_000);
            },
            Rig::unblockCheckpoints),
    POISON("10,000 records, 10% of them poison", 0, rig -> rig.publishPoison(10_000)),
    OVERSIZED("six records of 8 MB that don't compress", 0, rig -> rig.publishOversized(6)),
    DEAD_LETTERS_LIMITED(
            "dead-letter topic takes half of the dead letters that come",
            20,
            Rig::limitDeadLetters,
            Rig::unlimitDeadLetters),
    BROKER_AWAY_LONG(
            "broker away, longer than transactions may be open",
            120,
            rig -> {
                rig.publishPoison(10_000);
                rig.stopBroker();
            },
            Rig::startBroker);

    private final String text;
    private final Duration length;
    private final Action begin;
    private final Action end;

    /** Something done to the pipeline. */
    private interface Action {
        void on(Rig rig) throws IOException;
    }

    Fault(String text, int seconds, Action begin) {
        this(text, seconds, begin, rig -> {});
    }

    Fault(String text, int seconds, S3Fault fault, double share) {
        this(text, seconds, rig -> rig.addS3Fault(fault, share), rig -> rig.removeS3Fault(fault));
    }

    Fault(String text, int seconds, Action begin, Action end) {
        this.text = text;
        this.length = Duration.ofSeconds(seconds);
        this.begin = begin;
        this.end = end;
    }

    /** How long it lasts; zero for what happens in a moment. */
    public Duration length() {
        return length;
    }

    /** Whether the broker has to answer for it to begin and to end. */
    boolean isAtBroker() {
        return switch (this) {
            case CHECKPOINTS_UNWRITABLE_LONG, POISON, OVERSIZED, DEAD_LETTERS_LIMITED -> true;
            default -> false;
        };
    }

    /** Lets it happen. */
    public void begin(Rig rig) throws IOException {
        begin.on(rig);
    }

    /** Ends it; what it broke the pipeline has to mend by itself. */
    public void end(Rig rig) throws IOException {
        end.on(rig);
    }

    @Override
    public String toString() {
        return length.isZero() ? text : "%s for %d s".formatted(text, length.toSeconds());
    }
}
