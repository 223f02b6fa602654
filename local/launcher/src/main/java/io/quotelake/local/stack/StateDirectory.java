package io.quotelake.local.stack;

import java.nio.file.Path;

/**
 * The directory that holds everything a stack writes. Two stacks in two directories don't disturb
 * each other.
 *
 * @param root absolute
 */
public record StateDirectory(Path root) {

    public StateDirectory {
        root = root.toAbsolutePath().normalize();
    }

    /** The output of every process. */
    public Path logs() {
        return root.resolve("logs");
    }

    /** Pid files, addresses, keys and the lock of the running stack. */
    public Path run() {
        return root.resolve("run");
    }

    /** The broker's configuration and records. */
    public Path kafka() {
        return root.resolve("kafka");
    }

    /** The base directory of the S3 endpoint: each bucket is a subdirectory. */
    public Path s3() {
        return root.resolve("s3");
    }

    /** Flink's configuration, plugins and temporary files. */
    public Path flink() {
        return root.resolve("flink");
    }

    /** Flink's checkpoints. */
    public Path checkpoints() {
        return root.resolve("checkpoints");
    }

    /** Flink's savepoints. */
    public Path savepoints() {
        return root.resolve("savepoints");
    }

    /** What the JVMs call the temporary directory. */
    public Path temporary() {
        return root.resolve("tmp");
    }
}
