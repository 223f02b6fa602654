package io.quotelake.system.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quotelake.flink.FlinkRest;
import io.quotelake.local.fault.Rig;
import io.quotelake.local.job.JobStatus;
import io.quotelake.local.job.JobSubmitter;
import io.quotelake.local.job.Submission;
import io.quotelake.local.job.Submissions;
import io.quotelake.local.stack.FlinkClient;
import io.quotelake.local.stack.Installation;
import io.quotelake.local.stack.S3Keys;
import io.quotelake.local.stack.Stack;
import io.quotelake.verifier.verify.Report;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Files that stay open over many checkpoints: what the bucket shows meanwhile, and what a savepoint
 * is worth when the bucket has forgotten all that was unfinished ({@code -Pfaults}).
 */
@Tag("faults")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class OpenFilesIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String BUCKET = "quotelake";
    private static final String TABLE = "stock_market/";
    private static final Pattern PART_FILE =
            Pattern.compile(TABLE + "index=[^/]+/date=[0-9]{4}/part-[^/]+\\.json");

    private static final int ROLL_BYTES = 2 * 1024 * 1024;
    private static final Map<String, String> FREQUENT_CHECKPOINTS =
            Map.of(
                    "execution.checkpointing.interval", "500ms",
                    "execution.checkpointing.min-pause", "100ms");

    private static final List<String> OPEN_FOR_AN_HOUR =
            List.of(
                    "--date-granularity",
                    "year",
                    "--roll-interval",
                    "1h",
                    "--roll-inactivity",
                    "1h");

    @Test
    void theBucketShowsNothingButCompletePartFiles() throws Exception {
        List<String> options =
                List.of(
                        "--date-granularity",
                        "year",
                        "--roll-size",
                        "2mb",
                        "--roll-interval",
                        "1min",
                        "--roll-inactivity",
                        "10s");
        try (Rig rig = TestRig.start(options, FREQUENT_CHECKPOINTS);
                S3Client s3 = client(rig.stack())) {
            Map<String, S3Object> seen = new HashMap<>();
            rig.startFeed(5_000, TestRig.ONE_YEAR);
            while (seen.isEmpty()) {
                look(s3, seen);
            }
            long checkpointsBefore = checkpoints(rig.stack());
            while (checkpoints(rig.stack()) < checkpointsBefore + 60) {
                look(s3, seen);
            }
            rig.stopFeed();
            Report report = rig.awaitDelivery(PATIENCE);
            look(s3, seen);

            TestRig.log(
                    "%d checkpoints before the first of %d files, %,d rows"
                            .formatted(checkpointsBefore, seen.size(), report.rows()));
            assertThat(report.isClean()).as("%s", report.lines()).isTrue();
            assertThat(checkpointsBefore).isGreaterThan(20);
            assertThat(seen.values())
                    .as("ended by size")
                    .anyMatch(file -> file.size() >= ROLL_BYTES);
            assertThat(seen.values()).as("ended by age").anyMatch(file -> file.size() < ROLL_BYTES);
        }
    }

    @Test
    void aSavepointOfFilesBelowAPartIsExactHoweverOldTheBucketThinksItIs() throws Exception {
        try (Rig rig = TestRig.start(OPEN_FOR_AN_HOUR, FREQUENT_CHECKPOINTS);
                S3Client s3 = client(rig.stack())) {
            rig.startFeed(2_000, TestRig.ONE_YEAR);
            await().atMost(PATIENCE).until(() -> checkpoints(rig.stack()) > 20);
            stop(rig.stack());
            assertThat(objects(s3)).isEmpty();
            abortUploads(s3);

            resume(rig.stack());
            rig.stopFeed();
            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(
                            () ->
                                    status(rig.stack()).quotes() > 0
                                            && status(rig.stack()).lag() == 0);
            stop(rig.stack(), "--drain");

            Report report = rig.verify();
            TestRig.log("files below a part, from a savepoint: %,d rows".formatted(report.rows()));
            assertThat(report.isClean()).as("%s", report.lines()).isTrue();
        }
    }

    @Test
    void aSavepointOfLargerFilesSaysWhatIsGone() throws Exception {
        try (Rig rig = TestRig.start(OPEN_FOR_AN_HOUR);
                S3Client s3 = client(rig.stack())) {
            rig.startFeed(15_000, TestRig.ONE_YEAR);
            await().atMost(PATIENCE)
                    .until(() -> rig.stack().s3().requests().containsKey("UploadPart"));
            stop(rig.stack());
            assertThat(objects(s3)).as("visible beside uploads under way").isEmpty();
            assertThat(abortUploads(s3)).isPositive();

            String job = resume(rig.stack()).currentJobId();

            FlinkRest rest = rig.stack().flink().rest();
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () ->
                                    assertThat(rest.get("/jobs/" + job + "/exceptions").toString())
                                            .containsPattern(
                                                    "The first [0-9,]+ bytes of s3://quotelake/stock_market/index=\\S+ are"
                                                            + " gone: its multipart upload"));
        }
    }

    /** Everything that is there has a part file's name, and is what it was when it came. */
    private static void look(S3Client s3, Map<String, S3Object> seen) {
        for (S3Object object : objects(s3)) {
            assertThat(object.key()).matches(PART_FILE);
            S3Object before = seen.putIfAbsent(object.key(), object);
            if (before != null) {
                assertThat(object.eTag()).as(object.key()).isEqualTo(before.eTag());
                assertThat(object.size()).as(object.key()).isEqualTo(before.size());
            }
        }
    }

    private static List<S3Object> objects(S3Client s3) {
        return s3
                .listObjectsV2Paginator(request -> request.bucket(BUCKET).prefix(TABLE))
                .contents()
                .stream()
                .toList();
    }

    /** As a lifecycle rule would. */
    private static int abortUploads(S3Client s3) {
        List<MultipartUpload> uploads =
                s3.listMultipartUploads(request -> request.bucket(BUCKET)).uploads();
        for (MultipartUpload upload : uploads) {
            s3.abortMultipartUpload(
                    request ->
                            request.bucket(BUCKET).key(upload.key()).uploadId(upload.uploadId()));
        }
        return uploads.size();
    }

    private static void stop(Stack stack, String... options) throws IOException {
        List<String> words = new ArrayList<>(List.of("stop", "--type", "canonical"));
        words.addAll(List.of(options));
        words.add(submission(stack).currentJobId());
        FlinkClient.Result stopped = stack.flink().client().run(words, Map.of());
        assertThat(stopped.exitCode()).as("%s", stopped.output()).isZero();
    }

    private static Submission resume(Stack stack) throws IOException {
        return new JobSubmitter(Installation.current(), stack)
                .resume(submission(stack), List.of(), 0);
    }

    private static Submission submission(Stack stack) throws IOException {
        return new Submissions(stack.state()).newest().orElseThrow();
    }

    private static JobStatus status(Stack stack) throws IOException {
        return JobStatus.of(stack.flink().rest(), submission(stack).currentJobId());
    }

    private static long checkpoints(Stack stack) throws IOException {
        String job = submission(stack).currentJobId();
        return stack.flink()
                .rest()
                .get("/jobs/" + job + "/checkpoints")
                .path("counts")
                .path("completed")
                .asLong();
    }

    private static S3Client client(Stack stack) throws IOException {
        S3Keys keys = S3Keys.of(stack.state());
        return S3Client.builder()
                .endpointOverride(stack.s3().uri())
                .forcePathStyle(true)
                .region(Region.US_EAST_1)
                .credentialsProvider(
                        StaticCredentialsProvider.create(
                                AwsBasicCredentials.create(keys.accessKey(), keys.secretKey())))
                .build();
    }
}
