package io.quotelake.benchmark.contestant;

import io.quotelake.benchmark.measure.Figures;
import io.quotelake.benchmark.rows.Feed;

/** One way to bring a feed from Kafka to S3. */
public interface Contestant {

    /** What results call it. */
    String name();

    /**
     * Runs once over a feed that lies in its topic.
     *
     * @return what the run showed; its result has been checked row by row
     * @throws io.quotelake.benchmark.lake.WrongLakeException if the result is wrong: then the run
     *     counts for nothing
     */
    Figures run(Feed feed);
}
