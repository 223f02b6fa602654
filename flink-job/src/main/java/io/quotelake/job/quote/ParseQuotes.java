package io.quotelake.job.quote;

import io.quotelake.job.source.SourceRecord;
import java.util.EnumMap;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * Judges each record: it leaves as one row, or as one dead letter through {@link #DEAD_LETTERS}.
 *
 * <p>Metrics: {@code quotesIn}, {@code rowsOut}, {@code deadLetters} by {@code reason}, and the
 * range of trading days seen since the start, {@code firstTradeDate} and {@code lastTradeDate}, as
 * numbers yyyymmdd (0 before the first row).
 */
public class ParseQuotes extends ProcessFunction<SourceRecord, QuoteRow> {

    private static final long serialVersionUID = 1L;

    /** Where records go that are not quotes. */
    public static final OutputTag<DeadLetter> DEAD_LETTERS =
            new OutputTag<>("dead-letters", TypeInformation.of(DeadLetter.class));

    private final DateGranularity granularity;
    private final boolean lineage;
    private final long maxRecordBytes;

    private transient QuoteParser parser;
    private transient RowEncoder encoder;
    private transient Folders folders;
    private transient Quote quote;
    private transient QuoteRow row;
    private transient Counter quotesIn;
    private transient Counter rowsOut;
    private transient Map<DeadLetterReason, Counter> deadLetters;
    private transient int firstTradeDate;
    private transient int lastTradeDate;

    /**
     * @param granularity how long the value of the date partition is
     * @param lineage whether rows carry partition, offset and timestamp of their record
     * @param maxRecordBytes larger values are dead letters, unread
     */
    public ParseQuotes(DateGranularity granularity, boolean lineage, long maxRecordBytes) {
        this.granularity = granularity;
        this.lineage = lineage;
        this.maxRecordBytes = maxRecordBytes;
    }

    @Override
    public void open(OpenContext context) {
        parser = new QuoteParser(maxRecordBytes);
        encoder = new RowEncoder(lineage);
        folders = new Folders(granularity);
        quote = new Quote();
        row = new QuoteRow();
        registerMetrics(getRuntimeContext().getMetricGroup());
    }

    private void registerMetrics(MetricGroup metrics) {
        quotesIn = metrics.counter("quotesIn");
        rowsOut = metrics.counter("rowsOut");
        deadLetters = new EnumMap<>(DeadLetterReason.class);
        for (DeadLetterReason reason : DeadLetterReason.values()) {
            deadLetters.put(
                    reason, metrics.addGroup("reason", reason.label()).counter("deadLetters"));
        }
        firstTradeDate = Integer.MAX_VALUE;
        metrics.gauge("firstTradeDate", () -> lastTradeDate == 0 ? 0 : firstTradeDate);
        metrics.gauge("lastTradeDate", () -> lastTradeDate);
    }

    @Override
    public void processElement(SourceRecord record, Context context, Collector<QuoteRow> out) {
        quotesIn.inc();
        Rejection rejection = parser.parse(record.value, quote);
        if (rejection != null) {
            deadLetters.get(rejection.reason()).inc();
            context.output(
                    DEAD_LETTERS, new DeadLetter(record, rejection.reason(), rejection.detail()));
            return;
        }
        row.folder = folders.of(quote);
        encoder.encode(quote, record.partition, record.offset, record.timestamp, row);
        firstTradeDate = Math.min(firstTradeDate, quote.date());
        lastTradeDate = Math.max(lastTradeDate, quote.date());
        rowsOut.inc();
        out.collect(row);
    }
}
