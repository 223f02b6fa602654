package io.quotelake.verifier.verify;

import io.quotelake.terminal.Failure;
import io.quotelake.verifier.table.Lake;
import io.quotelake.verifier.topic.DeadLetter;
import io.quotelake.verifier.topic.TopicAdmin;
import io.quotelake.verifier.topic.TopicReader;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Compares every committed record of a topic with the rows of the lake and with the dead letters,
 * and finds each row that is missing, lost, doubled, altered, misplaced, unexpected or of an
 * earlier topic of the same name. What a running job or an open transaction still holds is waiting.
 *
 * <p>First the topic's end offsets are noted; then lake and dead letters are read whole and sorted
 * by partition and offset on disk; then the topic is read partition by partition beside them. So
 * the size of lake and topic costs time and disk space, not memory: some 100 MB of heap, whatever
 * their size (see {@link EntrySorter} and {@link LakeReader}).
 *
 * <p>Rows of offsets that the topic no longer retains, or that are newer than where judging ends,
 * are counted but not judged. Holes between the former are, see {@link ExpiredOffsets}.
 */
public final class Verifier {
    private final Verification verification;
    private final Lake lake;
    private final Findings findings;

    private Optional<Progress> progress;
    private Granularity granularity;
    private boolean deadLettersExpired;
    private long records;
    private long quotes;
    private long deadLetters;
    private long rowsNoLongerRetained;
    private long rowsNewer;
    private long recordsNotJudged;
    private long offsetsNotJudged;
    private boolean compacted;

    public Verifier(Verification verification, Lake lake) {
        this.verification = verification;
        this.lake = lake;
        this.findings = new Findings(verification.mostFindings());
        this.progress = verification.progress();
    }

    /**
     * Does it all.
     *
     * @throws Failure when broker or lake can't be read, or the lake has no lineage
     */
    public Report verify() throws InterruptedException {
        try (TopicReader source = new TopicReader(verification.kafka());
                TopicAdmin admin = new TopicAdmin(verification.kafka());
                EntrySorter sorter = new EntrySorter()) {
            List<TopicPartition> partitions = source.partitions(verification.topic());
            if (partitions.isEmpty()) {
                throw Failure.ofUse(
                        "There is no topic %s: name the job's topic with --topic."
                                .formatted(verification.topic()));
            }
            Map<TopicPartition, Long> ends = admin.highWatermarks(partitions);
            Map<TopicPartition, TopicReader.Span> spans =
                    until(source, admin, source.spans(partitions, verification.since()));
            compacted = admin.isCompacted(verification.topic());
            askOwner(admin);
            LakeReader reader = new LakeReader(lake, sorter, findings);
            reader.read();
            granularity =
                    verification.granularity() == null
                            ? reader.granularity()
                            : verification.granularity();
            readDeadLetters(source, sorter);
            Entries entries = new Entries(sorter.sorted());
            for (TopicPartition partition : partitions) {
                compare(source, admin, partition, spans.get(partition), entries);
                openTransaction(admin, partition, spans.get(partition), ends.get(partition));
            }
            while (entries.head() != null) {
                unexpected(entries.next(), "the topic has no such partition");
            }
            return new Report(
                    verification.topic(),
                    offsets(partitions, spans),
                    records,
                    quotes,
                    deadLetters,
                    reader.objects(),
                    reader.rows(),
                    granularity,
                    rowsNoLongerRetained,
                    rowsNewer,
                    recordsNotJudged,
                    offsetsNotJudged,
                    findings.counts(),
                    findings.kept(),
                    findings.areAllKept());
        }
    }

    /**
     * The table knows the topic that its rows are of, by more than its name, and how far a job has
     * published that no longer runs. To be asked before the lake is read: what is published by then
     * is in it.
     */
    private void askOwner(TopicAdmin admin) throws InterruptedException {
        Optional<TableOwner> owner = TableOwner.of(lake, verification.topic());
        Optional<String> id = admin.id(verification.topic());
        if (owner.isEmpty() || id.isEmpty() || !owner.get().isOfAnother(id.get())) {
            progress = progress.or(() -> owner.flatMap(TableOwner::ended));
        } else {
            findings.add(
                    Finding.Kind.EARLIER,
                    "topic " + verification.topic(),
                    "the table has rows of the topic with id %s, and the one of this name has id %s: it was made anew"
                            .formatted(String.join(", ", owner.get().topics()), id.get()));
        }
    }

