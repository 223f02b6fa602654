package io.quotelake.s3;

import java.io.Serializable;

/**
 * What a job's own options say about S3; what is null they leave to the process's configuration and
 * to AWS's default chain. It travels in the job graph, which anybody who sees the web UI can read:
 * it holds no keys.
 *
 * @param endpoint a URI such as {@code http://127.0.0.1:9000}
 * @param region such as {@code eu-central-1}
 * @param pathStyle whether the bucket stands in the path of requests, and not in their host
 */
public record S3Options(String endpoint, String region, Boolean pathStyle) implements Serializable {
    /** Nothing given. */
    public static final S3Options NONE = new S3Options(null, null, null);
}
