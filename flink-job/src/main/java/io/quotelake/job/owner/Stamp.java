package io.quotelake.job.owner;

/**
 * What a finished file carries until it is published: who wrote it, and the least checkpoint that
 * knows of it.
 *
 * <p>Its text travels where FileSink's committable names the file's folder, which nothing reads: so
 * state of this version and of earlier ones has one format.
 *
 * @param run the token of the run that wrote the file
 * @param checkpoint higher than any checkpoint that the writing task had begun before, and not
 *     higher than the one that has the file first. So every completed checkpoint with this number
 *     or a later one has the file, or comes after its publication; none before has
 * @param subtask the index of the task that wrote it
 * @param table the table that it belongs to
 */
public record Stamp(String run, long checkpoint, int subtask, String table) {

    private static final String MARK = "@";
    private static final String SEPARATOR = " ";
    private static final int FIELDS = 4;

    /** As text. */
    public String text() {
        return MARK + String.join(SEPARATOR, run, "" + checkpoint, "" + subtask, table);
    }

    /**
     * Reads what {@link #text} wrote.
     *
     * @return null for a folder's name, as earlier versions have it there
     */
    public static Stamp parse(String text) {
        if (!text.startsWith(MARK)) {
            return null;
        }
        String[] fields = text.substring(MARK.length()).split(SEPARATOR, FIELDS);
        return new Stamp(
                fields[0], Long.parseLong(fields[1]), Integer.parseInt(fields[2]), fields[3]);
    }
}
