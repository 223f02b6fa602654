package io.quotelake.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code flink run} does before the job runs anywhere. */
class JobGraphTest {

    /** No endpoint is set here, no key, and no plugin is there for the scheme. */
    @ParameterizedTest
    @ValueSource(strings = {"quotelake", "flink"})
    void isBuiltWithoutS3(String writer) throws Exception {
        TestLake lake =
                TestLake.create("graph-" + writer)
                        .withTable("s3://no-bucket-of-ours/table")
                        .with("--s3-writer=" + writer);
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.getExecutionEnvironment();
        lake.define(environment, 1, number -> "row".getBytes(UTF_8));

        JobGraph graph = environment.getStreamGraph().getJobGraph();

        assertThat(InstantiationUtil.serializeObject(graph)).isNotEmpty();
    }
}
