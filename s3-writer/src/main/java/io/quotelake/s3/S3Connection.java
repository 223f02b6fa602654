package io.quotelake.s3;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.IllegalConfigurationException;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * The one S3 client of a job in a process, with its connections and its threads. Whoever needs it
 * takes a share; when the last share is closed, nothing of it remains: no thread, no connection,
 * and nothing that would hold on to the job's class loader. What the SDK would start by itself for
 * longer than that (timers, a reaper of idle connections) it is not allowed to start.
 */
final class S3Connection implements AutoCloseable {
    /** Requests on their way at once: committers of several tasks, and {@link #MAX_UPLOADS}. */
    private static final int MAX_CONNECTIONS = 128;

    /**
     * Parts on their way at once, over all files; enough to fill a 10 Gbit/s line with parts of 5
     * MiB.
     */
    private static final int MAX_UPLOADS = 32;

    /** How long the end waits for uploads whose files nobody needs any more. */
    private static final long CLOSE_SECONDS = 5;

    private static final Map<S3Settings, Shared> SHARED = new HashMap<>();

    private final Shared shared;
    private boolean closed;

    private S3Connection(Shared shared) {
        this.shared = shared;
    }

    /**
     * A share of the client for what a job's options and the configuration of this process say.
     *
     * @throws IllegalConfigurationException if they can't be used, in a sentence
     */
    static S3Connection share(S3Options options) {
        return share(S3Settings.of(options, GlobalConfiguration.loadConfiguration()));
    }

    static S3Connection share(S3Settings settings) {
        synchronized (SHARED) {
            Shared shared = SHARED.computeIfAbsent(settings, Shared::new);
            shared.shares++;
            return new S3Connection(shared);
        }
    }

    S3Settings settings() {
        return shared.settings;
    }

    S3Client client() {
        return shared.client;
    }

    /** Whether requests carry the checksum that S3 asks for by default. */
    boolean sendsChecksums() {
        return shared.settings.aws();
    }

    /** The threads that upload parts, for all files. */
    Executor uploads() {
        return shared.uploads;
    }

    /** Files published with one PutObject. */
    AtomicLong objectsPut() {
        return shared.objectsPut;
    }

    AtomicLong partsUploaded() {
        return shared.partsUploaded;
    }

    AtomicLong multipartUploadsCompleted() {
        return shared.multipartUploadsCompleted;
    }

    @Override
    public void close() {
        synchronized (SHARED) {
            if (closed) {
                return;
            }
            closed = true;
            if (--shared.shares > 0) {
                return;
            }
            SHARED.remove(shared.settings);
        }
        shared.close();
    }

    private static final class Shared {
        private final S3Settings settings;
        private final AtomicLong objectsPut = new AtomicLong();
        private final AtomicLong partsUploaded = new AtomicLong();
        private final AtomicLong multipartUploadsCompleted = new AtomicLong();
        private final ThreadPoolExecutor uploads = newUploads();

        /** For timers of the SDK. None is asked for, so that its thread never starts. */
        private final ScheduledExecutorService timers =
                Executors.newSingleThreadScheduledExecutor();

        private final SdkHttpClient http;
        private final AwsCredentialsProvider credentials;
        private final S3Client client;
        private int shares;

        private Shared(S3Settings settings) {
            this.settings = settings;
            this.http =
                    Apache5HttpClient.builder()
                            .maxConnections(MAX_CONNECTIONS)
                            .useIdleConnectionReaper(false)
                            .expectContinueEnabled(false)
                            .build();
            this.credentials = newCredentials(settings);
            this.client = newClient();
        }

        private static ThreadPoolExecutor newUploads() {
            AtomicInteger started = new AtomicInteger();
            ThreadPoolExecutor pool =
                    new ThreadPoolExecutor(
                            MAX_UPLOADS,
                            MAX_UPLOADS,
                            60,
                            TimeUnit.SECONDS,
                            new LinkedBlockingQueue<>(),
                            work -> {
                                Thread thread =
                                        new Thread(
                                                work,
                                                "quotelake-s3-upload-" + started.incrementAndGet());
                                thread.setDaemon(true);
                                return thread;
                            });
            pool.allowCoreThreadTimeOut(true);
            return pool;
        }

        private static AwsCredentialsProvider newCredentials(S3Settings settings) {
            return settings.accessKey() == null
                    ? DefaultCredentialsProvider.builder().build()
                    : StaticCredentialsProvider.create(
                            AwsBasicCredentials.create(settings.accessKey(), settings.secretKey()));
        }

        private S3Client newClient() {
            S3ClientBuilder builder =
                    S3Client.builder()
                            .httpClient(http)
                            .credentialsProvider(credentials)
                            .forcePathStyle(settings.pathStyle())
                            .disableS3ExpressSessionAuth(true)
                            // S3Bucket names the checksums itself, as headers: the SDK would wrap
                            // the bytes in chunks to send them behind.
                            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                            .serviceConfiguration(
                                    S3Configuration.builder()
                                            .chunkedEncodingEnabled(false)
                                            .expectContinueEnabled(false)
                                            .build())
                            .overrideConfiguration(
                                    changes ->
                                            changes.retryStrategy(newRetries())
                                                    .scheduledExecutorService(timers));
            if (settings.endpoint() == null) {
                builder.crossRegionAccessEnabled(true);
            } else {
                builder.endpointOverride(settings.endpoint());
            }
            return builder.region(region()).build();
        }

        /** Other stores than AWS take any; AWS itself tells a client that asks in another one. */
        private Region region() {
            if (settings.region() != null) {
                return Region.of(settings.region());
            }
            if (settings.aws()) {
                try {
                    return new DefaultAwsRegionProviderChain().getRegion();
                } catch (SdkClientException nowhereSet) {
                    return Region.US_EAST_1;
                }
            }
            return Region.US_EAST_1;
        }

        private RetryStrategy newRetries() {
            S3Settings.Patience patience = settings.patience();
            BackoffStrategy pauses =
                    BackoffStrategy.exponentialDelayHalfJitter(
                            patience.firstPause(), patience.longestPause());
            return AwsRetryStrategy.standardRetryStrategy().toBuilder()
                    .maxAttempts(patience.attempts())
                    .backoffStrategy(pauses)
                    .throttlingBackoffStrategy(pauses)
                    // An answer that breaks off is an XML document that can't be read, to the SDK.
                    .retryOnRootCauseInstanceOf(IOException.class)
                    // It would give up in the middle of an outage because of those before.
                    .circuitBreakerEnabled(false)
                    .build();
        }

        private void close() {
            uploads.shutdown();
            try {
                if (!uploads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                    stopUploads();
                    uploads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
                }
            } catch (InterruptedException e) {
                stopUploads();
                Thread.currentThread().interrupt();
            }
            client.close();
            http.close();
            timers.shutdownNow();
            if (credentials instanceof SdkAutoCloseable closeable) {
                closeable.close();
            }
        }

        private void stopUploads() {
            for (Runnable waiting : uploads.shutdownNow()) {
                if (waiting instanceof PartUpload part) {
                    part.abandon();
                }
            }
        }
    }
}
