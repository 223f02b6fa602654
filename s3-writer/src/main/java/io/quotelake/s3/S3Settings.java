package io.quotelake.s3;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.apache.flink.configuration.MemorySize;

/**
 * How this process reaches S3: a job's options first, then Flink's own keys in the process's
 * configuration. What neither says is null, and left to AWS's default chain.
 *
 * @param endpoint null for AWS's own
 * @param aws whether it is AWS that answers
 * @param accessKey null for AWS's default credentials; with it the secret key
 * @param partSizeBytes from 5 MiB to 1 GiB
 * @param uploadsPerFile parts of one file on their way at once, at least 1
 * @param maxBufferedBytes the bound of the account of memory
 * @param patience with requests that fail
 */
record S3Settings(
        URI endpoint,
        boolean aws,
        String region,
        boolean pathStyle,
        String accessKey,
        String secretKey,
        int partSizeBytes,
        int uploadsPerFile,
        long maxBufferedBytes,
        Patience patience) {

    /** Bytes of part files that one process may hold in memory, over all slots. */
    static final ConfigOption<MemorySize> MAX_BUFFERED_BYTES =
            ConfigOptions.key("s3.writer.max-buffered-bytes").memoryType().noDefaultValue();

    private static final ConfigOption<String> ENDPOINT = key("s3.endpoint").noDefaultValue();
    private static final ConfigOption<String> REGION =
            key("s3.endpoint.region").noDefaultValue().withFallbackKeys("s3.region");
    private static final ConfigOption<Boolean> PATH_STYLE =
            ConfigOptions.key("s3.path.style.access")
                    .booleanType()
                    .defaultValue(false)
                    .withFallbackKeys("s3.path-style-access", "fs.s3a.path.style.access");
    private static final ConfigOption<String> ACCESS_KEY =
            key("s3.access-key")
                    .noDefaultValue()
                    .withFallbackKeys("s3.access.key", "fs.s3a.access.key");
    private static final ConfigOption<String> SECRET_KEY =
            key("s3.secret-key")
                    .noDefaultValue()
                    .withFallbackKeys("s3.secret.key", "fs.s3a.secret.key");
    private static final ConfigOption<MemorySize> PART_SIZE =
            ConfigOptions.key("s3.upload.min.part.size")
                    .memoryType()
                    .defaultValue(new MemorySize(MultipartUpload.MIN_PART_BYTES));
    private static final ConfigOption<Integer> UPLOADS_PER_FILE =
            ConfigOptions.key("s3.upload.max.concurrent.uploads")
                    .intType()
                    .defaultValue(Runtime.getRuntime().availableProcessors());

    /** One part is held in memory, so it is far below the 5 GiB of S3. */
    private static final int MAX_PART_SIZE_BYTES = 1024 * 1024 * 1024;

    private static final Pattern AWS_HOST = Pattern.compile("(?:.*\\.)?amazonaws\\.com(?:\\.cn)?");

    /** A host of AWS that names its region, such as {@code s3.eu-central-1.amazonaws.com}. */
    private static final Pattern REGIONAL_HOST =
            Pattern.compile(
                    ".*\\bs3[.-](?:dualstack\\.)?([a-z]{2}-[a-z-]+-\\d+)\\.(?:vpce\\.)?amazonaws\\..*");

    /**
     * How failed requests are repeated: connections that break, answers that get lost, and what S3
     * itself calls overload or an error of its own. What it refuses is never repeated.
     *
     * @param attempts of one request, at least 1
     * @param firstPause before the second attempt; the pauses double
     * @param longestPause what they double to
     */
    record Patience(int attempts, Duration firstPause, Duration longestPause) {
        /** Some 20 s in all. */
        static final Patience USUAL =
                new Patience(10, Duration.ofMillis(200), Duration.ofSeconds(5));
    }

    private static ConfigOptions.TypedConfigOptionBuilder<String> key(String name) {
        return ConfigOptions.key(name).stringType();
    }

    /**
     * Reads and checks the settings.
     *
     * @throws IllegalConfigurationException in one line that says what was given and what is
     *     accepted
     */
    static S3Settings of(S3Options options, Configuration configuration) {
        String accessKey = given(configuration, ACCESS_KEY);
        String secretKey = given(configuration, SECRET_KEY);
        if ((accessKey == null) != (secretKey == null)) {
            throw new IllegalConfigurationException(
                    "Of s3.access-key and s3.secret-key only one is set: set both, or neither for"
                            + " AWS's default credentials.");
        }
        URI endpoint = endpoint(firstOf(options.endpoint(), given(configuration, ENDPOINT)));
        String region = firstOf(options.region(), given(configuration, REGION));
        return new S3Settings(
                endpoint,
                isAws(endpoint),
                region == null ? regionOf(endpoint) : region,
                options.pathStyle() == null ? configuration.get(PATH_STYLE) : options.pathStyle(),
                accessKey,
                secretKey,
                (int)
                        checked(
                                PART_SIZE,
                                configuration.get(PART_SIZE).getBytes(),
                                bytes -> bytes >= MultipartUpload.MIN_PART_BYTES,
                                "at least 5242880 bytes, S3's least size of a part",
                                MAX_PART_SIZE_BYTES),
                (int)
                        checked(
                                UPLOADS_PER_FILE,
                                configuration.get(UPLOADS_PER_FILE),
                                count -> count >= 1,
                                "at least 1",
                                Integer.MAX_VALUE),
                checked(
                        MAX_BUFFERED_BYTES,
                        configuration
                                .getOptional(MAX_BUFFERED_BYTES)
                                .map(MemorySize::getBytes)
                                .orElse(PartFileMemory.defaultMaxBytes()),
                        bytes -> bytes > 0,
                        "more than zero, for example 256m",
                        PartFileMemory.MAX_BYTES),
                Patience.USUAL);
    }

    /** The value, or the most that is of use. */
    private static long checked(
            ConfigOption<?> option,
            long value,
            Predicate<Long> accepted,
            String acceptedWords,
            long most) {
        if (!accepted.test(value)) {
            throw new IllegalConfigurationException(
                    option.key() + " is " + value + " and must be " + acceptedWords + ".");
        }
        return Math.min(value, most);
    }

    private static String given(Configuration configuration, ConfigOption<String> option) {
        return configuration.getOptional(option).filter(value -> !value.isBlank()).orElse(null);
    }

    private static String firstOf(String first, String second) {
        return first == null ? second : first;
    }

    private static URI endpoint(String given) {
        if (given == null) {
            return null;
        }
        try {
            URI uri = URI.create(given.contains("://") ? given : "https://" + given);
            if (uri.getHost() != null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // Told below, with the other ways to be no endpoint.
        }
        throw new IllegalConfigurationException(
                "The S3 endpoint '" + given + "' is no URI such as http://127.0.0.1:9000.");
    }

    private static String regionOf(URI endpoint) {
        if (endpoint == null) {
            return null;
        }
        Matcher host = REGIONAL_HOST.matcher(endpoint.getHost().toLowerCase(Locale.ROOT));
        return host.matches() ? host.group(1) : null;
    }

    private static boolean isAws(URI endpoint) {
        return endpoint == null
                || AWS_HOST.matcher(endpoint.getHost().toLowerCase(Locale.ROOT)).matches();
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "S3 at " + (endpoint == null ? "AWS" : endpoint);
    }
}
