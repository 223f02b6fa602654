package io.quotelake.benchmark.measure;

import java.util.Map;

/**
 * One measured run.
 *
 * @param contestant who ran
 * @param round which of the paired runs, from 1
 * @param figures what it showed
 */
public record Run(String contestant, int round, Map<String, Double> figures) {}
