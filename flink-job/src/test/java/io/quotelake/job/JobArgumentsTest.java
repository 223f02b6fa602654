package io.quotelake.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.ParameterException;

class JobArgumentsTest {

    private static final String[] NONE = {};

    @TempDir private Path directory;

    private String[] of(String json, String... given) throws Exception {
        Path file = Files.writeString(directory.resolve("properties.json"), json);
        return JobArguments.of(given, name -> file.toString());
    }

    private static String group(String properties) {
        return """
        [{"PropertyGroupId": "other", "PropertyMap": {"topic": "not-ours"}},
         {"PropertyGroupId": "quotelake", "PropertyMap": {%s}}]"""
                .formatted(properties);
    }

    @Test
    void optionsComeFromThePropertyGroupWhereThereAreNoArguments() throws Exception {
        String[] words =
                of(
                        group(
                                """
                                "bootstrap-servers": "broker:9092", "output": "s3://lake/stock_market",
                                "date-granularity": "month", "no-lineage": "true",
                                "kafka-property.security.protocol": "SASL_SSL\""""));

        JobOptions options = JobOptions.parse(name -> null, words);
        assertThat(options.bootstrapServers()).isEqualTo("broker:9092");
        assertThat(options.output()).isEqualTo("s3://lake/stock_market");
        assertThat(options.dateGranularity().name()).isEqualTo("MONTH");
        assertThat(options.hasLineage()).isFalse();
        assertThat(options.kafkaProperties()).containsEntry("security.protocol", "SASL_SSL");
    }

    @Test
    void argumentsAreAllThereIsWhereThereAreAny() throws Exception {
        assertThat(of(group("\"topic\": \"theirs\""), "--topic", "mine"))
                .containsExactly("--topic", "mine");
    }

    @Test
    void aFlagThatIsFalseIsLeftOut() throws Exception {
        assertThat(of(group("\"no-lineage\": \"false\""))).isEmpty();
        assertThatThrownBy(() -> of(group("\"no-lineage\": \"yes\"")))
                .isInstanceOf(WrongUse.class)
                .hasMessageContaining("no-lineage is 'yes', and neither true nor false");
    }

    @Test
    void anUnknownPropertyIsRefusedLikeAnUnknownOption() throws Exception {
        String[] words = of(group("\"granularity\": \"month\""));

        assertThatThrownBy(() -> JobOptions.parse(name -> null, words))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("--granularity");
    }

    @Test
    void aFileThatIsNoHelpSaysSo() throws Exception {
        assertThatThrownBy(() -> of("[]")).hasMessageContaining("has no property group quotelake");
        assertThatThrownBy(() -> of("{")).hasMessageContaining("is no JSON");
        assertThatThrownBy(
                        () -> JobArguments.of(NONE, name -> directory.resolve("absent").toString()))
                .hasMessageContaining("which doesn't exist");
    }

    @Test
    void withoutArgumentsAndWithoutTheServiceThereIsNothing() throws Exception {
        assertThat(JobArguments.of(NONE, name -> null)).isEmpty();
    }
}
