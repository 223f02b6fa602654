// The learner's view: the way of a row, in counts that add up.
import { age, byId, count, element, plural, show } from "./dom.js";
import { ask, source } from "./data.js";
import { ways } from "./pipeline.js";

let version = -1;

export function update(state) {
    const way = ways(state);
    const step = (name, number, text, sign) => element("li", { "data-sign": sign }, element("h3", {}, name), element("strong", {}, number), element("p", {}, text));
    const { source: file, kafka, lake } = state;
    show(
        byId("strip"),
        step("CSV file", file.file ? count(file.rows) : "–", file.file ? `rows in ${file.file}; the producer sends each as a JSON quote` : "the producer sends each row as a JSON quote"),
        step("Kafka", count(way.records), kafka.address ? `records in the topic ${kafka.topic}, in order and kept for replays` : "no broker is watched", "→"),
        step("On their way", count(way.waiting), way.job ? `in ${plural(way.job.openFiles, "open file")} of the Flink job, or not read yet: nobody sees them` : "no job runs", "→"),
        step("Lake", count(lake.quotes), lake.reading.found > lake.reading.read ? `rows; ${count(lake.reading.read)} of ${count(lake.reading.found)} files are read` : "rows that every query sees, each once", "→"),
        step("Dead letters", count(way.letters), "records that are no quotes, kept with the reason", "or"),
    );
    show(byId("sum"), sum(way, lake));
    show(byId("countdown"), countdown(state, way));
    if (version !== lake.version) newest(lake, way);
}

function sum(way, lake) {
    if (way.records === null || lake.quotes === null) return "";
    const marks = way.marks ? ` + ${plural(way.marks, "mark")} of transactions` : "";
    return `${count(way.records)} in Kafka = ${count(lake.quotes)} in the lake + ${count(way.letters)} dead letters + ${count(way.waiting)} on their way${marks}`;
}

function countdown(state, way) {
    if (!way.job) return state.flink.address ? "No job runs: rows stay in Kafka until one does." : "";
    if (way.nextCheckpoint === null) return "The first checkpoint is under way: rows become visible with it.";
    const left = way.nextCheckpoint - state.now;
    return left > 500 ? `Next checkpoint in ${age(left)}: files that are complete become visible then.` : "A checkpoint is under way: files that are complete become visible with it.";
}

async function newest(lake, way) {
    version = lake.version;
    const body = byId("newest-row").querySelector(".body");
    try {
        const answer = await ask("newest_row");
        const row = answer.records[0];
        source("newest-row", answer);
        if (!row) {
            const seconds = way.job?.checkpointEvery ? `, in some ${age(2 * way.job.checkpointEvery)}` : "";
            show(body, `No row yet: files appear with the next checkpoint${seconds}.`);
            return;
        }
        const { file, kafka_partition, kafka_offset, kafka_timestamp, ...quote } = row;
        const line = (name, value) => element("tr", {}, element("th", { scope: "row" }, name), element("td", {}, value));
        show(
            body,
            element(
                "table",
                {},
                element(
                    "tbody",
                    {},
                    line("Row", element("code", {}, Object.entries(quote).map(([name, value]) => `${name} ${value ?? "null"}`).join("  ·  "))),
                    line("File", element("code", {}, file)),
                    line("Record", element("code", {}, `partition ${kafka_partition}, offset ${kafka_offset}, sent ${kafka_timestamp ?? "at an unknown time"}`)),
                ),
            ),
        );
    } catch (e) {
        show(body, e.message);
    }
}