    /** Spans that end where the verification is told to, or where they do, if that is before. */
    private Map<TopicPartition, TopicReader.Span> until(
            TopicReader source, TopicAdmin admin, Map<TopicPartition, TopicReader.Span> spans)
            throws InterruptedException {
        Until until = verification.until();
        Function<TopicPartition, OptionalLong> end = partition -> OptionalLong.empty();
        if (until.offsets() != null) {
            end = partition -> OptionalLong.of(named(until.offsets(), partition));
            until.offsets().keySet().forEach(number -> requirePartition(spans, number));
        } else if (until.group() != null) {
            Function<TopicPartition, OptionalLong> committed = admin.committed(until.group());
            if (spans.keySet().stream().allMatch(p -> committed.apply(p).isEmpty())) {
                throw Failure.ofUse(
                        "--until group:%s: the group has committed no offset of topic %s; name the job's --group-id."
                                .formatted(until.group(), verification.topic()));
            }
            // What a job hasn't come to has no offset.
            end = partition -> OptionalLong.of(committed.apply(partition).orElse(0));
        } else if (until.time() != null) {
            end = partition -> source.firstSince(partition, until.time());
        }
        Map<TopicPartition, TopicReader.Span> limited = new HashMap<>();
        for (Map.Entry<TopicPartition, TopicReader.Span> span : spans.entrySet()) {
            long to = span.getValue().to();
            long limit = Math.min(to, end.apply(span.getKey()).orElse(to));
            limited.put(
                    span.getKey(),
                    new TopicReader.Span(Math.min(span.getValue().from(), limit), limit));
        }
        return limited;
    }

    private long named(Map<Integer, Long> offsets, TopicPartition partition) {
        Long offset = offsets.get(partition.partition());
        if (offset == null) {
            throw Failure.ofUse(
                    "--until names no offset for partition %d of topic %s: it needs one for each partition, such as 0:1200,1:900."
                            .formatted(partition.partition(), partition.topic()));
        }
        return offset;
    }

    private void requirePartition(Map<TopicPartition, TopicReader.Span> spans, int number) {
        if (!spans.containsKey(new TopicPartition(verification.topic(), number))) {
            throw Failure.ofUse(
                    "--until names partition %d, which topic %s does not have."
                            .formatted(number, verification.topic()));
        }
    }

    /** Records that nobody reads yet, because a transaction before them is open. */
    private void openTransaction(
            TopicAdmin admin, TopicPartition partition, TopicReader.Span span, long end)
            throws InterruptedException {
        boolean isAskedFor = verification.until().equals(Until.LATEST);
        if (!isAskedFor || end <= span.to()) {
            return;
        }
        findings.add(
                Finding.Kind.WAITING,
                offsets(partition.partition(), span.to(), end - 1),
                "behind an open transaction"
                        + admin.oldestTransaction(partition).map(who -> " of " + who).orElse(""),
                end - span.to());
    }

    static String offsets(int partition, long first, long last) {
        return "partition %d %s"
                .formatted(
                        partition,
                        first == last ? "offset " + first : "offsets " + first + "-" + last);
    }

    private static String offsets(
            List<TopicPartition> partitions, Map<TopicPartition, TopicReader.Span> spans) {
        return partitions.stream()
                .map(
                        p ->
                                "%d:[%d,%d)"
                                        .formatted(
                                                p.partition(),
                                                spans.get(p).from(),
                                                spans.get(p).to()))
                .collect(Collectors.joining(" "));
    }

    private void readDeadLetters(TopicReader source, EntrySorter sorter) {
        List<TopicPartition> partitions = source.partitions(verification.deadLetterTopic());
        Map<TopicPartition, TopicReader.Span> spans = source.spans(partitions, null);
        for (TopicPartition partition : partitions) {
            TopicReader.Span span = spans.get(partition);
            deadLettersExpired |= span.from() > 0;
            source.read(partition, span, record -> takeDeadLetter(record, sorter));
        }
    }

    private void takeDeadLetter(ConsumerRecord<byte[], byte[]> record, EntrySorter sorter) {
        String place =
                "%s-%d offset %d".formatted(record.topic(), record.partition(), record.offset());
        Optional<DeadLetter> letter = DeadLetter.of(record);
        if (letter.isEmpty()) {
            findings.add(
                    Finding.Kind.MALFORMED,
                    place,
                    "has no headers that name its source and one of the known reasons");
            return;
        }
        if (letter.get().topic().equals(verification.topic())) {
            deadLetters++;
            sorter.add(
                    new Entry(
                            letter.get().partition(),
                            letter.get().offset(),
                            false,
                            place,
                            letter.get().fingerprint()));
        }
    }

