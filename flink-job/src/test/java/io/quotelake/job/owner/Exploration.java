package io.quotelake.job.owner;

import io.quotelake.job.owner.JobScript.IsRefused;
import io.quotelake.job.owner.JobScript.Standing;
import io.quotelake.job.owner.JobScript.Waits;
import io.quotelake.job.owner.World.Answer;
import io.quotelake.job.owner.World.Budget;
import io.quotelake.job.owner.World.Checkpoint;
import io.quotelake.job.owner.World.Failed;
import io.quotelake.job.owner.World.Job;
import io.quotelake.job.owner.World.Number;
import io.quotelake.job.owner.World.Publish;
import io.quotelake.job.owner.World.Read;
import io.quotelake.job.owner.World.Request;
import io.quotelake.job.owner.World.State;
import io.quotelake.job.owner.World.Write;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Every situation that can come about from one, each looked at once. */
final class Exploration {

    private static final int A_NEWCOMER = 25;

    private final Set<World> seen = new HashSet<>();
    private final Set<World> seenWithoutJobs = new HashSet<>();
    private final Set<World> seenWithOneJob = new HashSet<>();
    private final Map<Job, Standing> standings = new HashMap<>();
    private final Deque<World> open = new ArrayDeque<>();
    private long starts;
    private long refusals;

    private Exploration() {}

    static Exploration of(World beginning) {
        Exploration exploration = new Exploration();
        exploration.add(beginning);
        while (!exploration.open.isEmpty()) {
            exploration.goOn(exploration.open.pop());
        }
        return exploration;
    }

    int situations() {
        return seen.size();
    }

    /** How often a job was started or continued alone in one of them. */
    long starts() {
        return starts;
    }

    /** How often a job was refused, alone or among others. */
    long refusals() {
        return refusals;
    }

    private void add(World world) {
        if (seen.add(world)) {
            open.push(world);
        }
    }

    private Standing standing(Job job) {
        return standings.computeIfAbsent(job, JobScript::of);
    }

    private void goOn(World world) {
        checkRows(world, "");
        for (Job job : world.jobs()) {
            Standing standing = standing(job);
            if (standing instanceof IsRefused) {
                refusals++;
            }
            checkHolderGoesOn(world, job, standing);
            if (standing instanceof Waits waits) {
                step(world, job, waits.request());
                fail(world, job, waits.request());
            }
        }
        for (Request request : world.late()) {
            add(world.withoutLate(request).after(request));
        }
        submit(world);
        checkStarts(world);
    }

    /** The job takes its next step, and what comes back from it may be lost. */
    private void step(World world, Job job, Request request) {
        Budget budget = world.budget();
        if (request instanceof Checkpoint checkpoint) {
            if (job.isForgotten()) {
                return;
            }
            long number = nextCheckpoint(world, job, checkpoint);
            add(complete(world, job, checkpoint, number));
            if (budget.aborts() > 0) {
                Budget less =
                        new Budget(
                                budget.submissions(),
                                budget.crashes(),
                                budget.stalls(),
                                budget.lost(),
                                budget.late(),
                                budget.aborts() - 1);
                World aborted = world.withBudget(less);
                add(aborted.with(job, job.told(new Number(number, true, false))));
                add(aborted.with(job, job.told(new Number(number, false, false))));
            }
            return;
        }
        Answer answer = world.answerTo(request);
        add(world.after(request).with(job, job.told(answer)));
        boolean canBeLost = request instanceof Read || request instanceof Write;
        if (budget.lost() > 0 && canBeLost) {
            Budget less =
                    new Budget(
                            budget.submissions(),
                            budget.crashes(),
                            budget.stalls(),
                            budget.lost() - 1,
                            budget.late(),
                            budget.aborts());
            add(world.withBudget(less).after(request).with(job, job.told(new Failed())));
        }
        if (budget.late() > 0 && isChange(request)) {
            add(lessLate(world).withLate(request).with(job, job.told(new Failed())));
        }
    }

    private static boolean isChange(Request request) {
        return request instanceof Write || request instanceof Publish;
    }

    private static World lessLate(World world) {
        Budget budget = world.budget();
        return world.withBudget(
                new Budget(
                        budget.submissions(),
                        budget.crashes(),
                        budget.stalls(),
                        budget.lost(),
                        budget.late() - 1,
                        budget.aborts()));
    }

    private static long nextCheckpoint(World world, Job job, Checkpoint checkpoint) {
        long newest =
                world.states().stream()
                        .filter(state -> state.run().equals(job.run()))
                        .mapToLong(State::checkpoint)
                        .max()
                        .orElse(0);
        return Math.max(newest, checkpoint.last()) + 1;
    }

