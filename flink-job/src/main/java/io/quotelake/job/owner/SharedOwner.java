package io.quotelake.job.owner;

import io.quotelake.s3.PartFileWriter;
import io.quotelake.s3.S3Options;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Map;

/** The tasks of one process and run share what they know of their table's owner object. */
public final class SharedOwner implements AutoCloseable {

    private static final Map<String, SharedOwner> BY_RUN = new HashMap<>();

    private final Run run;
    private final TableOwner owner;
    private int users;

    private SharedOwner(Run run, TableOwner owner) {
        this.run = run;
        this.owner = owner;
    }

    /**
     * To be closed as often as it was opened.
     *
     * @param jobId Flink's id of the job
     * @param s3 how S3 is reached; null for what the process's configuration says
     */
    public static SharedOwner open(Run run, String jobId, S3Options s3) {
        synchronized (BY_RUN) {
            SharedOwner shared =
                    BY_RUN.computeIfAbsent(
                            run.token(),
                            token ->
                                    new SharedOwner(
                                            run,
                                            new TableOwner(
                                                    run, jobId, host(), store(run.table(), s3))));
            shared.users++;
            return shared;
        }
    }

    private static OwnerStore store(String table, S3Options s3) {
        String scheme = URI.create(table).getScheme();
        if (PartFileWriter.serves(scheme)) {
            return new S3OwnerStore(table, s3 == null ? S3Options.NONE : s3);
        }
        return scheme.equals("file") ? new FileOwnerStore(table) : new FlinkOwnerStore(table);
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "an unknown host";
        }
    }

    public TableOwner owner() {
        return owner;
    }

    @Override
    public void close() {
        synchronized (BY_RUN) {
            users--;
            if (users > 0) {
                return;
            }
            BY_RUN.remove(run.token());
        }
        owner.close();
    }
}
