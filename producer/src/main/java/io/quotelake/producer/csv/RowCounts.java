package io.quotelake.producer.csv;

/** What became of the rows of the CSV that were not sent. One thread counts, any may read. */
public final class RowCounts {

    private volatile long blank;
    private volatile long notSelected;
    private volatile long rejected;

    void addBlank() {
        blank++;
    }

    void addNotSelected() {
        notSelected++;
    }

    void addRejected() {
        rejected++;
    }

    /** Rows in which every cell is empty. */
    public long blank() {
        return blank;
    }

    /** Rows that the options leave out. */
    public long notSelected() {
        return notSelected;
    }

    /** Rows that can't become JSON. */
    public long rejected() {
        return rejected;
    }
}
