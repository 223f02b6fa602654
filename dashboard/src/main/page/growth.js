// The view of growth: a count that lives while the feed runs.
import { draw } from "./chart.js";
import { ask, source } from "./data.js";
import { age, byId, clock, count, element, figure, rate, show, table } from "./dom.js";
import { perSecond, ways } from "./pipeline.js";

let version = -1;

export function update(state) {
    const { lake, history, kafka } = state;
    const way = ways(state);
    const newest = lake.newest ? state.now - Date.parse(lake.newest) : null;
    show(
        byId("growth-figures"),
        figure("Rows in the lake", count(lake.quotes), lake.reading.found ? `in ${count(lake.reading.read)} files` : lake.engine),
        figure("Published", `${rate(perSecond(history, "records", 10000))}/s`, kafka.address ? "records, the last 10 s" : "no broker is watched"),
        figure("Visible", `${rate(perSecond(history, "quotes", 30000))}/s`, "rows, the last 30 s"),
        figure("Newest row", newest === null ? "–" : age(newest), newest === null ? "no row yet" : "since its record was sent"),
    );
    const samples = history.filter((sample) => sample.quotes !== null || sample.records !== null);
    draw(
        "growth-chart",
        `${count(way.records)} records in Kafka and ${count(lake.quotes)} rows in the lake now`,
        () => ({
            legend: {},
            xAxis: { type: "time", axisLabel: { formatter: "{HH}:{mm}:{ss}" } },
            yAxis: { type: "value", scale: true, splitLine: true, axisLabel: { formatter: count } },
            series: [
                ...(kafka.address ? [{ name: "Records in Kafka", type: "line", showSymbol: samples.length < 2, data: samples.map((sample) => [sample.at, sample.records]), lineStyle: { type: "dashed", width: 1.5 } }] : []),
                { name: "Rows in the lake", type: "line", showSymbol: samples.length < 2, step: "end", data: samples.map((sample) => [sample.at, sample.quotes]), lineStyle: { width: 2 } },
            ],
        }),
        samples.length ? undefined : "Nothing was counted yet.",
    );
    letters(state, way);
    if (version !== lake.version) audit(lake.version);
    if (!kafka.address) byId("dead-letters").hidden = true;
}

async function audit(next) {
    version = next;
    const body = byId("audit").querySelector(".body");
    try {
        const answer = await ask("exactly_once");
        const { quotes, records, exactly_once } = answer.records[0];
        source("audit", answer);
        show(
            body,
            element("p", { class: exactly_once ? "GOOD" : "BAD" }, element("span", { class: "mark", style: "display:inline-block", "aria-hidden": true }), ` ${exactly_once ? "Each row is another record of the topic" : "Some records are more than one row"}: ${count(quotes)} rows, ${count(records)} records.`),
            element("p", {}, `Counted at ${clock(answer.asOf)}. Whether a record is missing, ./quotelake verify says.`),
        );
    } catch (e) {
        show(body, e.message);
    }
}

function letters({ kafka }, way) {
    const all = kafka.topics?.deadLetters ?? {};
    const now = way.job?.deadLetters ?? {};
    const reasons = [...new Set([...Object.keys(all), ...Object.keys(now)])].sort();
    show(
        byId("dead-letters").querySelector(".body"),
        reasons.length
            ? table(
                  "Dead letters",
                  [
                      ["Reason", (reason) => reason],
                      ["In all", (reason) => count(all[reason] ?? 0), true],
                      ["Since the job's start", (reason) => (way.job ? count(now[reason] ?? 0) : "–"), true],
                  ],
                  reasons,
              )
            : element("p", {}, "None: every record so far is a quote."),
    );
}
