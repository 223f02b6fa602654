package io.quotelake.benchmark.rows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The rows of {@code data/indexProcessed.csv}, all of them again and again, one folder for each
 * index and year: for questions that random digits would answer wrongly, such as how far files
 * compress.
 */
public final class DataSetFeed implements Feed {
    private static final String HEADER = "Index,Date,Open,High,Low,Close,Adj Close,Volume,CloseUSD";

    private final int copies;
    private final List<Row> rows = new ArrayList<>();
    private final Map<String, Integer> indices = new LinkedHashMap<>();
    private final Map<String, Integer> folders = new LinkedHashMap<>();
    private final Map<String, Integer> rowsByIndexAndDate = new HashMap<>();

    /**
     * Reads the data set.
     *
     * @param atLeast how many rows there shall be; rounded up to whole copies of the data set
     */
    public DataSetFeed(Path csv, long atLeast) throws IOException {
        List<String> lines = Files.readAllLines(csv);
        if (!lines.get(0).equals(HEADER)) {
            throw new IOException(csv + " does not begin with " + HEADER);
        }
        for (String line : lines.subList(1, lines.size())) {
            add(line.split(","));
        }
        copies = (int) Math.max(1, (atLeast + rows.size() - 1) / rows.size());
    }

    @Override
    public String name() {
        return "data-set-" + rows();
    }

    @Override
    public long rows() {
        return (long) rows.size() * copies;
    }

    @Override
    public int topicPartitions() {
        return indices.size();
    }

    @Override
    public int topicPartition(long row) {
        return of(row).topicPartition;
    }

    @Override
    public byte[] key(long row) {
        return of(row).key;
    }

    @Override
    public void appendQuote(long row, ByteText text) {
        text.append(of(row).quote);
    }

    @Override
    public void appendRow(long row, ByteText text) {
        text.append(of(row).row);
    }

    @Override
    public int folders() {
        return folders.size();
    }

    @Override
    public String folder(int folder) {
        return List.copyOf(folders.keySet()).get(folder);
    }

    @Override
    public int folderOf(long row) {
        return of(row).folder;
    }

    @Override
    public int copies() {
        return copies;
    }

    /** The trade date stands first in a line, at {@code {"trade_date":"1986-12-31"}. */
    @Override
    public long recognise(int folder, byte[] line, int start, int end) {
        int at = start + "{\"trade_date\":\"".length();
        if (at + 10 > end) {
            return -1;
        }
        String date = new String(line, at, 10, StandardCharsets.US_ASCII);
        return rowsByIndexAndDate.getOrDefault(folder + " " + date, -1);
    }

    private Row of(long row) {
        return rows.get((int) (row % rows.size()));
    }

    private void add(String[] cells) {
        String index = cells[0];
        String date = cells[1];
        String volume = cells[7].substring(0, cells[7].length() - ".0".length());
        String numbers =
                "\",\"open\":%s,\"high\":%s,\"low\":%s,\"close\":%s,\"adj_close\":%s,\"volume\":%s,\"close_usd\":%s"
                        .formatted(
                                cells[2], cells[3], cells[4], cells[5], cells[6], volume, cells[8]);
        int topicPartition = indices.computeIfAbsent(index, key -> indices.size());
        int folder =
                folders.computeIfAbsent(
                        "index=" + index + "/date=" + date.substring(0, 4), key -> folders.size());
        rowsByIndexAndDate.put(folder + " " + date, rows.size());
        rows.add(
                new Row(
                        topicPartition,
                        folder,
                        ascii(index),
                        ascii("{\"index\":\"" + index + "\",\"date\":\"" + date + numbers + "}"),
                        ascii("{\"trade_date\":\"" + date + numbers)));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private record Row(int topicPartition, int folder, byte[] key, byte[] quote, byte[] row) {}
}
