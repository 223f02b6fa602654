package io.quotelake.producer.csv;

import java.util.List;

/**
 * What the beginning of a file says about its form.
 *
 * @param separator what stands between the cells
 * @param rowsBefore how many rows to skip: the header, and what stands before it
 * @param columns where the fields stand, for each index that has columns of its own
 * @param sample the first rows of quotes, as text
 */
record Head(char separator, int rowsBefore, List<Columns> columns, List<List<String>> sample) {

    /** The header of the file. */
    List<String> header() {
        return columns.get(0).header();
    }

    Head with(List<Columns> others) {
        return new Head(separator, rowsBefore, others, sample);
    }
}
