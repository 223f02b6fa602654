package io.quotelake.job.owner;

import static org.assertj.core.api.Assertions.assertThat;

import io.quotelake.job.owner.World.Budget;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The protocol's own code against a scripted store, through every order of its steps and of what
 * can go wrong between them, within a bound: each request of each job, each file that is published,
 * each checkpoint is a step, and any job may take the next one.
 *
 * <p>In each of the situations that come about: no row stands in two files; whoever begins alone
 * with any retained state, or with none, either leaves the table with each row exactly once or is
 * refused; at least one of them is not refused; and the job that holds the table goes on, and comes
 * back after a failure.
 */
class InterleavingTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        // what can happen, further submissions, crashes, stalls, lost answers, late requests,
        // aborts
        "two jobs,                              1, 0, 0, 0, 0, 0",
        "two jobs and a crash,                  1, 1, 0, 0, 0, 0",
        "two jobs and a lost answer,            1, 0, 0, 1, 0, 0",
        "two jobs and a late request,           1, 0, 0, 0, 1, 0",
        "two jobs and an aborted checkpoint,    1, 0, 0, 0, 0, 1",
        "a stopped process that wakes up,       1, 0, 1, 0, 0, 0",
        "one job that fails twice,              0, 2, 0, 0, 1, 0",
        "one job that fails and is woken,       0, 1, 1, 0, 1, 0",
        "a crash and an aborted checkpoint,     1, 1, 0, 0, 0, 1",
        "a crash with a request under way,      1, 1, 0, 0, 1, 0",
    })
    void everyOrderLeavesEachRowOnce(
            String story,
            int submissions,
            int crashes,
            int stalls,
            int lost,
            int late,
            int aborts) {
        Budget budget = new Budget(submissions, crashes, stalls, lost, late, aborts);

        Exploration exploration = Exploration.of(World.beginning(budget));

        System.out.printf(
                "%s: %,d situations, %,d starts from them%n",
                story, exploration.situations(), exploration.starts());
        assertThat(exploration.situations()).isGreaterThan(10);
        assertThat(exploration.refusals()).isPositive();
    }
}
