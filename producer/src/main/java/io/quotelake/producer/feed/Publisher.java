package io.quotelake.producer.feed;

import io.quotelake.producer.csv.Quote;
import io.quotelake.producer.terminal.RunException;
import java.time.Duration;

/** Where quotes go. One thread publishes; the figures may be read by any. */
public interface Publisher {

    /** How often, at least, {@link #turn()} is called while no quote is due. */
    Duration TURN = Duration.ofMillis(200);

    /**
     * Takes one quote.
     *
     * @param pass the pass over the file that it belongs to
     * @param row its place in that pass
     * @throws RunException when this quote or an earlier one can't be delivered
     */
    void publish(Quote quote, long pass, long row);

    /** Does what became due while no quote was published, such as ending a transaction. */
    default void turn() {}

    /** Whether anybody still takes quotes. */
    default boolean wantsMore() {
        return true;
    }

    /**
     * Returns when all that was published is delivered.
     *
     * @param hurry whether a person waits for the program to end: then a broker that doesn't answer
     *     is waited for only a few seconds
     * @throws RunException when not all could be delivered
     */
    void finish(boolean hurry);

    /** Rows that are safe at their destination. */
    long acknowledged();

    /** How often a row had to be sent again. */
    long retries();
}
