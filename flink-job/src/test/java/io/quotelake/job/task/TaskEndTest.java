package io.quotelake.job.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TaskEndTest {

    @Test
    void whatCanNotBeClosedKeepsNothingElseOpenAndThrowsNothing() {
        List<String> closed = new ArrayList<>();

        TaskEnd.close(
                "the test's",
                () -> closed.add("first"),
                null,
                () -> {
                    throw new Exception("of this test");
                },
                () -> {
                    throw new NoClassDefFoundError("of this test");
                },
                () -> closed.add("last"));

        assertThat(closed).containsExactly("first", "last");
    }

    @Test
    void anErrorOfTheJvmIsNotHidden() {
        assertThatThrownBy(
                        () ->
                                TaskEnd.close(
                                        "the test's",
                                        () -> {
                                            throw new InternalError("of this test");
                                        }))
                .isInstanceOf(InternalError.class);
    }
}
