package io.quotelake.producer.feed;

import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Shows how far a feed is: a bar that is drawn again and again on a terminal, a plain line every
 * few seconds elsewhere.
 */
final class Progress implements AutoCloseable {

    private static final Duration BAR_INTERVAL = Duration.ofMillis(200);
    private static final Duration LINE_INTERVAL = Duration.ofSeconds(5);
    private static final int BAR_WIDTH = 30;
    private static final String CLEAR_LINE = "\r\033[K";

    private final PrintStream out;
    private final boolean terminal;
    private final Publisher publisher;
    private final Feed feed;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread thread = new Thread(this::show, "progress");

    /**
     * @param terminal whether a line can be drawn over
     */
    Progress(PrintStream out, boolean terminal, Publisher publisher, Feed feed) {
        this.out = out;
        this.terminal = terminal;
        this.publisher = publisher;
        this.feed = feed;
        thread.setDaemon(true);
        thread.start();
    }

    private void show() {
        Duration interval = terminal ? BAR_INTERVAL : LINE_INTERVAL;
        long start = System.nanoTime();
        double startShare = feed.progress();
        long lastTime = start;
        long lastRows = 0;
        double rate = Double.NaN;
        try {
            while (!ended.await(interval.toNanos(), TimeUnit.NANOSECONDS)) {
                long now = System.nanoTime();
                long rows = publisher.acknowledged();
                double share = feed.progress();
                double recent = (rows - lastRows) * 1e9 / (now - lastTime);
                // The bar moves often: its figure is smoothed over about two seconds.
                rate = !terminal || Double.isNaN(rate) ? recent : 0.9 * rate + 0.1 * recent;
                lastTime = now;
                lastRows = rows;
                double left = (now - start) * (1 - share) / (share - startShare);
                draw(rows, rate, share, left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (terminal) {
            out.print(CLEAR_LINE);
            out.flush();
        }
    }

    private void draw(long rows, double rate, double share, double nanosLeft) {
        StringBuilder text = new StringBuilder();
        boolean endKnown = !Double.isNaN(share);
        if (terminal && endKnown) {
            int filled = (int) (BAR_WIDTH * Math.min(1, share));
            text.append('[').append("=".repeat(filled)).append(" ".repeat(BAR_WIDTH - filled));
            text.append("] ");
        }
        if (endKnown) {
            text.append("%.0f%%, ".formatted(100 * share));
        }
        text.append("%,d rows, %,.0f rows/s".formatted(rows, rate));
        if (endKnown && Double.isFinite(nanosLeft)) {
            text.append(", ").append(clock((long) (nanosLeft / 1e9))).append(" left");
        }
        if (terminal) {
            out.print(CLEAR_LINE + text);
            out.flush();
        } else {
            out.println(text);
        }
    }

    private static String clock(long seconds) {
        return seconds < 3600
                ? "%d:%02d".formatted(seconds / 60, seconds % 60)
                : "%d:%02d:%02d".formatted(seconds / 3600, seconds / 60 % 60, seconds % 60);
    }

    @Override
    public void close() {
        ended.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
