package io.quotelake.local.verify;

import io.quotelake.local.Failure;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Compares every committed record of a topic with the rows of the lake and with the dead letters,
 * and finds each row that is missing, doubled, altered, misplaced or unexpected.
 *
 * <p>First the topic's end offsets are noted; then lake and dead letters are read whole and sorted
 * by partition and offset on disk; then the topic is read partition by partition beside them. So
 * the size of lake and topic costs time and disk space, not memory: some 100 MB of heap, whatever
 * their size (see {@link EntrySorter} and {@link LakeReader}).
 *
 * <p>Rows of offsets that the topic no longer retains, or that are newer than the end offsets
 * noted, are counted but not judged.
 */
public final class Verifier {
    private final Verification verification;
    private final Lake lake;
    private final Findings findings;

    private Granularity granularity;
    private boolean deadLettersExpired;
    private long records;
    private long quotes;
    private long deadLetters;
    private long rowsNoLongerRetained;
    private long rowsNewer;
    private long recordsNotJudged;

    public Verifier(Verification verification, Lake lake) {
        this.verification = verification;
        this.lake = lake;
        this.findings = new Findings(verification.mostFindings());
    }

    /**
     * Does it all.
     *
     * @throws Failure when broker or lake can't be read, or the lake has no lineage
     */
    public Report verify() throws InterruptedException {
        try (Records source = new Records(verification.kafka());
                EntrySorter sorter = new EntrySorter()) {
            List<TopicPartition> partitions = source.partitions(verification.topic());
            if (partitions.isEmpty()) {
                throw Failure.ofUse(
                        "There is no topic %s: name the job's topic with --topic."
                                .formatted(verification.topic()));
            }
            Map<TopicPartition, Records.Span> spans =
                    source.spans(partitions, verification.since());
            LakeReader reader = new LakeReader(lake, sorter, findings);
            reader.read();
            granularity =
                    verification.granularity() == null
                            ? reader.granularity()
                            : verification.granularity();
            readDeadLetters(source, sorter);
            Entries entries = new Entries(sorter.sorted());
            for (TopicPartition partition : partitions) {
                compare(source, partition, spans.get(partition), entries);
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
                    findings.counts(),
                    findings.kept());
        }
    }

    private static String offsets(
            List<TopicPartition> partitions, Map<TopicPartition, Records.Span> spans) {
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

    private void readDeadLetters(Records source, EntrySorter sorter) {
        List<TopicPartition> partitions = source.partitions(verification.deadLetterTopic());
        Map<TopicPartition, Records.Span> spans = source.spans(partitions, null);
        for (TopicPartition partition : partitions) {
            Records.Span span = spans.get(partition);
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
            Records source, TopicPartition partition, Records.Span span, Entries entries) {
        while (entries.isBefore(partition.partition(), 0)) {
            unexpected(entries.next(), "the topic has no such partition");
        }
        while (entries.isBefore(partition.partition(), span.from())) {
            entries.next();
            rowsNoLongerRetained++;
        }
        MissingRange missing = new MissingRange(partition.partition(), findings);
        source.read(
                partition,
                span,
                record -> {
                    withoutRecord(source, partition, record.offset(), entries);
                    judge(record, entries, missing);
                });
        missing.end(true);
        withoutRecord(source, partition, span.to(), entries);
        while (entries.isBefore(partition.partition() + 1, 0)) {
            entries.next();
            rowsNewer++;
        }
    }

    /**
     * Entries before an offset for which no committed record came: unless it expired meanwhile,
     * there is none.
     */
    private void withoutRecord(
            Records source, TopicPartition partition, long before, Entries entries) {
        if (!entries.isBefore(partition.partition(), before)) {
            return;
        }
        long beginning = source.beginning(partition);
        while (entries.isBefore(partition.partition(), before)) {
            Entry entry = entries.next();
            if (entry.offset() < beginning) {
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
        if (!entries.isAt(record.partition(), record.offset())) {
            if (quote.isEmpty() && deadLettersExpired) {
                recordsNotJudged++;
                missing.end(false);
            } else {
                missing.add(record.offset(), quote.isPresent());
            }
            return;
        }
        missing.end(false);
        Entry first = entries.next();
        judge(record, quote, first);
        while (entries.isAt(record.partition(), record.offset())) {
            Entry again = entries.next();
            findings.add(
                    Finding.Kind.DOUBLED,
                    place(again),
                    "is in %s and in %s".formatted(first.place(), again.place()));
            judge(record, quote, again);
        }
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

    /** Missing records that follow each other make one finding. */
    private static final class MissingRange {
        private final int partition;
        private final Findings findings;
        private boolean areQuotes;
        private long first;
        private long last;
        private long count;

        MissingRange(int partition, Findings findings) {
            this.partition = partition;
            this.findings = findings;
        }

        void add(long offset, boolean isQuote) {
            if (count > 0 && isQuote != areQuotes) {
                end(false);
            }
            if (count == 0) {
                first = offset;
                areQuotes = isQuote;
            }
            last = offset;
            count++;
        }

        void end(boolean isNewest) {
            if (count == 0) {
                return;
            }
            findings.add(
                    Finding.Kind.MISSING,
                    "partition %d %s"
                            .formatted(
                                    partition,
                                    first == last
                                            ? "offset " + first
                                            : "offsets " + first + "-" + last),
                    (areQuotes ? "no row in the lake" : "no valid quote, and no dead letter")
                            + (isNewest
                                    ? " (the newest of the partition: a running job may not have published it yet)"
                                    : ""),
                    count);
            count = 0;
        }
    }
}