    private static World complete(World world, Job job, Checkpoint checkpoint, long number) {
        return world.with(new State(job.run(), number, checkpoint.position(), checkpoint.pending()))
                .with(job, job.told(new Number(number, true, true)));
    }

    /**
     * The job's process dies before its next step, or is taken for dead; the cluster restarts it.
     */
    private void fail(World world, Job job, Request request) {
        Budget budget = world.budget();
        if (job.isForgotten()) {
            return;
        }
        Job again = job.restartedFrom(world.newestOf(job), job.attempt() + 1);
        if (budget.crashes() > 0) {
            World less =
                    world.withBudget(
                            new Budget(
                                    budget.submissions(),
                                    budget.crashes() - 1,
                                    budget.stalls(),
                                    budget.lost(),
                                    budget.late(),
                                    budget.aborts()));
            add(less.with(job, again));
            if (budget.late() > 0 && isChange(request)) {
                add(lessLate(less).withLate(request).with(job, again));
            }
        }
        if (budget.stalls() > 0) {
            World less =
                    world.withBudget(
                            new Budget(
                                    budget.submissions(),
                                    budget.crashes(),
                                    budget.stalls() - 1,
                                    budget.lost(),
                                    budget.late(),
                                    budget.aborts()));
            List<Job> both = new ArrayList<>(less.with(job, job.forgotten()).jobs());
            both.add(again);
            add(less.withJobs(both));
        }
    }

    /** Somebody submits the job once more, with any retained state or with none. */
    private void submit(World world) {
        Budget budget = world.budget();
        if (budget.submissions() == 0) {
            return;
        }
        World less =
                world.withBudget(
                        new Budget(
                                budget.submissions() - 1,
                                budget.crashes(),
                                budget.stalls(),
                                budget.lost(),
                                budget.late(),
                                budget.aborts()));
        List<State> choices = new ArrayList<>(world.states());
        choices.add(null);
        for (State from : choices) {
            List<Job> jobs = new ArrayList<>(world.jobs());
            jobs.add(World.submission(budget.submissions(), from));
            add(less.withJobs(jobs));
        }
    }

    private static void checkRows(World world, String story) {
        Map<Integer, String> files = new HashMap<>();
        world.files()
                .forEach(
                        (name, row) -> {
                            String twin = files.put(row, name);
                            if (twin != null) {
                                throw new AssertionError(
                                        "row " + row + " stands twice " + story + world);
                            }
                        });
    }

    /** With everybody else gone. */
    private void checkStarts(World world) {
        if (!seenWithoutJobs.add(world.withJobs(List.of()).withBudget(null))) {
            return;
        }
        List<State> choices = new ArrayList<>(world.states());
        choices.add(null);
        int accepted = 0;
        for (State from : choices) {
            if (endsWell(world, World.submission(A_NEWCOMER, from))) {
                accepted++;
            }
        }
        if (accepted == 0) {
            throw new AssertionError("nobody can begin: " + world);
        }
    }

    private void checkHolderGoesOn(World world, Job job, Standing standing) {
        if (world.object() == null || job.isForgotten()) {
            return;
        }
        boolean holds =
                OwnerObject.fromJson(world.object().getBytes(), "test")
                        .writer(job.run())
                        .isPresent();
        if (!holds || !seenWithOneJob.add(world.withJobs(List.of(job)).withBudget(null))) {
            return;
        }
        Job again = job.restartedFrom(world.newestOf(job), job.attempt() + 1);
        if (standing instanceof IsRefused || !endsWell(world, job) || !endsWell(world, again)) {
            throw new AssertionError("the job that holds the table is refused: " + job + world);
        }
    }

    /** Whether the job, alone from now on, is not refused; then each row must be there once. */
    private boolean endsWell(World world, Job job) {
        starts++;
        World[] now = {world};
        Standing end =
                JobScript.finish(
                        job,
                        request -> {
                            if (request instanceof Checkpoint checkpoint) {
                                long number = nextCheckpoint(now[0], job, checkpoint);
                                now[0] =
                                        now[0].with(
                                                new State(
                                                        job.run(),
                                                        number,
                                                        checkpoint.position(),
                                                        checkpoint.pending()));
                                return new Number(number, true, true);
                            }
                            Answer answer = now[0].answerTo(request);
                            now[0] = now[0].after(request);
                            return answer;
                        });
        if (end instanceof IsRefused) {
            refusals++;
            return false;
        }
        World after = now[0];
        for (Request late : world.late()) {
            after = after.after(late);
        }
        checkRows(after, "after " + job + " from ");
        if (after.files().size() != JobScript.ROWS) {
            throw new AssertionError("rows are missing after " + job + ": " + after + world);
        }
        return true;
    }
}
