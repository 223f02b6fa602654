// The operator's view: what is wrong, what to do, and what runs.
import { colour } from "./chart.js";
import { ask, source } from "./data.js";
import { age, byId, clock, count, element, figure, plural, rate, show, table } from "./dom.js";
import { ways } from "./pipeline.js";

/** Below so many rows a file, more files than MANY are worth a warning. */
const FEW_ROWS = 10;
const MANY = 1000;

let version = -1;

const anchor = (chapter) =>
    chapter
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, "")
        .replaceAll(" ", "-");

export function update(state) {
    const { verdict, flink, lake, now } = state;
    const way = ways(state);
    show(
        byId("findings"),
        ...(verdict.findings.length ? verdict.findings : [{ level: verdict.level, text: verdict.text }]).map((finding) =>
            element(
                "li",
                { class: finding.level },
                element("span", { class: "mark", "aria-hidden": true }),
                element("span", {}, finding.text),
                finding.chapter && element("span", { class: "more" }, finding.remedy && element("code", {}, finding.remedy), finding.remedy ? " · " : "", element("a", { href: `runbook.html#${anchor(finding.chapter)}` }, finding.chapter)),
            ),
        ),
    );
    const job = way.job;
    show(
        byId("operate-figures"),
        figure("Newest row", lake.newest ? age(now - Date.parse(lake.newest)) : "–", "since its record was sent"),
        figure("Newest checkpoint", job?.checkpoint ? age(now - job.checkpoint.completed) : "–", job ? `one every ${age(job.checkpointEvery)}` : "no job runs"),
        figure("Lag", job ? count(job.lag) : "–", "records that the job has not read"),
        figure("Slots", flink.cluster ? `${flink.cluster.freeSlots} free` : "–", flink.cluster ? `of ${flink.cluster.slots}, in ${plural(flink.cluster.taskManagers, "TaskManager")}` : flink.address ? "Flink does not answer" : "no Flink is watched"),
    );
    show(byId("jobs").querySelector(".body"), jobs(way, now));
    show(byId("verified").querySelector(".body"), verified(state));
    if (version !== lake.version) files(lake.version);
}

function jobs(way, now) {
    if (!way.jobs.length) return element("p", {}, "No job is known.");
    return table(
        "Jobs",
        [
            ["From the topic", (job) => job.topic || job.name],
            ["To", (job) => element("code", {}, job.output || "–")],
            ["State", (job) => job.state.toLowerCase()],
            ["Started", (job) => `${age(now - job.started)} ago`],
            ["Read/s", (job) => rate(job.readPerSecond), true],
            ["Written/s", (job) => rate(job.writtenPerSecond), true],
            ["Open files", (job) => count(job.openFiles), true],
            ["Restarts", (job) => count(job.restarts), true],
        ],
        way.jobs,
    );
}

function verified({ verified, now }) {
    if (!verified) return element("p", {}, "None is known: ", element("code", {}, "./quotelake verify"), " compares every record with the lake.");
    return element("div", {}, element("p", { class: verified.clean ? "GOOD" : "BAD" }, element("span", { class: "mark", style: "display:inline-block", "aria-hidden": true }), ` ${verified.verdict}`), element("p", {}, `${clock(verified.at)}, ${age(now - verified.at)} ago.`));
}

async function files(next) {
    const fresh = version < 0;
    version = next;
    const body = byId("files").querySelector(".body");
    try {
        const answer = await ask("files");
        source("files", answer);
        const indices = [...new Set(answer.records.map((record) => record.index))];
        if (!indices.length) {
            show(body, element("p", {}, "No file yet."));
            return;
        }
        const years = [...new Set(answer.records.map((record) => record.date_year))].sort();
        const cells = new Map(answer.records.map((record) => [`${record.index} ${record.date_year}`, record]));
        const all = answer.records.reduce((sum, record) => sum + record.files, 0);
        const rows = answer.records.reduce((sum, record) => sum + record.quotes, 0);
        const most = Math.max(...answer.records.map((record) => record.files));
        const small = all > MANY && rows / all < FEW_ROWS;
        show(
            body,
            element("p", { class: small ? "NOTE" : undefined }, small && element("span", { class: "mark", style: "display:inline-block", "aria-hidden": true }), `${small ? " " : ""}${plural(all, "file")}, ${rows === all ? "one row each" : `${rate(rows / all)} rows a file`}.`, small ? " Each file costs a query a request: --date-granularity month or year makes fewer, larger ones." : ""),
            element(
                "div",
                { class: "scroll", tabindex: 0, role: "region", "aria-label": "Files by index and year" },
                element(
                    "table",
                    { class: "map" },
                    element("thead", {}, element("tr", {}, element("td"), ...years.map((year) => element("th", { scope: "col" }, `’${year.slice(2)}`)))),
                    element(
                        "tbody",
                        {},
                        ...indices.map((index) =>
                            element(
                                "tr",
                                {},
                                element("th", { scope: "row" }, index),
                                ...years.map((year) => {
                                    const cell = cells.get(`${index} ${year}`);
                                    if (!cell) return element("td");
                                    return element("td", { style: `background: rgba(${colour("--heat")}, ${0.08 + (0.3 * cell.files) / most})`, title: `${index} ${year}: ${plural(cell.files, "file")}, ${plural(cell.quotes, "row")}` }, count(cell.files));
                                }),
                            ),
                        ),
                    ),
                ),
            ),
        );
        // A wide map begins with its newest years.
        const map = body.querySelector(".scroll");
        if (fresh) map.scrollLeft = map.scrollWidth;
    } catch (e) {
        show(body, element("p", {}, e.message));
    }
}
