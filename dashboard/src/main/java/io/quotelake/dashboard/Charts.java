package io.quotelake.dashboard;

import java.util.Collections;
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
    private static final int KEPT_ANSWERS = 200;

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
    private final Map<Question, CompletableFuture<Answer>> answers =
            Collections.synchronizedMap(
                    new LinkedHashMap<>(16, 0.75f, true) {
                        private static final long serialVersionUID = 1;

                        @Override
                        protected boolean removeEldestEntry(
                                Map.Entry<Question, CompletableFuture<Answer>> eldest) {
                            return size() > KEPT_ANSWERS;
                        }
                    });

    private record Question(Chart chart, List<Object> values, long version) {}

    /**
     * What a chart shows.
     *
     * @param file the SQL's path in the project
     * @param sql the SQL with its values in place
     * @param asOf when it was asked, in milliseconds since 1970
     */
    record Answer(
            String file, String sql, long asOf, List<String> columns, List<List<Object>> rows) {
        Object first(String column) {
            return new Rows(columns, rows).first(column);
        }
    }

    Charts(Engine engine) {
        this.engine = engine;
    }

    /**
     * Answers from the lake as it is, or as it was at the last question if nothing has changed
     * since.
     *
     * @return nothing if there is no chart of that name
     * @throws IllegalArgumentException when a parameter is wrong
     * @throws UnavailableException when the lake can't be asked now
     */
    Optional<Answer> answer(String name, Map<String, String> given) throws UnavailableException {
        Chart chart = CHARTS.get(name);
        if (chart == null) {
            return Optional.empty();
        }
        Question question = new Question(chart, chart.values(given), engine.version());
        CompletableFuture<Answer> mine = new CompletableFuture<>();
        CompletableFuture<Answer> known = answers.putIfAbsent(question, mine);
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

    private void ask(Question question, CompletableFuture<Answer> answer) {
        try {
            Rows rows = engine.query(question.chart().sql(), question.values());
            answer.complete(
                    new Answer(
                            question.chart().file(),
                            question.chart().withValues(question.values()),
                            System.currentTimeMillis(),
                            rows.columns(),
                            rows.rows()));
        } catch (UnavailableException | RuntimeException e) {
            answers.remove(question);
            answer.completeExceptionally(e);
        }
    }
}
