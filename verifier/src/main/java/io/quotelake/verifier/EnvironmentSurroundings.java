package io.quotelake.verifier;

import io.quotelake.terminal.Console;
import io.quotelake.terminal.Failure;
import java.nio.file.Path;
import java.util.Optional;

/** What the environment's variables name, and no stack. */
final class EnvironmentSurroundings implements Surroundings {
    private static final String BROKERS = "KAFKA_BOOTSTRAP_SERVERS";
    private static final String TOPIC = "KAFKA_TOPIC";
    private static final String BUCKET = "AWS_S3_BUCKET";
    private static final String DEFAULT_TOPIC = "stock_market";

    @Override
    public Console console() {
        return Console.standard();
    }

    @Override
    public Optional<String> brokers() {
        return variable(BROKERS);
    }

    @Override
    public LocalStack stack() {
        throw Failure.ofUse("no broker is named: give --bootstrap-servers, or set " + BROKERS);
    }

    @Override
    public String topic() {
        return variable(TOPIC).orElse(DEFAULT_TOPIC);
    }

    @Override
    public String table(String topic) {
        String bucket =
                variable(BUCKET)
                        .orElseThrow(
                                () ->
                                        Failure.ofUse(
                                                "no table is named: give --output s3://BUCKET/PREFIX, or set "
                                                        + BUCKET));
        return "s3://" + bucket + "/" + topic;
    }

    @Override
    public Optional<Path> buckets() {
        return Optional.empty();
    }

    private static Optional<String> variable(String name) {
        return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isBlank());
    }
}
