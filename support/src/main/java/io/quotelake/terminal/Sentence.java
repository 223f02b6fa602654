package io.quotelake.terminal;

import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;

/** What a person reads of an exception: one line, without the names of classes. */
public final class Sentence {
    /** Longer lines are cut: nobody reads on. */
    public static final int MAX_CHARACTERS = 300;

    private static final Pattern CLASS_NAMES =
            Pattern.compile(
                    "(Caused by: )?\\b([a-z_][\\w$]*\\.)+[A-Z][\\w$]*(Exception|Error|Failure|Throwable)\\b(: |:)?"
                            + "|\\b[A-Z][\\w$]*Exception\\b(: |:)?");

    /** What would steer a terminal, or break the line. */
    private static final Pattern CONTROL = Pattern.compile("\\p{C}+");

    private static final Pattern BLANKS = Pattern.compile("\\s+");

    private Sentence() {}

    /** The message that says most: that of the innermost cause that has one. */
    public static String of(Throwable e) {
        Throwable told = e;
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause.getMessage() != null || cause instanceof FileSystemException) {
                told = cause;
            }
        }
        if (told instanceof FileSystemException file) {
            return ofFile(file);
        }
        if (told instanceof InvalidPathException path) {
            return "'" + path.getInput() + "' can't be a path here: " + path.getReason();
        }
        String message = withoutClassNames(String.valueOf(told.getMessage()));
        boolean empty = message.isBlank() || message.equals("null");
        return empty ? "something failed that was not foreseen" : message;
    }

    /** The failure that this one wraps, if it is one that was foreseen. */
    public static Optional<Failure> failure(Throwable e) {
        if (e instanceof Failure failure) {
            return Optional.of(failure);
        }
        boolean wraps =
                e instanceof CompletionException
                        || e instanceof ExecutionException
                        || e instanceof UncheckedIOException;
        return wraps && e.getCause() != null ? failure(e.getCause()) : Optional.empty();
    }

    /** On one line, with nothing that would steer a terminal. */
    public static String oneLine(String text) {
        String line = BLANKS.matcher(text).replaceAll(" ").strip();
        return CONTROL.matcher(line).replaceAll("?");
    }

    /** The same text without the names of exceptions. */
    public static String withoutClassNames(String text) {
        return oneLine(CLASS_NAMES.matcher(text).replaceAll("")).replaceAll("^[:\\s]+", "");
    }

    /** As long as a line may be. */
    public static String cut(String line) {
        return line.length() <= MAX_CHARACTERS
                ? line
                : line.substring(0, MAX_CHARACTERS - 1).stripTrailing() + "…";
    }

    private static String ofFile(FileSystemException e) {
        String file = e.getFile();
        if (e instanceof NoSuchFileException) {
            return "there is no file " + file;
        }
        if (e instanceof AccessDeniedException) {
            return "no right to read or write " + file;
        }
        if (e instanceof NotDirectoryException) {
            return file + " is not a directory";
        }
        if (e instanceof DirectoryNotEmptyException) {
            return file + " is not empty";
        }
        String reason = e.getReason() == null ? "it can't be read or written" : e.getReason();
        return file == null ? reason : file + ": " + reason;
    }
}