    /** Walks records and entries of one partition side by side. */
    private void compare(
            TopicReader source,
            TopicAdmin admin,
            TopicPartition partition,
            TopicReader.Span span,
            Entries entries)
            throws InterruptedException {
        int number = partition.partition();
        while (entries.isBefore(number, 0)) {
            unexpected(entries.next(), "the topic has no such partition");
        }
        ExpiredOffsets expired = new ExpiredOffsets(number);
        while (entries.isBefore(number, span.from())) {
            expired.add(entries.next().offset());
            rowsNoLongerRetained++;
        }
        MissingRange missing = new MissingRange(number, findings, progress.orElse(null));
        source.read(
                partition,
                span,
                record -> {
                    withoutRecord(source, partition, record.offset(), entries);
                    expired.addRetained(record.offset());
                    judge(record, entries, missing);
                });
        missing.end();
        withoutRecord(source, partition, span.to(), entries);
        if (verification.since() == null) {
            judgeHoles(expired, span.from());
        }
        newerThanJudged(admin, partition, entries);
    }

    private void judgeHoles(ExpiredOffsets expired, long firstRetained) {
        boolean isEverythingKnown = !compacted && !deadLettersExpired;
        int partition = expired.partition();
        long waiting = progress.map(p -> p.firstWaiting(partition)).orElse(Long.MAX_VALUE);
        long unread = progress.map(p -> p.firstUnread(partition)).orElse(Long.MAX_VALUE);
        for (ExpiredOffsets.Hole hole : expired.holes(firstRetained, isEverythingKnown)) {
            judgeHole(expired, hole.before(Math.min(waiting, unread)));
            ExpiredOffsets.Hole held = hole.from(waiting).before(unread);
            if (held.size() > 0) {
                findings.add(
                        Finding.Kind.WAITING,
                        offsets(partition, held.first(), held.last()),
                        progress.orElseThrow().whatWaits(),
                        held.size());
            }
            judgeHole(expired, hole.from(unread));
        }
    }

    private void judgeHole(ExpiredOffsets expired, ExpiredOffsets.Hole hole) {
        if (hole.size() <= 0) {
            return;
        }
        if (!hole.isLost()) {
            offsetsNotJudged += hole.size();
            return;
        }
        findings.add(
                Finding.Kind.LOST,
                offsets(expired.partition(), hole.first(), hole.last()),
                "lost before it was read: the topic no longer has it, and nothing was written of it"
                        + (expired.hasGaps() ? " (unless a transaction was aborted)" : ""),
                hole.size());
    }

    /**
     * Entries from where judging ends: newer ones, unless the topic hasn't come as far even now.
     */
    private void newerThanJudged(TopicAdmin admin, TopicPartition partition, Entries entries)
            throws InterruptedException {
        if (!entries.isBefore(partition.partition() + 1, 0)) {
            return;
        }
        long end = admin.highWatermarks(List.of(partition)).get(partition);
        while (entries.isBefore(partition.partition() + 1, 0)) {
            Entry entry = entries.next();
            if (entry.offset() < end) {
                rowsNewer++;
            } else {
                findings.add(
                        Finding.Kind.EARLIER,
                        place(entry),
                        "the topic has not come to this offset yet, it must have been made anew; it is in %s"
                                .formatted(entry.place()));
            }
        }
    }

    /**
     * Entries before an offset for which no committed record came: unless it expired meanwhile,
     * there is none.
     */
    private void withoutRecord(
            TopicReader source, TopicPartition partition, long before, Entries entries) {
        if (!entries.isBefore(partition.partition(), before)) {
            return;
        }
        long beginning = source.beginning(partition);
        while (entries.isBefore(partition.partition(), before)) {
            Entry entry = entries.next();
            if (entry.offset() < beginning || compacted) {
                rowsNoLongerRetained++;
            } else {
                unexpected(entry, "no committed record has this offset");
            }
        }
    }

    private void judge(
            ConsumerRecord<byte[], byte[]> record, Entries entries, MissingRange missing) {
        records++;
        Optional<Quote> quote = quote(record);
        if (quote.isPresent()) {
            quotes++;
        }
        Entry first = null;
        while (entries.isAt(record.partition(), record.offset())) {
            Entry entry = entries.next();
            if (isEarlier(record, quote, entry)) {
                findings.add(
                        Finding.Kind.EARLIER,
                        place(entry),
                        "of another record that had this place once, the topic must have been made anew; it is in %s"
                                .formatted(entry.place()));
                continue;
            }
            if (first == null) {
                first = entry;
            } else {
                findings.add(
                        Finding.Kind.DOUBLED,
                        place(entry),
                        "is in %s and in %s".formatted(first.place(), entry.place()));
            }
            judge(record, quote, entry);
        }
        if (first != null) {
            missing.end();
        } else if (quote.isEmpty() && deadLettersExpired) {
            recordsNotJudged++;
            missing.end();
        } else {
            missing.add(record.offset(), quote.isPresent());
        }
    }

