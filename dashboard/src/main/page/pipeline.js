// What follows from a state: sums and rates, in one place for all views.

const total = (counts) => Object.values(counts ?? {}).reduce((sum, number) => sum + number, 0);

/** Where the records are. Numbers are null while they are not known. */
export function ways({ kafka, flink, lake }) {
    const topics = kafka.topics;
    const jobs = flink.cluster?.jobs ?? [];
    const job = jobs.find((one) => one.state === "RUNNING" && one.topic === kafka.topic) ?? null;
    const records = topics ? topics.offsets + topics.deleted : null;
    const letters = topics ? total(topics.deadLetters) : null;
    const rest = records === null || lake.quotes === null ? null : Math.max(0, records - lake.quotes - letters);
    // What no job can have any more is no record: transactions leave a mark of their end in the topic.
    const settled = job !== null && job.lag === 0 && job.openFiles === 0 && lake.reading.read === lake.reading.found;
    return {
        job,
        jobs,
        records,
        letters,
        waiting: settled ? 0 : rest,
        marks: settled ? rest : 0,
        nextCheckpoint: job?.checkpoint ? job.checkpoint.triggered + job.checkpointEvery : null,
    };
}

/** What came in a second, by the samples of the last time; null while there is one sample only. */
export function perSecond(history, name, millis) {
    const known = history.filter((sample) => sample[name] !== null);
    const last = known.at(-1);
    const first = known.find((sample) => sample.at >= (last?.at ?? 0) - millis);
    return last && last.at - first.at > 1000 ? Math.max(0, (1000 * (last[name] - first[name])) / (last.at - first.at)) : null;
}
