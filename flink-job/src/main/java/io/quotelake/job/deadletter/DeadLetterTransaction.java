package io.quotelake.job.deadletter;

import io.quotelake.job.owner.Stamp;
import java.util.Locale;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;

/**
 * A Kafka transaction that is ready to be committed, and what is in it: so that it can be said what
 * is lost if the broker has ended it by its own rule.
 *
 * @param kafka the connector's handle
 * @param letters how many dead letters; -1 in state that was written before they were counted
 * @param firstSource place of the first letter's record, such as {@code stock_market-3@1207}; empty
 *     if not known
 * @param lastSource place of the last letter's record; empty if not known
 * @param partition of the dead-letter topic where one of the letters lies
 * @param offset of that letter; -1 if not known
 * @param round which the table's owner object must grant before it is committed; null in state that
 *     was written before there were any
 */
record DeadLetterTransaction(
        KafkaCommittable kafka,
        int letters,
        String firstSource,
        String lastSource,
        int partition,
        long offset,
        Stamp round) {

    /** Of which nothing is known but the connector's handle. */
    static DeadLetterTransaction of(KafkaCommittable kafka, Stamp round) {
        return new DeadLetterTransaction(kafka, -1, "", "", 0, -1, round);
    }

    /** For a sentence: "12 dead letters, of the records stock_market-3@1207 to ...". */
    String description() {
        return letters < 0
                ? "an unknown number of dead letters"
                : String.format(
                        Locale.ROOT,
                        "%d dead letters, of the records %s to %s",
                        letters,
                        firstSource,
                        lastSource);
    }
}
