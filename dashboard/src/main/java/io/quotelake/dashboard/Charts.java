package io.quotelake.dashboard;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The queries behind the page, and what they last returned. */
final class Charts {
    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(DeserializationFeature.USE_LONG_FOR_INTS).build();

    private static final long MAX_KEPT_BYTES = 32 << 20;

    private static final Map<String, Chart> CHARTS =
            Stream.of(
                            "exactly_once",
                            "dashboard/correlations",
                            "dashboard/drawdown",
                            "dashboard/files",
                            "dashboard/indices",
                            "dashboard/newest_row",
                            "dashboard/prices",
                            "dashboard/rebased",
                            "dashboard/synthetic",
                            "dashboard/worst_days")
                    .map(Chart::of)
                    .collect(
                            Collectors.toUnmodifiableMap(
                                    chart -> chart.file().replaceAll(".*/|\\.sql$", ""),
                                    chart -> chart));

    private final Engine engine;
    private final Map<Question, CompletableFuture<byte[]>> answers =
            new LinkedHashMap<>(16, 0.75f, true);
    private long version = -1;
    private long keptBytes;

    private record Question(Chart chart, List<Object> values, long version) {}

    /**
     * What a chart shows, as browsers get it.
     *
     * @param file the SQL's path in the project
     * @param sql the SQL with its values in place
     * @param asOf when it was asked, in milliseconds since 1970
     */
    record Answer(
            String file, String sql, long asOf, List<String> columns, List<List<Object>> rows) {
        Object first(String column) {
            return rows.isEmpty() ? null : rows.get(0).get(columns.indexOf(column));
        }
    }

    Charts(Engine engine) {
        this.engine = engine;
    }

    /** As {@link #json}, read. */
    Optional<Answer> answer(String name, Map<String, String> given) throws UnavailableException {
        Optional<byte[]> json = json(name, given);
        try {
            return json.isEmpty()
                    ? Optional.empty()
                    : Optional.of(JSON.readValue(json.get(), Answer.class));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Answers from the lake as it is, or as it was at the last question if nothing has changed
     * since.
     *
     * @return an {@link Answer} as JSON; nothing if there is no chart of that name
     * @throws IllegalArgumentException when a parameter is wrong
     * @throws UnavailableException when the lake can't be asked now
     */
    Optional<byte[]> json(String name, Map<String, String> given) throws UnavailableException {
        Chart chart = CHARTS.get(name);
        if (chart == null) {
            return Optional.empty();
        }
        Question question = new Question(chart, chart.values(given), engine.version());
        CompletableFuture<byte[]> mine = new CompletableFuture<>();
        CompletableFuture<byte[]> known = known(question, mine);
        if (known == null) {
            ask(question, mine);
        }
        try {
            return Optional.of((known == null ? mine : known).join());
        } catch (CompletionException e) {
            throw e.getCause() instanceof UnavailableException cause
                    ? cause
                    : new UnavailableException(UnavailableException.reason(e));
        }
    }

    private void ask(Question question, CompletableFuture<byte[]> answer) {
        try {
            Rows rows = engine.query(question.chart().sql(), question.values());
            byte[] json =
                    JSON.writeValueAsBytes(
                            new Answer(
                                    question.chart().file(),
                                    question.chart().withValues(question.values()),
                                    System.currentTimeMillis(),
                                    rows.columns(),
                                    rows.rows()));
            answer.complete(json);
            keep(question, answer, json.length);
        } catch (UnavailableException | IOException | RuntimeException e) {
            forget(question, answer);
            answer.completeExceptionally(e);
        }
    }

    /** The answer that is there or under way; else null, and the one that was given is expected. */
    private synchronized CompletableFuture<byte[]> known(
            Question question, CompletableFuture<byte[]> mine) {
        if (question.version() > version) {
            version = question.version();
            answers.clear();
            keptBytes = 0;
        }
        return answers.putIfAbsent(question, mine);
    }

    private synchronized void keep(
            Question question, CompletableFuture<byte[]> answer, int length) {
        if (answers.get(question) != answer) {
            return;
        }
        keptBytes += length;
        Iterator<CompletableFuture<byte[]>> eldest = answers.values().iterator();
        while (keptBytes > MAX_KEPT_BYTES) {
            CompletableFuture<byte[]> one = eldest.next();
            if (one.isDone()) {
                keptBytes -= one.join().length;
                eldest.remove();
            }
        }
    }

    private synchronized void forget(Question question, CompletableFuture<byte[]> answer) {
        answers.remove(question, answer);
    }
}
