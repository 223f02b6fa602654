// node dashboard.mjs PAGE CHROMIUM URL: measures the dashboard in a real browser. PAGE is the folder with the page's
// node_modules. It prints "ready", reads how many rows there are once new files have come and when the last one was in
// place (milliseconds since 1970), and prints its figures as JSON.
import { once } from "node:events";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const [pageFolder, executablePath, url] = process.argv.slice(2);
const { chromium } = createRequire(`${pageFolder}/`)("playwright-core");
const VIEWS = {
    learn: { tables: ["newest-row"] },
    growth: { charts: ["growth-chart"], tables: ["audit"] },
    analyse: { charts: ["prices", "rebased", "drawdown"], tables: ["correlations", "worst_days", "indices"] },
    operate: { tables: ["files"] },
};

/** A person looks at what they chose before they choose again. */
const THINK_MILLIS = 2000;

const paints = [];
const changes = [];
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });

/** Waits for all of a view; says when it stood there, in milliseconds since the page was asked for. */
const painted = (page, view) =>
    page
        .waitForFunction(
            ({ charts = [], tables = [] }) => {
                const { drawn, questions } = globalThis.quotelake ?? {};
                if (!drawn || questions()) return false;
                const whole = charts.every((id) => drawn()[id] > 0) && tables.every((id) => document.querySelector(`#${id} .source`));
                return whole && new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now()))));
            },
            VIEWS[view],
            { timeout: 60000 },
        )
        .then((handle) => handle.jsonValue());

for (const view of Object.keys(VIEWS)) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    const page = await context.newPage();
    await page.goto(`${url}/#${view}`);
    paints.push(await painted(page, view));
    await context.close();
}

const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
await page.goto(`${url}/#analyse`);
await painted(page, "analyse");

/** From what a person does to the frame in which all that is on the screen shows it. */
const act = async (act, argument) => {
    await page.waitForTimeout(THINK_MILLIS);
    return page.evaluate(
        async ([what, value]) => {
            const frame = () => new Promise(requestAnimationFrame);
            const begin = performance.now();
            if (what === "index") {
                const select = document.getElementById("index");
                select.value = value;
                select.dispatchEvent(new Event("change"));
            } else document.querySelector(`[data-years="${value}"]`).click();
            do await frame();
            while (globalThis.quotelake.behind().length);
            await frame();
            return performance.now() - begin;
        },
        [act, argument],
    );
};

const indices = await page.evaluate(() => [...document.getElementById("index").options].map((option) => option.value));
for (const years of [20, 0, 1, 5]) changes.push(await act("range", years));
for (const index of indices) changes.push(await act("index", index));
await act("range", 0);
for (const index of indices) changes.push(await act("index", index));
await act("range", 5);

await page.waitForTimeout(THINK_MILLIS);
console.log("ready");
const [line] = await once(createInterface({ input: process.stdin }), "line");
const [rows, since] = line.split(" ").map(Number);
await page.waitForFunction((wanted) => globalThis.quotelake.state().lake.quotes === wanted && !globalThis.quotelake.behind().length, rows);
const refresh = await page.evaluate((then) => new Promise((done) => requestAnimationFrame(() => done(Date.now() - then))), since);
await browser.close();

changes.sort((a, b) => a - b);
console.log(
    JSON.stringify({
        "first paint ms": Math.max(...paints),
        "change of index or range ms": changes[Math.floor(changes.length / 2)],
        "slowest change ms": changes.at(-1),
        "1,000 new files ms": refresh,
    }),
);
process.exit();
