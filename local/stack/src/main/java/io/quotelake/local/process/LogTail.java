package io.quotelake.local.process;

import io.quotelake.terminal.Sentence;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** The end of a log file, read without reading the whole file. */
public final class LogTail {
    private static final int MAX_BYTES = 32 * 1024;

    /** A line that says why: a level of logging libraries, or Java's own words. */
    private static final Pattern TELLING =
            Pattern.compile("\\b(ERROR|FATAL)\\b|^Caused by: |Exception|Error\\b|No space left");

    private static final Pattern FRAME = Pattern.compile("\\s+(at |\\.\\.\\. )\\S.*|\\s*");

    private static final int MAX_CHARACTERS = 500;

    private LogTail() {}

    /** The line of a log that says most about why a program ended, without names of classes. */
    public static String reason(List<String> lines) {
        List<String> sentences =
                lines.stream().filter(line -> !FRAME.matcher(line).matches()).toList();
        String line =
                sentences.stream()
                        .filter(sentence -> TELLING.matcher(sentence).find())
                        .reduce((first, last) -> last)
                        .or(() -> sentences.stream().reduce((first, last) -> last))
                        .map(Sentence::withoutClassNames)
                        .orElse("it said nothing");
        return line.length() <= MAX_CHARACTERS ? line : line.substring(0, MAX_CHARACTERS) + "…";
    }

    /** The last lines of the file, at most {@code count}; none if there is no such file. */
    public static List<String> of(Path file, int count) {
        if (!Files.isRegularFile(file)) {
            return List.of();
        }
        try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
            int size = (int) Math.min(log.length(), MAX_BYTES);
            byte[] bytes = new byte[size];
            log.seek(log.length() - size);
            log.readFully(bytes);
            List<String> lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
            return lines.subList(Math.max(0, lines.size() - count), lines.size());
        } catch (IOException e) {
            return List.of("(" + file + " can't be read: " + e.getMessage() + ")");
        }
    }
}
