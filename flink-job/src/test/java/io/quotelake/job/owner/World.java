package io.quotelake.job.owner;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A table, its owner object, the states that are retained, and the jobs that write it: one
 * situation of many. Never changed; each step makes another one.
 *
 * @param object the owner object's content, null if there is none. It is its own version, as an
 *     ETag is: content that came back would be taken for unchanged
 * @param files the row in each published file, by name
 * @param states all completed checkpoints
 * @param jobs the submissions, and what they have been told so far
 * @param late requests that nobody waits for any more, and that may arrive yet
 * @param budget what may still go wrong
 */
record World(
        String object,
        SortedMap<String, Integer> files,
        List<State> states,
        List<Job> jobs,
        List<Request> late,
        Budget budget) {

    /** How many of each may still happen. */
    record Budget(int submissions, int crashes, int stalls, int lost, int late, int aborts) {}

    /** A file that is written and not yet published. */
    record Pending(String stamp, String name, int row) {}

    /** A completed checkpoint. */
    record State(String run, long checkpoint, int position, List<Pending> pending) {}

    /** What a job asks for. */
    sealed interface Request {}

    record Read() implements Request {}

    record Look() implements Request {}

    record Write(String content, String version) implements Request {}

    record Publish(String name, int row) implements Request {}

    record Checkpoint(int position, List<Pending> pending, long last) implements Request {}

    /** What it is answered. */
    sealed interface Answer {}

    record Content(String content) implements Answer {}

    record Yes(boolean yes) implements Answer {}

    record Done() implements Answer {}

    record Failed() implements Answer {}

    /**
     * How a checkpoint went.
     *
     * @param isTaken whether this task's part of it was
     */
    record Number(long number, boolean isTaken, boolean isComplete) implements Answer {}

    /**
     * One attempt of a submission.
     *
     * @param from null for none
     * @param isForgotten whether the cluster has given it up: no checkpoint includes it any more
     */
    record Job(
            String run,
            int attempt,
            State from,
            State origin,
            List<Answer> told,
            boolean isForgotten) {

        Job told(Answer answer) {
            List<Answer> all = new ArrayList<>(told);
            all.add(answer);
            return new Job(run, attempt, from, origin, List.copyOf(all), isForgotten);
        }

        Job restartedFrom(State state, int attempt) {
            return new Job(run, attempt, state, origin, List.of(), false);
        }

        Job forgotten() {
            return new Job(run, attempt, from, origin, told, true);
        }
    }

    static Job submission(int number, State from) {
        return new Job("run-" + (char) ('a' + number), 1, from, from, List.of(), false);
    }

    static World beginning(Budget budget) {
        return new World(
                null, new TreeMap<>(), List.of(), List.of(submission(0, null)), List.of(), budget);
    }

    World withBudget(Budget changed) {
        return new World(object, files, states, jobs, late, changed);
    }

    World withJobs(List<Job> changed) {
        return new World(object, files, states, List.copyOf(changed), late, budget);
    }

    World with(Job before, Job after) {
        List<Job> changed = new ArrayList<>(jobs);
        changed.set(changed.indexOf(before), after);
        return withJobs(changed);
    }

    World withLate(Request request) {
        List<Request> more = new ArrayList<>(late);
        more.add(request);
        return new World(object, files, states, jobs, List.copyOf(more), budget);
    }

    World withoutLate(Request request) {
        List<Request> fewer = new ArrayList<>(late);
        fewer.remove(request);
        return new World(object, files, states, jobs, List.copyOf(fewer), budget);
    }

    /** A request arrives. */
    World after(Request request) {
        if (request instanceof Write write) {
            return succeeds(write)
                    ? new World(write.content, files, states, jobs, late, budget)
                    : this;
        }
        if (request instanceof Publish publish) {
            SortedMap<String, Integer> more = new TreeMap<>(files);
            more.put(publish.name, publish.row);
            return new World(object, more, states, jobs, late, budget);
        }
        return this;
    }

    boolean succeeds(Write write) {
        return object == null ? write.version == null : object.equals(write.version);
    }

    Answer answerTo(Request request) {
        if (request instanceof Read) {
            return new Content(object);
        }
        if (request instanceof Look) {
            return new Yes(!files.isEmpty());
        }
        if (request instanceof Write write) {
            return new Yes(succeeds(write));
        }
        return new Done();
    }

    World with(State completed) {
        List<State> more = new ArrayList<>(states);
        more.add(completed);
        return new World(object, files, List.copyOf(more), jobs, late, budget);
    }

    /** The checkpoint that the cluster restarts a submission from. */
    State newestOf(Job job) {
        return states.stream()
                .filter(state -> state.run.equals(job.run))
                .reduce((older, newer) -> newer)
                .orElse(job.origin);
    }
}
