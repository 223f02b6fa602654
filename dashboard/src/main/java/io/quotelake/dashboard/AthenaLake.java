package io.quotelake.dashboard;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.athena.AthenaClient;
import software.amazon.awssdk.services.athena.model.ColumnInfo;
import software.amazon.awssdk.services.athena.model.Datum;
import software.amazon.awssdk.services.athena.model.GetQueryResultsResponse;
import software.amazon.awssdk.services.athena.model.QueryExecution;
import software.amazon.awssdk.services.athena.model.QueryExecutionState;
import software.amazon.awssdk.services.athena.model.QueryExecutionStatus;
import software.amazon.awssdk.services.athena.model.Row;

/** A table in Athena, asked through AWS's SDK: region and credentials are those of its chain. */
final class AthenaLake implements Remote.Source {
    /** Athena tells nobody when it is done: it is asked at first soon, then less often. */
    private static final long LOOK_AFTER_MILLIS = 200;

    private static final long LOOK_EVERY_MILLIS_AT_MOST = 2_000;

    private final AthenaClient athena;
    private final String workgroup;
    private final String database;
    private final Duration answerWithin;

    AthenaLake(AthenaClient athena, String workgroup, String database, Duration answerWithin) {
        this.athena = athena;
        this.workgroup = workgroup;
        this.database = database;
        this.answerWithin = answerWithin;
    }

    @Override
    public Rows query(String sql, List<Object> parameters) throws UnavailableException {
        try {
            List<String> values = parameters.stream().map(Chart::literal).toList();
            String id =
                    athena.startQueryExecution(
                                    start -> {
                                        start.queryString(sql)
                                                .workGroup(workgroup)
                                                .queryExecutionContext(to -> to.database(database));
                                        if (!values.isEmpty()) {
                                            start.executionParameters(values);
                                        }
                                    })
                            .queryExecutionId();
            await(id);
            return rows(athena.getQueryResultsPaginator(results -> results.queryExecutionId(id)));
        } catch (SdkException e) {
            throw new UnavailableException(
                    "Athena has no answer: " + UnavailableException.reason(e));
        }
    }

    @Override
    public String name() {
        return "Athena, workgroup %s, database %s".formatted(workgroup, database);
    }

    @Override
    public void close() {
        athena.close();
    }

    private void await(String id) throws UnavailableException {
        long begin = System.nanoTime();
        long pause = LOOK_AFTER_MILLIS;
        while (true) {
            QueryExecution execution =
                    athena.getQueryExecution(one -> one.queryExecutionId(id)).queryExecution();
            QueryExecutionStatus status = execution.status();
            if (status.state() == QueryExecutionState.SUCCEEDED) {
                return;
            }
            if (status.state() == QueryExecutionState.FAILED
                    || status.state() == QueryExecutionState.CANCELLED) {
                throw new UnavailableException(
                        "Athena has no answer: "
                                + status.state().toString().toLowerCase(Locale.ROOT)
                                + ", "
                                + status.stateChangeReason());
            }
            if (System.nanoTime() - begin > answerWithin.toNanos()) {
                athena.stopQueryExecution(one -> one.queryExecutionId(id));
                throw new UnavailableException(
                        "Athena has no answer after %d s: the question was taken back"
                                .formatted(answerWithin.toSeconds()));
            }
            pause(pause);
            pause = Math.min(2 * pause, LOOK_EVERY_MILLIS_AT_MOST);
        }
    }

    private static void pause(long millis) throws UnavailableException {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("interrupted");
        }
    }

    /** All is text there, with the types beside it; the first row of a query is its header. */
    static Rows rows(Iterable<GetQueryResultsResponse> pages) {
        List<ColumnInfo> columns = List.of();
        List<List<Object>> rows = new ArrayList<>();
        boolean header = true;
        for (GetQueryResultsResponse page : pages) {
            columns = page.resultSet().resultSetMetadata().columnInfo();
            for (Row row : page.resultSet().rows()) {
                if (!header) {
                    rows.add(values(row.data(), columns));
                }
                header = false;
            }
        }
        return new Rows(columns.stream().map(ColumnInfo::label).toList(), rows);
    }

    private static List<Object> values(List<Datum> data, List<ColumnInfo> columns) {
        List<Object> values = new ArrayList<>(columns.size());
        for (int i = 0; i < columns.size(); i++) {
            values.add(value(data.get(i).varCharValue(), columns.get(i).type()));
        }
        return values;
    }

    private static Object value(String text, String type) {
        return text == null
                ? null
                : Rows.value(
                        switch (type) {
                            case "tinyint", "smallint", "integer", "int", "bigint" ->
                                    Long.valueOf(text);
                            case "double", "float", "real" -> Double.valueOf(text);
                            case "boolean" -> Boolean.valueOf(text);
                            default -> text;
                        });
    }
}