    private static boolean isEarlier(
            ConsumerRecord<byte[], byte[]> record, Optional<Quote> quote, Entry entry) {
        if (!entry.isRow()) {
            return false;
        }
        LakeRow row = LakeRow.of(entry.text()).orElseThrow();
        return quote.map(q -> new ExpectedRow(q, record.timestamp()).isOfAnotherRecord(row))
                .orElse(ExpectedRow.isOfAnotherTime(row, record.timestamp()));
    }

    private void judge(ConsumerRecord<byte[], byte[]> record, Optional<Quote> quote, Entry entry) {
        if (quote.isEmpty()) {
            if (entry.isRow()) {
                findings.add(
                        Finding.Kind.MISPLACED,
                        place(entry),
                        "is no valid quote, yet a row in %s".formatted(entry.place()));
            } else if (!DeadLetter.preserves(entry.text(), record)) {
                findings.add(
                        Finding.Kind.ALTERED,
                        place(entry),
                        "key, value or headers of the dead letter %s are not those of the record"
                                .formatted(entry.place()));
            }
            return;
        }
        if (!entry.isRow()) {
            findings.add(
                    Finding.Kind.MISPLACED,
                    place(entry),
                    "is a valid quote, yet the dead letter %s".formatted(entry.place()));
            return;
        }
        ExpectedRow expected = new ExpectedRow(quote.get(), record.timestamp());
        List<String> differences = expected.differences(LakeRow.of(entry.text()).orElseThrow());
        if (!differences.isEmpty()) {
            findings.add(
                    Finding.Kind.ALTERED,
                    place(entry),
                    "%s, in %s".formatted(String.join(", ", differences), entry.place()));
        }
        String folder = expected.folder(granularity);
        if (!entry.place().startsWith(folder + "/")) {
            findings.add(
                    Finding.Kind.MISPLACED,
                    place(entry),
                    "is in %s, belongs in %s".formatted(entry.place(), folder));
        }
    }

    private Optional<Quote> quote(ConsumerRecord<byte[], byte[]> record) {
        return record.value() == null || record.value().length > verification.mostRecordBytes()
                ? Optional.empty()
                : Quote.of(record.value());
    }

    private void unexpected(Entry entry, String why) {
        findings.add(
                Finding.Kind.UNEXPECTED,
                place(entry),
                "%s, yet it is in %s".formatted(why, entry.place()));
    }

    private static String place(Entry entry) {
        return "partition %d offset %d".formatted(entry.partition(), entry.offset());
    }

    /** The sorted entries with one looked at in advance. */
    private static final class Entries {
        private final Iterator<Entry> sorted;
        private Entry head;

        Entries(Iterator<Entry> sorted) {
            this.sorted = sorted;
            next();
        }

        Entry head() {
            return head;
        }

        Entry next() {
            Entry current = head;
            head = sorted.hasNext() ? sorted.next() : null;
            return current;
        }

        boolean isAt(int partition, long offset) {
            return head != null && head.partition() == partition && head.offset() == offset;
        }

        boolean isBefore(int partition, long offset) {
            return head != null
                    && (head.partition() < partition
                            || head.partition() == partition && head.offset() < offset);
        }
    }

    /** Missing records that follow each other make one finding, and waiting ones. */
    private static final class MissingRange {
        private final int partition;
        private final Findings findings;
        private final Progress progress;
        private boolean areQuotes;
        private boolean areWaiting;
        private long first;
        private long last;
        private long count;

        /**
         * @param progress null if no job runs
         */
        MissingRange(int partition, Findings findings, Progress progress) {
            this.partition = partition;
            this.findings = findings;
            this.progress = progress;
        }

        void add(long offset, boolean isQuote) {
            boolean isWaiting = progress != null && progress.isWaiting(partition, offset);
            if (isWaiting != areWaiting || !isWaiting && isQuote != areQuotes) {
                end();
            }
            if (count == 0) {
                first = offset;
                areQuotes = isQuote;
                areWaiting = isWaiting;
            }
            last = offset;
            count++;
        }

        void end() {
            if (count == 0) {
                return;
            }
            String place = offsets(partition, first, last);
            if (areWaiting) {
                findings.add(Finding.Kind.WAITING, place, progress.whatWaits(), count);
            } else {
                findings.add(
                        Finding.Kind.MISSING,
                        place,
                        areQuotes ? "no row in the lake" : "no valid quote, and no dead letter",
                        count);
            }
            count = 0;
        }
    }
}
