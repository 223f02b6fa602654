package io.quotelake.producer.csv;

import io.quotelake.producer.terminal.UsageException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What the dates of a whole file say about the way in which they are written. A pattern is taken
 * when it is the only one that reads every date, and never because it is the more usual one.
 */
final class DateEvidence {

    /** A dot stands between day and month in this order only; other signs in both. */
    private static final List<DatePattern> PATTERNS =
            List.of(
                            "yyyy-MM-dd",
                            "yyyy-d-M",
                            "yyyy/M/d",
                            "yyyy.M.d",
                            "yyyy- M- d",
                            "yyyy. M. d.",
                            "yyyy. M. d",
                            "yyyy年M月d日",
                            "yyyy년 M월 d일",
                            "yyyyMMdd",
                            "d/M/yyyy",
                            "M/d/yyyy",
                            "d.M.yyyy",
                            "d-M-yyyy",
                            "M-d-yyyy",
                            "ddMMyyyy",
                            "MMddyyyy",
                            "d/M/yy",
                            "M/d/yy",
                            "yy/M/d",
                            "d.M.yy",
                            "yy.M.d",
                            "d-M-yy",
                            "M-d-yy",
                            "yy-M-d",
                            "d-MMM-yyyy",
                            "d-MMM-yy",
                            "d MMM yyyy",
                            "d MMM, yyyy",
                            "d MMM yy",
                            "d. MMM yyyy",
                            "d/MMM/yyyy",
                            "d/MMM/yy",
                            "d.MMM.yyyy",
                            "ddMMMyyyy",
                            "yyyy-MMM-d",
                            "yyyy MMM d",
                            "MMM d, yyyy",
                            "MMM d yyyy",
                            "MMM-d-yyyy",
                            "MMM d, yy")
                    .stream()
                    .map(DatePattern::of)
                    .toList();

    /** Some dates that the same patterns read. */
    private static final class Alike {
        private final String example;
        private final long line;
        private long count;

        Alike(String example, long line) {
            this.example = example;
            this.line = line;
        }
    }

    private static final int ISO = 0;

    /** What some programs make of ISO dates; never taken while every date is one of ISO. */
    private static final int DAY_BEFORE_MONTH = 1;

    private static final int ISO_LENGTH = 10;
    private static final int MONTHS = 12;

    /** Set for a date that the pattern of the option reads. */
    private static final long ASKED = 1L << 62;

    private static final long EPOCH_SECONDS = 1L << 60;
    private static final long EPOCH_MILLIS = 1L << 61;

    /** Days between rows of a file that is at least weekly. */
    private static final int NEAR_DAYS = 10;

    private static final int ENOUGH_STEPS = 4;

    private static final long SECONDS_A_DAY = 86_400;
    private static final long MILLIS_A_DAY = 1000 * SECONDS_A_DAY;

    private final DateFormat asked;
    private final Map<Long, Alike> alike = new LinkedHashMap<>();
    private final int[] lastDay = new int[PATTERNS.size()];
    private final int[] nearSteps = new int[PATTERNS.size()];
    private final int[] farSteps = new int[PATTERNS.size()];
    private final boolean[] inFuture = new boolean[PATTERNS.size()];
    private final int tomorrow = (int) LocalDate.now(ZoneOffset.UTC).toEpochDay() + 1;
    private String instant;
    private boolean allMidnight = true;
    private Alike iso;
    private Alike isoOrDayBeforeMonth;

    /**
     * @param asked the format of the option, or null
     */
    DateEvidence(DateFormat asked) {
        this.asked = asked;
    }

    /** Whether any known pattern reads the text. */
    static boolean isDate(String text) {
        DateEvidence evidence = new DateEvidence(null);
        evidence.add(text.toCharArray(), 0, text.length(), 1);
        return !evidence.alike.isEmpty();
    }

