package io.quotelake.benchmark.scenario;

import io.quotelake.benchmark.report.Result;
import java.io.IOException;

/** A question, and how it is measured. */
public interface Scenario {

    /** What it is called on the command line. */
    String name();

    /** Measures. */
    Result run(Setup setup) throws IOException;
}
