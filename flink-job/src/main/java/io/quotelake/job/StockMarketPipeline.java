package io.quotelake.job;

import io.quotelake.job.quote.DeadLetter;
import io.quotelake.job.quote.ParseQuotes;
import io.quotelake.job.quote.QuoteRow;
import io.quotelake.job.source.SourceRecord;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/**
 * The job's graph: records are parsed, rows go to the lake, and what is not a quote goes to the
 * dead letters. All of it runs in one task a slot.
 *
 * <p>The uids name the operators' state in savepoints: they must never change.
 */
final class StockMarketPipeline {

    static final String SOURCE_UID = "kafka-source";
    static final String SOURCE_NAME = "Quotes from Kafka";
    static final String PARSE_UID = "parse-quotes";
    static final String LAKE_UID = "part-files";
    static final String DEAD_LETTERS_UID = "dead-letters";

    private StockMarketPipeline() {}

    /** Builds the graph behind a stream of records. */
    static void define(
            DataStream<SourceRecord> records,
            ParseQuotes parser,
            Sink<QuoteRow> lake,
            Sink<DeadLetter> deadLetters) {
        SingleOutputStreamOperator<QuoteRow> rows =
                records.process(parser).name("Parse").uid(PARSE_UID);
        rows.sinkTo(lake).name("Part files").uid(LAKE_UID);
        rows.getSideOutput(ParseQuotes.DEAD_LETTERS)
                .sinkTo(deadLetters)
                .name("Dead letters")
                .uid(DEAD_LETTERS_UID);
    }
}
