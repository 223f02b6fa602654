package io.quotelake.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Looks at everything again and again, each part on a thread of its own, and tells browsers. */
final class Pulse implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration ASK_EVERY = Duration.ofSeconds(2);
    private static final Duration TELL_EVERY = Duration.ofSeconds(1);
    private static final Duration SAMPLE_EVERY = Duration.ofSeconds(2);
    private static final int SAMPLES = 300;

    private final Options options;
    private final Engine engine;
    private final Charts charts;
    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(5);
    private final Deque<State.Sample> history = new ArrayDeque<>();
    private final State.Source source;

    private volatile State.Kafka kafka;
    private volatile State.Flink flink;
    private volatile State.Lake lake;
    private volatile long counted = -1;
    private String newest;
    private volatile int viewers;

    Pulse(Options options, Engine engine, Charts charts) {
        this.options = options;
        this.engine = engine;
        this.charts = charts;
        source = new State.Source(options.csvName(), options.csvRows());
        kafka = new State.Kafka(options.bootstrapServers(), options.topic(), null, null);
        flink = new State.Flink(options.flinkAddress(), null, null);
        lake = new State.Lake(engine.name(), 0, engine.reading(), null, null, null, null);
    }

    /** Begins to look. */
    void start() {
        threads.execute(this::keepLookingAtLake);
        if (options.flink() != null) {
            FlinkWatch watch = new FlinkWatch(options.flink());
            every(ASK_EVERY, () -> lookAtFlink(watch));
        }
        if (options.bootstrapServers() != null) {
            KafkaWatch watch =
                    new KafkaWatch(options.kafka(), options.topic(), options.deadLetterTopic());
            every(ASK_EVERY, () -> lookAtKafka(watch));
        }
        every(SAMPLE_EVERY, this::sample);
        every(TELL_EVERY, this::tell);
    }

    /** Waits for a state, as JSON, that is newer than the one that was seen. */
    synchronized String after(String seen) throws InterruptedException {
        viewers++;
        try {
            while (newest == seen) {
                wait();
            }
            return newest;
        } finally {
            viewers--;
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private void every(Duration time, Runnable work) {
        threads.scheduleWithFixedDelay(
                () -> attempt(work), 0, time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** What nobody foresaw is told on standard error, and tried again. */
    private static void attempt(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            e.printStackTrace();
        }
    }

    private void lookAtKafka(KafkaWatch watch) {
        try {
            kafka = new State.Kafka(kafka.address(), kafka.topic(), watch.look(), null);
        } catch (UnavailableException e) {
            kafka = new State.Kafka(kafka.address(), kafka.topic(), kafka.topics(), e.getMessage());
        }
    }

    private void lookAtFlink(FlinkWatch watch) {
        try {
            flink = new State.Flink(flink.address(), watch.look(), null);
        } catch (UnavailableException e) {
            flink = new State.Flink(flink.address(), null, e.getMessage());
        }
    }

    private void keepLookingAtLake() {
        Duration rest = ASK_EVERY;
        if (!engine.costs() || viewers > 0) {
            attempt(this::lookAtLake);
            rest = engine.rest();
        }
        threads.schedule(this::keepLookingAtLake, rest.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void lookAtLake() {
        String problem = null;
        try {
            engine.refresh();
        } catch (UnavailableException e) {
            problem = e.getMessage();
        }
        try {
            count(problem);
        } catch (UnavailableException e) {
            lake = lakeWith(e.getMessage());
        }
    }

    private void count(String problem) throws UnavailableException {
        long version = engine.version();
        if (version == counted) {
            lake = lakeWith(problem);
            return;
        }
        Charts.Answer counts = charts.answer("exactly_once", Map.of()).orElseThrow();
        Charts.Answer newest = charts.answer("newest_row", Map.of()).orElseThrow();
        counted = version;
        lake =
                new State.Lake(
                        engine.name(),
                        version,
                        engine.reading(),
                        ((Number) counts.first("quotes")).longValue(),
                        (Boolean) counts.first("exactly_once"),
                        (String) newest.first("kafka_timestamp"),
                        problem);
        tell();
    }

    private State.Lake lakeWith(String problem) {
        return new State.Lake(
                lake.engine(),
                lake.version(),
                engine.reading(),
                lake.quotes(),
                lake.exactlyOnce(),
                lake.newest(),
                problem);
    }

    private void sample() {
        synchronized (history) {
            history.add(
                    new State.Sample(
                            System.currentTimeMillis(),
                            kafka.topics() == null || kafka.problem() != null
                                    ? null
                                    : kafka.topics().offsets(),
                            lake.quotes()));
            if (history.size() > SAMPLES) {
                history.remove();
            }
        }
    }

    private synchronized void tell() {
        newest = json();
        notifyAll();
    }

    private String json() {
        long now = System.currentTimeMillis();
        State.Lake seen = engine.version() == lake.version() ? lake : lakeWith(lake.problem());
        try {
            List<State.Sample> samples;
            synchronized (history) {
                samples = List.copyOf(history);
            }
            return JSON.writeValueAsString(
                    new State(
                            now,
                            Verdict.of(now, kafka, flink, seen, options.resumeCommand()),
                            source,
                            kafka,
                            flink,
                            seen,
                            samples,
                            verified()));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The report that {@code verify} wrote last; null if there is none, or it is being written. */
    private JsonNode verified() {
        Path report = options.verifyReport();
        try {
            return report == null || !Files.exists(report) ? null : JSON.readTree(report.toFile());
        } catch (IOException e) {
            return null;
        }
    }
}
