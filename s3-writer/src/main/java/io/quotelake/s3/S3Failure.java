package io.quotelake.s3;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Locale;
import java.util.Set;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Says in one sentence what S3 refused, and what a person should check. */
final class S3Failure {
    private static final Set<String> CREDENTIALS =
            Set.of(
                    "InvalidAccessKeyId",
                    "SignatureDoesNotMatch",
                    "InvalidToken",
                    "ExpiredToken",
                    "TokenRefreshRequired");
    private static final Set<String> REGION =
            Set.of(
                    "PermanentRedirect",
                    "AuthorizationHeaderMalformed",
                    "IllegalLocationConstraintException");

    private S3Failure() {}

    /**
     * @param what the request as a verb, for example {@code write}
     * @param address the object's address
     * @param failure what the SDK threw after its retries
     * @return a {@link FileNotFoundException} if object or multipart upload don't exist, an {@link
     *     S3RefusedException} if it is of no use to try again
     */
    static IOException explain(String what, String address, String bucket, SdkException failure) {
        if (failure instanceof AbortedException || Thread.currentThread().isInterrupted()) {
            InterruptedIOException interrupted =
                    new InterruptedIOException(
                            "Interrupted in the request to " + what + " " + address);
            interrupted.initCause(failure);
            return interrupted;
        }
        if (!(failure instanceof S3Exception answer)) {
            return withoutAnswer(what, address, failure);
        }
        String code = code(answer);
        String message =
                String.format(
                        Locale.ROOT,
                        "Can't %s %s: S3 answered %d %s, %s (request ID %s). %s",
                        what,
                        address,
                        answer.statusCode(),
                        code,
                        answer.awsErrorDetails() == null
                                ? "no details"
                                : answer.awsErrorDetails().errorMessage(),
                        answer.requestId(),
                        advice(answer.statusCode(), code, bucket));
        if (answer.statusCode() == 404 && !code.equals("NoSuchBucket")) {
            FileNotFoundException absent = new FileNotFoundException(message);
            absent.initCause(failure);
            return absent;
        }
        return isRefusal(answer.statusCode(), code)
                ? new S3RefusedException(message, failure)
                : new IOException(message, failure);
    }

    static String code(S3Exception answer) {
        return answer.awsErrorDetails() == null || answer.awsErrorDetails().errorCode() == null
                ? "without a code"
                : answer.awsErrorDetails().errorCode();
    }

    private static boolean isRefusal(int status, String code) {
        return status == 401
                || status == 403
                || code.equals("NoSuchBucket")
                || CREDENTIALS.contains(code)
                || REGION.contains(code);
    }

    private static IOException withoutAnswer(String what, String address, SdkException failure) {
        String message = String.valueOf(failure.getMessage());
        if (message.contains("credentials")) {
            return new S3RefusedException(
                    String.format(
                            Locale.ROOT,
                            "Can't %s %s: no credentials. Give the process some: an instance profile or a role of its"
                                    + " service account, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or"
                                    + " s3.access-key and s3.secret-key. The cause lists what was tried.",
                            what,
                            address),
                    failure);
        }
        return new IOException(
                String.format(
                        Locale.ROOT,
                        "Can't %s %s: no answer from S3, %s. Check s3.endpoint, and that this host reaches it.",
                        what,
                        address,
                        rootMessage(failure)),
                failure);
    }

    private static String advice(int status, String code, String bucket) {
        if (code.equals("NoSuchBucket")) {
            return "Check that the bucket "
                    + bucket
                    + " exists, and that s3.endpoint is where it is.";
        }
        if (code.equals("RequestTimeTooSkewed")) {
            return "The clock of this host is wrong: synchronise it (chronyc tracking, timedatectl).";
        }
        if (CREDENTIALS.contains(code)) {
            return "Check the credentials: s3.access-key and s3.secret-key, the environment, or the instance"
                    + " profile.";
        }
        if (REGION.contains(code)) {
            return "The bucket is in another region: set s3.endpoint.region, or s3.endpoint, to its region.";
        }
        if (status == 401 || status == 403) {
            return "Check that the role or user may s3:PutObject, s3:GetObject, s3:AbortMultipartUpload and"
                    + " s3:ListMultipartUploadParts on arn:aws:s3:::"
                    + bucket
                    + "/*, that no bucket policy denies it, and that it may use the bucket's KMS key if there is one.";
        }
        if (status >= 500 || status == 429) {
            return "S3 stayed overloaded or broken through all retries; the job will try again.";
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
}
