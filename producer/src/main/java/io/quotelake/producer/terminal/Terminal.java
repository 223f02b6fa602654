package io.quotelake.producer.terminal;

import java.io.PrintStream;

/**
 * Where the program speaks.
 *
 * @param out results: the quotes of a dry run, progress and the closing summary
 * @param err what was understood, warnings, and the one line that says why a run failed
 * @param interactive whether a person watches {@code out}
 */
public record Terminal(PrintStream out, PrintStream err, boolean interactive) {}
