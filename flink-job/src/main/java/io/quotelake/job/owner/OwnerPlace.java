package io.quotelake.job.owner;

/** Where a table's owner object is: beside the table's prefix, never under it. */
public final class OwnerPlace {

    private static final String SUFFIX = ".owner.json";

    private OwnerPlace() {}

    /**
     * @param table the table's prefix, without a slash at its end
     */
    public static String of(String table) {
        return table + SUFFIX;
    }
}