    /** Takes one date cell into account; a cell without a date is ignored. */
    void add(char[] text, int start, int end, long line) {
        if (asked == null && end - start == ISO_LENGTH && text[start + 4] == '-') {
            boolean isLate = 10 * (text[start + 8] - '0') + text[start + 9] - '0' > MONTHS;
            Alike same = isLate ? iso : isoOrDayBeforeMonth;
            if (same != null && DateFormat.isoDay(text, start) != Quote.NO_DATE) {
                same.count++;
                return;
            }
        }
        long readers = asked != null && reads(asked, text, start, end) ? ASKED : 0;
        for (int i = 0; i < PATTERNS.size(); i++) {
            long parsed = PATTERNS.get(i).parse(text, start, end);
            if (parsed != DatePattern.NO && isWithTime(text, start + (int) parsed, end)) {
                readers |= 1L << i;
                step(i, (int) (parsed >> 32));
            }
        }
        String epoch = DateFormat.epochPattern(text, start, end);
        if (epoch != null) {
            readers |= epoch.equals(DateFormat.EPOCH_MILLIS) ? EPOCH_MILLIS : EPOCH_SECONDS;
            instant = new String(text, start, end - start);
            long unit = epoch.equals(DateFormat.EPOCH_MILLIS) ? MILLIS_A_DAY : SECONDS_A_DAY;
            allMidnight &= Long.parseLong(instant) % unit == 0;
        }
        if (readers == 0) {
            return;
        }
        Alike same =
                alike.computeIfAbsent(
                        readers, key -> new Alike(new String(text, start, end - start), line));
        same.count++;
        if (readers == 1L << ISO) {
            iso = same;
        } else if (readers == (1L << ISO | 1L << DAY_BEFORE_MONTH)) {
            isoOrDayBeforeMonth = same;
        }
    }

    private static boolean reads(DateFormat format, char[] text, int start, int end) {
        try {
            format.epochDay(text, start, end);
            return true;
        } catch (RejectedRowException e) {
            return false;
        }
    }

    private boolean isWithTime(char[] text, int start, int end) {
        if (start == end) {
            return true;
        }
        TimeOfDay time = TimeOfDay.parse(new String(text, start, end - start));
        if (time != null && time.isInstant()) {
            instant = new String(text, start, end - start).strip();
        }
        return time != null;
    }

    private void step(int pattern, int day) {
        inFuture[pattern] |= day > tomorrow;
        int days = Math.abs(day - lastDay[pattern]);
        if (days > 0 && days <= NEAR_DAYS) {
            nearSteps[pattern]++;
        } else if (days > 0) {
            farSteps[pattern]++;
        }
        lastDay[pattern] = day;
    }

    /**
     * The format that reads every date.
     *
     * @param file the file's name, for messages
     * @param zone the zone of the option, or null
     * @throws UsageException when there is none, when two patterns read every date, or when the
     *     dates are instants and no zone is named
     */
    DateFormat decide(String file, ZoneId zone) {
        String pattern = asked == null ? onlyPattern(file) : checked(file);
        if (instant != null && zone == null && DatePattern.of(pattern) != null
                || pattern.endsWith("since 1970") && zone == null) {
            throw new UsageException(
                    "%s: '%s' in the dates is a point in time, and its trading day depends on the zone: %s"
                            .formatted(
                                    file,
                                    instant,
                                    pattern.endsWith("since 1970") && allMidnight
                                            ? "all are midnight in UTC, so --zone UTC is likely meant"
                                            : "name the exchange's with --zone, such as --zone America/New_York"));
        }
        return DateFormat.of(pattern, zone);
    }

    private String checked(String file) {
        for (Alike other : others(ASKED)) {
            List<String> fitting = names(common());
            throw new UsageException(
                    "%s, line %d: date '%s' doesn't fit --date-format '%s', which fits %,d of %,d dates; %s"
                            .formatted(
                                    file,
                                    other.line,
                                    other.example,
                                    asked,
                                    dates() - others(ASKED).stream().mapToLong(a -> a.count).sum(),
                                    dates(),
                                    fitting.isEmpty()
                                            ? "no format fits all: mend or remove the others"
                                            : "all fit " + options(fitting)));
        }
        return asked.toString();
    }

