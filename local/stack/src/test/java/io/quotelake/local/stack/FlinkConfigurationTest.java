package io.quotelake.local.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlinkConfigurationTest {
    @TempDir Path directory;
    private Path template;
    private FlinkConfiguration configuration;

    @BeforeEach
    void writeTemplate() throws IOException {
        template = Files.createDirectory(directory.resolve("template"));
        Files.writeString(
                template.resolve("config.yaml"),
                """
                # a comment: kept
                rest.port: 8081
                parallelism.default: 1
                env.java.opts.all: -Da=1  -Db=2
                """);
        Files.writeString(template.resolve("log4j.properties"), "rootLogger.level = INFO\n");
        configuration = new FlinkConfiguration(template, directory.resolve("conf"));
    }

    @Test
    void aSettingReplacesTheTemplatesAndAllElseStays() throws IOException {
        configuration.set("rest.port", "43210");
        configuration.set("a.quoted", "it's");

        configuration.write();

        assertThat(Files.readAllLines(written()))
                .contains(
                        "# a comment: kept",
                        "parallelism.default: 1",
                        "rest.port: '43210'",
                        "a.quoted: 'it''s'")
                .doesNotContain("rest.port: 8081");
        assertThat(directory.resolve("conf/log4j.properties")).exists();
    }

    @Test
    void nobodyElseCanReadTheKeys() throws IOException {
        configuration.setS3(URI.create("http://127.0.0.1:9000"), new S3Keys("access", "secret"));

        configuration.write();

        assertThat(Files.readString(written())).contains("s3.secret-key: 'secret'");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(written())))
                .isEqualTo("rw-------");
    }

    @Test
    void jvmOptionsAreThoseOfAllProcessesAndOfTheRole() throws IOException {
        configuration.set("env.java.opts.taskmanager", "-Dc=3");

        assertThat(configuration.jvmOptions("taskmanager"))
                .containsExactly("-Da=1", "-Db=2", "-Dc=3");
        assertThat(configuration.jvmOptions("jobmanager")).containsExactly("-Da=1", "-Db=2");
    }

    private Path written() {
        return directory.resolve("conf/config.yaml");
    }
}
