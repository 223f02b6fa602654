package io.quotelake.local.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.quotelake.local.job.Submission;
import io.quotelake.local.job.Submissions;
import io.quotelake.local.stack.Installation;
import io.quotelake.local.stack.Service;
import io.quotelake.local.stack.Settings;
import io.quotelake.local.stack.Stack;
import io.quotelake.local.stack.StackOptions;
import io.quotelake.local.stack.StateDirectory;
import io.quotelake.local.stack.Workspace;
import io.quotelake.terminal.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The whole system, with real processes: from a CSV file to the lake, also when services die. */
class DeliveryIT {
    private static final Duration HEALED_WITHIN = Duration.ofMinutes(3);
    private static final int ROWS = 2_000;

    /** Two thirds of what the rows of one delivery count: reading pauses in each of them. */
    private static final String LESS_THAN_THE_ROWS_NEED = "1200kb";

    private final Workspace workspace =
            new Workspace(
                    Installation.current(),
                    Settings.defaults(),
                    new StateDirectory(Path.of("target/delivery-it")),
                    Console.standard());

    @Test
    void everyRowIsInTheLakeOnceAlsoWhenPartsDie() throws Exception {
        StackOptions options =
                new StackOptions(workspace.state())
                        .emptyLake()
                        .flink("execution.checkpointing.interval", "1s")
                        .flink("execution.checkpointing.min-pause", "200ms")
                        .flink("s3.writer.max-buffered-bytes", LESS_THAN_THE_ROWS_NEED);
        List<Service> services;
        try (Stack stack = StackMixin.start(workspace, options);
                Supervision supervision = new Supervision(workspace, stack)) {
            services = stack.services();
            Submission job =
                    supervision
                            .submitter()
                            .submit(
                                    List.of(
                                            "--date-granularity",
                                            "month",
                                            "--roll-inactivity",
                                            "1s",
                                            "--roll-interval",
                                            "5s"),
                                    0,
                                    workspace.settings());
            Delivery delivery = new Delivery(workspace, stack, supervision);

            assertThat(delivery.run(csv(0))).as("in quiet times").isTrue();
            assertThat(logs()).contains("Reading pauses until the next checkpoint");
            assertThat(operatorNames(stack, job))
                    .anySatisfy(name -> assertThat(name).contains(" "));

            stack.flink().jobManagers().get(0).process().kill();
            await().atMost(HEALED_WITHIN).until(() -> resumed(job));
            assertThat(delivery.run(csv(1))).as("after the JobManager died").isTrue();

            stack.flink().taskManagers().get(0).process().kill();
            assertThat(delivery.run(csv(2))).as("after the TaskManager died").isTrue();

            assertThat(stack.s3().requests()).containsKey("PutObject");
            findsWhatIsWrong(delivery, stack);
        }
        assertThat(services).noneMatch(service -> service.process().isAlive());
    }

    /** A verdict is worth something only if it can be another one. */
    private void findsWhatIsWrong(Delivery delivery, Stack stack) throws IOException {
        try (Stream<Path> tree = Files.walk(table(stack))) {
            Files.delete(tree.filter(Files::isRegularFile).findFirst().orElseThrow());
        }

        assertThat(delivery.verify().isClean()).isFalse();
    }

    private String logs() throws IOException {
        return Files.readString(workspace.state().logs().resolve("taskmanager-1.log"));
    }

    private boolean resumed(Submission job) throws IOException {
        return new Submissions(workspace.state())
                .newest()
                .filter(now -> now.jobIds().size() > job.jobIds().size())
                .isPresent();
    }

    private static List<String> operatorNames(Stack stack, Submission job) throws IOException {
        List<String> names = new ArrayList<>();
        for (JsonNode vertex :
                stack.flink().rest().get("/jobs/" + job.currentJobId()).path("vertices")) {
            names.add(vertex.path("name").asText());
        }
        return names;
    }

    private Path table(Stack stack) {
        return stack.s3()
                .bucket(workspace.settings().bucket())
                .resolve(workspace.settings().topic());
    }

    /** A slice of the data set, another one for each number. */
    private Path csv(int number) throws IOException {
        List<String> all = Files.readAllLines(workspace.installation().dataSet());
        List<String> lines = new ArrayList<>(List.of(all.get(0)));
        lines.addAll(all.subList(1 + number * ROWS, 1 + (number + 1) * ROWS));
        return Files.write(Path.of("target/delivery-it-" + number + ".csv"), lines);
    }
}
