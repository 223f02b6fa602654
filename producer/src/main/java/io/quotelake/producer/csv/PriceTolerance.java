package io.quotelake.producer.csv;

import java.io.ByteArrayOutputStream;

/**
 * Mends quotes whose prices disagree in their last digits, as adjusted ones do: an open or close
 * that lies above the high, or below the low, by no more than a share of the price becomes the high
 * or the low.
 */
final class PriceTolerance {

    private static final int OPEN = 0;
    private static final int HIGH = 1;
    private static final int LOW = 2;
    private static final int CLOSE = 3;

    private final double share;

    /**
     * @param share the largest difference that is mended, as a share of the price
     */
    PriceTolerance(double share) {
        this.share = share;
    }

    /**
     * The quote with high and low widened where they have to be.
     *
     * @param numberEnds where the numbers end in the JSON; changed together with it
     */
    byte[] widened(byte[] json, int[] numberEnds) {
        double[] price = new double[CLOSE + 1];
        for (int i = OPEN; i <= CLOSE; i++) {
            price[i] = Verdicts.number(json, numberEnds, i);
            if (Double.isNaN(price[i])) {
                return json;
            }
        }
        int top = price[OPEN] > price[CLOSE] ? OPEN : CLOSE;
        int bottom = price[OPEN] < price[CLOSE] ? OPEN : CLOSE;
        byte[] higher =
                isWithin(price[top] - price[HIGH], price[top])
                        ? copy(json, numberEnds, HIGH, top)
                        : json;
        return isWithin(price[LOW] - price[bottom], price[bottom])
                ? copy(higher, numberEnds, LOW, bottom)
                : higher;
    }

    private boolean isWithin(double difference, double price) {
        return difference > 0 && difference <= share * Math.abs(price);
    }

    /** Puts the digits of one price in the place of another. */
    private static byte[] copy(byte[] json, int[] numberEnds, int to, int from) {
        int start = QuoteEncoder.numberStart(numberEnds, to);
        int end = numberEnds[to + 1];
        int source = QuoteEncoder.numberStart(numberEnds, from);
        int length = numberEnds[from + 1] - source;
        ByteArrayOutputStream changed = new ByteArrayOutputStream(json.length + length);
        changed.write(json, 0, start);
        changed.write(json, source, length);
        changed.write(json, end, json.length - end);
        int shift = length - (end - start);
        for (int i = to + 1; i < numberEnds.length; i++) {
            numberEnds[i] += shift;
        }
        return changed.toByteArray();
    }
}
