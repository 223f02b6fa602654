package io.quotelake.terminal;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What the user sees: one line a stage; progress as a bar that moves on a terminal, as plain lines
 * elsewhere.
 */
public final class Console {
    private static final int BAR_WIDTH = 30;
    private static final Duration PLAIN_PROGRESS_EVERY = Duration.ofSeconds(10);
    private static final String CLEAR_LINE = "\r\033[K";

    private final PrintStream out;
    private final boolean terminal;
    private boolean barShown;
    private long lastProgressNanos;

    Console(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** Standard output; the script says by {@code quotelake.terminal} whether it is a terminal. */
    public static Console standard() {
        return new Console(System.out, Boolean.getBoolean("quotelake.terminal"));
    }

    /** Whether a person looks at it. */
    public boolean isTerminal() {
        return terminal;
    }

    /** One line. */
    public synchronized void line(String format, Object... arguments) {
        clearBar();
        out.println(String.format(Locale.ROOT, format, arguments));
        out.flush();
    }

    /** Lines as they are. */
    public synchronized void lines(List<String> lines) {
        clearBar();
        lines.forEach(out::println);
        out.flush();
    }

    /** How far something is. */
    public synchronized void progress(String what, long done, long total, String detail) {
        if (terminal) {
            int filled = total == 0 ? 0 : (int) Math.min(BAR_WIDTH, BAR_WIDTH * done / total);
            String bar = "#".repeat(filled) + "-".repeat(BAR_WIDTH - filled);
            out.print(
                    String.format(
                            Locale.ROOT,
                            "%s%-10s [%s] %,d of %,d%s",
                            CLEAR_LINE,
                            what,
                            bar,
                            done,
                            total,
                            detail));
            out.flush();
            barShown = true;
            return;
        }
        long now = System.nanoTime();
        if (lastProgressNanos == 0 || now - lastProgressNanos >= PLAIN_PROGRESS_EVERY.toNanos()) {
            lastProgressNanos = now;
            line("%-10s %,d of %,d%s", what, done, total, detail);
        }
    }

    private void clearBar() {
        if (barShown) {
            out.print(CLEAR_LINE);
            barShown = false;
        }
    }
}
