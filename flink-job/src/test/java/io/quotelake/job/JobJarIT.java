package io.quotelake.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

/** The built jar, as it goes to a cluster that has jars of its own. */
class JobJarIT {

    private static final Path JAR = Path.of(System.getProperty("job.jar"));

    private static final long MAX_BYTES = 40L * 1024 * 1024;

    /**
     * Beside what is the project's own or relocated: the connectors, which belong to the job;
     * Kafka's client and its login module for IAM, whose classes configuration files name; and
     * codecs whose native libraries know the names of their classes.
     */
    private static final List<String> PACKAGES =
            List.of(
                    "io/quotelake/",
                    "org/apache/flink/connector/",
                    "org/apache/flink/streaming/connectors/kafka/",
                    "org/apache/flink/streaming/util/serialization/JSONKeyValueDeserializationSchema.class",
                    "org/apache/kafka/",
                    "com/github/luben/zstd/",
                    "net/jpountz/",
                    "software/amazon/msk/",
                    "org/xerial/snappy/");

    private static List<String> names() throws IOException {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            return jar.stream().map(ZipEntry::getName).toList();
        }
    }

    private static Stream<String> classes() throws IOException {
        return names().stream()
                .filter(name -> name.endsWith(".class"))
                .map(name -> name.replaceFirst("^META-INF/versions/\\d+/", ""));
    }

    @Test
    void hasNoClassThatAClusterCouldHaveInAnotherVersion() throws Exception {
        assertThat(classes().filter(name -> PACKAGES.stream().noneMatch(name::startsWith)))
                .isEmpty();
    }

    @Test
    void isSmallEnoughToBeSentAround() throws Exception {
        assertThat(Files.size(JAR)).isLessThan(MAX_BYTES);
    }

    @Test
    void hasAllPartsOfTheCredentialsChainUnderTheirNewNames() throws Exception {
        assertThat(classes())
                .contains(
                        "io/quotelake/shaded/awssdk/auth/credentials/ContainerCredentialsProvider.class",
                        "io/quotelake/shaded/awssdk/auth/credentials/InstanceProfileCredentialsProvider.class",
                        "io/quotelake/shaded/awssdk/services/sts/internal/StsProfileCredentialsProviderFactory.class",
                        "io/quotelake/shaded/awssdk/services/sts/internal/StsWebIdentityCredentialsProviderFactory.class");
    }

    @Test
    void hasTheLoginModuleThatBrokersWithIamWant() throws Exception {
        assertThat(classes())
                .contains(
                        "software/amazon/msk/auth/iam/IAMLoginModule.class",
                        "software/amazon/msk/auth/iam/IAMClientCallbackHandler.class");
    }

    @Test
    void namesNoFileSystemFactoryThatWouldTakeTheClustersPlace() throws Exception {
        assertThat(names())
                .doesNotContain("META-INF/services/org.apache.flink.core.fs.FileSystemFactory");
    }
}