    private String onlyPattern(String file) {
        if (alike.isEmpty()) {
            return DateFormat.ISO_PATTERN;
        }
        long common = common();
        if (common == 0) {
            throw mixed(file);
        }
        List<Integer> candidates =
                IntStream.range(0, PATTERNS.size())
                        .filter(i -> (common & 1L << i) != 0)
                        .boxed()
                        .collect(Collectors.toCollection(ArrayList::new));
        if (candidates.size() > 1 && !candidates.stream().allMatch(i -> inFuture[i])) {
            candidates.removeIf(i -> inFuture[i]);
        }
        if (candidates.contains(ISO)) {
            candidates.remove(Integer.valueOf(DAY_BEFORE_MONTH));
        }
        removeByOrderOfYear(candidates);
        if (candidates.size() > 1) {
            throw new UsageException(
                    "%s: dates such as '%s' can be read in more than one way, and none of the %,d rows decides: add %s"
                            .formatted(
                                    file,
                                    alike.values().iterator().next().example,
                                    dates(),
                                    options(
                                            candidates.stream()
                                                    .map(i -> PATTERNS.get(i).toString())
                                                    .toList())));
        }
        return candidates.isEmpty()
                ? names(common).get(0)
                : PATTERNS.get(candidates.get(0)).toString();
    }

    /**
     * Read with day and year exchanged, the days of a file jump by years: no file of quotes does.
     * So between those two readings the steps decide; they never do between day and month.
     */
    private void removeByOrderOfYear(List<Integer> candidates) {
        boolean both =
                candidates.stream().anyMatch(this::isShortYearFirst)
                        && candidates.stream().anyMatch(i -> !isShortYearFirst(i));
        if (both && candidates.stream().anyMatch(this::stepsAreNear)) {
            candidates.removeIf(i -> !stepsAreNear(i) && stepsAreFar(i));
        }
    }

    private boolean isShortYearFirst(int pattern) {
        return PATTERNS.get(pattern).beginsWithShortYear();
    }

    private boolean stepsAreNear(int pattern) {
        return nearSteps[pattern] >= ENOUGH_STEPS && nearSteps[pattern] > farSteps[pattern];
    }

    private boolean stepsAreFar(int pattern) {
        return farSteps[pattern] >= ENOUGH_STEPS && nearSteps[pattern] < farSteps[pattern] / 4;
    }

    private UsageException mixed(String file) {
        List<Alike> most =
                alike.values().stream()
                        .sorted(Comparator.comparingLong((Alike a) -> a.count).reversed())
                        .limit(2)
                        .toList();
        Alike many = most.get(0);
        Alike few = most.get(1);
        return new UsageException(
                "%s: no one date format fits all rows: %,d are like '%s' (%s, line %d) and %,d like '%s' (%s, line %d): mend or remove the ones that are wrong"
                        .formatted(
                                file,
                                many.count,
                                many.example,
                                namesOf(many),
                                many.line,
                                few.count,
                                few.example,
                                namesOf(few),
                                few.line));
    }

    private String namesOf(Alike dates) {
        return alike.entrySet().stream()
                .filter(entry -> entry.getValue() == dates)
                .map(entry -> String.join(" or ", names(entry.getKey())))
                .findFirst()
                .orElseThrow();
    }

    private long common() {
        return alike.keySet().stream().reduce(-1L, (a, b) -> a & b) & ~ASKED;
    }

    private List<Alike> others(long reader) {
        return alike.entrySet().stream()
                .filter(entry -> (entry.getKey() & reader) == 0)
                .map(Map.Entry::getValue)
                .toList();
    }

    private long dates() {
        return alike.values().stream().mapToLong(same -> same.count).sum();
    }

    private static List<String> names(long readers) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < PATTERNS.size(); i++) {
            if ((readers & 1L << i) != 0) {
                names.add(PATTERNS.get(i).toString());
            }
        }
        if ((readers & EPOCH_SECONDS) != 0) {
            names.add(DateFormat.EPOCH_SECONDS);
        }
        if ((readers & EPOCH_MILLIS) != 0) {
            names.add(DateFormat.EPOCH_MILLIS);
        }
        return names;
    }

    private static String options(List<String> patterns) {
        return patterns.stream()
                .map(pattern -> "--date-format '" + pattern + "'")
                .collect(Collectors.joining(" or "));
    }
}
