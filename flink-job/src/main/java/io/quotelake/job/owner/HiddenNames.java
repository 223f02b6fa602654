package io.quotelake.job.owner;

/** Names that readers of a table pass over, as Athena and Trino do. */
final class HiddenNames {

    private HiddenNames() {}

    static boolean isHidden(String fileName) {
        return fileName.startsWith(".") || fileName.startsWith("_");
    }
}
