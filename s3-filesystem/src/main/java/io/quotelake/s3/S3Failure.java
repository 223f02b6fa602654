package io.quotelake.s3;

import com.amazonaws.AmazonServiceException;
import java.io.IOException;
import java.io.InterruptedIOException;
import org.apache.hadoop.fs.s3a.auth.NoAuthWithAWSException;

/** Says in one sentence what S3 refused, and what a person should check. */
final class S3Failure {
    private S3Failure() {}

    /**
     * @param what the request as a verb, for example {@code write}
     * @param address the object's address
     * @param failure what S3A threw after its retries
     */
    static IOException explain(String what, String address, String bucket, IOException failure) {
        if (failure instanceof InterruptedIOException && Thread.currentThread().isInterrupted()) {
            return failure;
        }
        AmazonServiceException answer = find(AmazonServiceException.class, failure);
        if (answer == null) {
            return new IOException(
                    String.format(
                            "Can't %s %s: no answer from S3, %s. %s",
                            what, address, rootMessage(failure), adviceWithoutAnswer(failure)),
                    failure);
        }
        return new IOException(
                String.format(
                        "Can't %s %s: S3 answered %d %s, %s (request ID %s). %s",
                        what,
                        address,
                        answer.getStatusCode(),
                        answer.getErrorCode(),
                        answer.getErrorMessage(),
                        answer.getRequestId(),
                        advice(answer, bucket)),
                failure);
    }

    private static String adviceWithoutAnswer(IOException failure) {
        if (find(NoAuthWithAWSException.class, failure) != null) {
            return "Give the process credentials: an instance profile, AWS_ACCESS_KEY_ID and"
                    + " AWS_SECRET_ACCESS_KEY, or s3.access-key and s3.secret-key.";
        }
        return "Check s3.endpoint, and that this host reaches it.";
    }

    private static String advice(AmazonServiceException answer, String bucket) {
        String code = String.valueOf(answer.getErrorCode());
        switch (code) {
            case "NoSuchBucket":
                return "Check that the bucket "
                        + bucket
                        + " exists, and that s3.endpoint is where it is.";
            case "RequestTimeTooSkewed":
                return "The clock of this host is wrong: synchronise it (chronyc tracking, timedatectl).";
            case "InvalidAccessKeyId":
            case "SignatureDoesNotMatch":
            case "InvalidToken":
            case "ExpiredToken":
            case "TokenRefreshRequired":
                return "Check the credentials: s3.access-key and s3.secret-key, the environment, or the instance"
                        + " profile.";
            case "PermanentRedirect":
            case "AuthorizationHeaderMalformed":
            case "IllegalLocationConstraintException":
                return "The bucket is in another region: set s3.endpoint.region, or s3.endpoint, to its region.";
            default:
                return adviceByStatus(answer.getStatusCode(), bucket);
        }
    }

    private static String adviceByStatus(int status, String bucket) {
        if (status == 401 || status == 403) {
            return "Check that the role or user may s3:PutObject, s3:GetObject, s3:AbortMultipartUpload and"
                    + " s3:ListMultipartUploadParts on arn:aws:s3:::"
                    + bucket
                    + "/*, that no bucket policy denies it, and that it may use the bucket's KMS key if there is one.";
        }
        if (status >= 500 || status == 429) {
            return "S3 stayed overloaded or broken through all retries (fs.s3a.attempts.maximum, fs.s3a.retry.limit);"
                    + " the job will try again.";
        }
        return "The request ID finds the request in the bucket's access log.";
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = root.getMessage();
        return root.getClass().getSimpleName() + (message == null ? "" : ": " + message);
    }

    private static <T extends Throwable> T find(Class<T> type, Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
        }
        return null;
    }
}
