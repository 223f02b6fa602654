// The analyst's view: one index, all against each other, and what there is.
import { colour, draw, palette } from "./chart.js";
import { ask, expect, source } from "./data.js";
import { byId, count, element, inView, money, percent, plural, show, table, withNextFrame } from "./dom.js";

/** How often new rows change the charts at most. */
const REFRESH_MILLIS = 3000;
/** Without new rows for so long, there is time for questions that nobody has asked yet. */
const QUIET_MILLIS = 5000;
const YEARS = [...document.querySelectorAll("[data-years]")].map((button) => Number(button.dataset.years));

const choice = { index: null, from: null, to: null, years: 5, rows: "history", candles: false };
let indices = [];
let version = -1;
let known = -1;
let refreshing = false;
let last = 0;
let foreseeing = null;
let drawing = null;
const stale = new Set();

export function update(state) {
    known = state.lake.version;
    // What is not read from files here is asked of others, who may charge for it.
    const free = state.lake.reading.found > 0 && choice.index;
    if (free && version === state.lake.version && !foreseeing && Date.now() - last > QUIET_MILLIS) foresee();
    if (version === state.lake.version || Date.now() - last < REFRESH_MILLIS) return;
    version = state.lake.version;
    last = Date.now();
    refresh();
}

for (const id of ["index", "from", "to"]) {
    byId(id).addEventListener("change", (event) => {
        if (!event.target.value) return;
        choice[id] = event.target.value;
        if (id === "index" && choice.years !== null) span(choice.years);
        if (id !== "index") choice.years = null;
        redraw();
    });
}
byId("candles").addEventListener("change", (event) => {
    choice.candles = event.target.checked;
    redraw();
});
byId("rows").addEventListener("change", (event) => {
    choice.rows = event.target.checked ? "all" : "history";
    refresh();
});
for (const button of document.querySelectorAll("[data-years]")) {
    button.addEventListener("click", () => {
        span(Number(button.dataset.years));
        redraw();
    });
}
byId("choice").addEventListener("submit", (event) => event.preventDefault());

/** So many years up to the last day of an index; 0 is all of them. */
function range(years, index) {
    const { first_date: first, last_date: to } = indices.find((one) => one.index === index);
    const [year, month, day] = to.split("-");
    const from = `${String(Number(year) - years).padStart(4, "0")}-${month}-${month === "02" && day === "29" ? "28" : day}`;
    return { from: years && from > first ? from : first, to };
}

function span(years) {
    choice.years = years;
    if (choice.index) Object.assign(choice, range(years, choice.index));
}

async function refresh() {
    refreshing = true;
    try {
        let answer = await ask("indices", { rows: choice.rows });
        indices = answer.records;
        const sent = indices.reduce((sum, index) => sum + (index.sent_on_their_day ?? 0), 0);
        // A lake that is fed live only has nothing else to show.
        if (sent && choice.rows === "history" && !indices.some((index) => index.first_date)) {
            choice.rows = "all";
            byId("rows").checked = true;
            answer = await ask("indices", { rows: choice.rows });
            indices = answer.records;
        }
        byId("rows-label").hidden = !sent;
        byId("rows-label").querySelector("span").textContent = `With ${plural(sent, "row")} sent on their own trading day, as a live feed or a sample of today`;
        source("indices", answer);
        show(byId("indices").querySelector(".body"), list());
        const chosen = indices.filter((index) => index.first_date);
        if (!chosen.some((index) => index.index === choice.index)) {
            choice.index = [...chosen].sort((a, b) => b.trading_days - a.trading_days)[0]?.index ?? null;
        }
        if (choice.years !== null) span(choice.years);
        redraw();
    } catch (e) {
        show(byId("indices").querySelector(".body"), element("p", {}, e.message));
    } finally {
        refreshing = false;
    }
}

function list() {
    if (!indices.length) return element("p", {}, "No row yet: files appear with the next checkpoint.");
    const choose = (index) => {
        choice.index = index;
        if (choice.years !== null) span(choice.years);
        redraw();
    };
    return table(
        "Indices in the lake",
        [
            ["Index", (row) => element("button", { type: "button", class: "link", onclick: () => choose(row.index) }, row.index)],
            ["First day", (row) => row.first_date],
            ["Last day", (row) => row.last_date],
            ["Rows", (row) => count(row.quotes), true],
            ["Gaps", (row) => (row.gaps ? `${count(row.gaps)}, ${count(row.longest_gap)} days` : count(row.gaps)), true],
            ["Nulls", (row) => count(row.nulls), true],
            ["Last close", (row) => money(row.last_close), true],
        ],
        indices,
    );
}

function redraw() {
    const select = byId("index");
    const names = indices.filter((index) => index.first_date).map((index) => index.index);
    if (names.join() !== [...select.options].map((option) => option.value).join()) {
        select.replaceChildren(...names.map((name) => element("option", { value: name }, name)));
    }
    select.value = choice.index;
    byId("from").value = choice.from;
    byId("to").value = choice.to;
    document.querySelectorAll("[data-years]").forEach((button) => button.setAttribute("aria-pressed", Number(button.dataset.years) === choice.years));
    if (!choice.index) {
        for (const id of ["prices", "rebased", "drawdown"]) draw(id, "", () => ({}), "No row yet: files appear with the next checkpoint.");
        return;
    }
    const values = { index: choice.index, from: choice.from, to: choice.to, rows: choice.rows };
    foreseeing = null;
    drawAll(values);
}

/** What is on the screen comes first. */
async function drawAll(values) {
    const mine = (drawing = Symbol());
    const names = Object.keys(CHARTS);
    names.forEach((name) => stale.add(name));
    const first = names.filter((name) => inView(byId(name)));
    await Promise.all(first.map((name) => chart(name, values)));
    if (drawing === mine) for (const name of names) if (!first.includes(name)) chart(name, values);
}

/** The figures on the screen that do not show what was chosen yet, for tests. */
export const behind = () => (version !== known || refreshing ? ["indices"] : [...stale].filter((name) => inView(byId(name))));

/** The charts of an index and a range, and what draws them. */
const CHARTS = { prices, drawdown, rebased, correlations, worst_days: worstDays };

/** A screen has no room for each day of many years: then a point is a month. */
const MAX_DAYS_DAILY = { prices: 6 * 366, drawdown: 6 * 366, rebased: 3 * 366 };

const parameters = (name, values) => {
    const days = (Date.parse(values.to) - Date.parse(values.from)) / 86400000;
    return name in MAX_DAYS_DAILY ? { ...values, letters: days > MAX_DAYS_DAILY[name] ? 7 : 10 } : values;
};

/**
 * Asks for what people choose next, one question after another: the same range of the other indices, other ranges of
 * this one. The server keeps the answers until the lake changes.
 */
async function foresee() {
    const mine = (foreseeing = Symbol());
    const { index, years, rows } = choice;
    const next = [
        ...YEARS.map((one) => ({ index, rows, ...range(one, index) })),
        ...(years === null ? [] : indices.filter((one) => one.first_date).map((one) => ({ index: one.index, rows, ...range(years, one.index) }))),
    ];
    for (const values of next) {
        for (const name of Object.keys(CHARTS)) {
            if (foreseeing !== mine) return;
            await expect(name, parameters(name, values));
        }
    }
}

const newest = {};

/** Only the answer to the newest question is drawn. */
async function chart(name, values) {
    const question = (newest[name] = Symbol(name));
    const figure = byId(name);
    const whenNewest = (work) =>
        withNextFrame(figure, () => {
            if (newest[name] !== question) return;
            work();
            stale.delete(name);
        });
    try {
        const asked = parameters(name, values);
        const answer = await ask(name, asked);
        whenNewest(() => {
            source(name, answer);
            CHARTS[name](answer, asked);
        });
    } catch (e) {
        whenNewest(() => {
            const body = figure.querySelector(".body");
            if (body) show(body, element("p", {}, e.message));
            else draw(name, "", () => ({}), e.message);
        });
    }
}

function caption(id, title, remark) {
    show(byId(id).querySelector("figcaption"), title, element("small", {}, remark));
}

const noDay = ({ from, to }) => `No trading day from ${from} to ${to}.`;
const days = (answer) => answer.column("trade_date");

function prices(answer, values) {
    const dates = days(answer);
    const closes = answer.column("close");
    caption("prices", values.index, dates.length ? `${money(closes.at(-1))} points on ${dates.at(-1)}${values.letters === 7 ? " · by month" : ""}` : "");
    draw(
        "prices",
        `${values.index} from ${values.from} to ${values.to}, ${plural(dates.length, values.letters === 7 ? "month" : "day")}, with averages of 20, 50 and 200 days and the volume`,
        () => {
            const colours = palette();
            const line = (name, column, width, colour) => ({ name, type: "line", data: answer.column(column), showSymbol: dates.length < 2, color: colour, lineStyle: { width } });
            const close = choice.candles
                ? {
                      name: "Open, close, low, high",
                      type: "candlestick",
                      large: true,
                      data: answer.records.map((row) => [row.open, row.close, row.low, row.high]),
                      itemStyle: { color: "transparent", color0: colours[0], borderColor: colours[0], borderColor0: colours[0] },
                  }
                : line("Close", "close", 1.6, colours[0]);
            return {
                legend: {},
                axisPointer: { link: [{ xAxisIndex: "all" }] },
                tooltip: { valueFormatter: (value) => (Array.isArray(value) ? value.map(money).join(" ") : Math.abs(value) >= 1e6 ? count(value) : money(value)) },
                grid: [
                    { left: 8, right: 12, top: 36, bottom: 130, containLabel: true },
                    { left: 8, right: 12, height: 50, bottom: 54, containLabel: true },
                ],
                xAxis: [
                    { type: "category", data: dates, axisLabel: { show: false } },
                    { type: "category", data: dates, gridIndex: 1 },
                ],
                yAxis: [
                    { type: "value", scale: true, splitLine: true, axisLabel: { formatter: count } },
                    { type: "value", gridIndex: 1, splitNumber: 1, axisLabel: { formatter: short } },
                ],
                dataZoom: [
                    { type: "inside", xAxisIndex: [0, 1], zoomOnMouseWheel: "ctrl", moveOnMouseWheel: false },
                    {
                        type: "slider",
                        xAxisIndex: [0, 1],
                        height: 20,
                        bottom: 6,
                        borderColor: colour("--line"),
                        fillerColor: `rgba(${colour("--heat")}, 0.18)`,
                        handleStyle: { color: colour("--card"), borderColor: colour("--quiet") },
                        moveHandleSize: 0,
                        showDataShadow: false,
                        textStyle: { color: colour("--quiet") },
                        brushSelect: false,
                    },
                ],
                series: [
                    close,
                    line("20 days", "average_20", 1.2, colours[1]),
                    line("50 days", "average_50", 1.2, colours[2]),
                    line("200 days", "average_200", 1.2, colours[3]),
                    {
                        ...line("Volume", "volume", 0, colour("--quiet")),
                        data: answer.column("volume").map(Number),
                        step: "middle",
                        xAxisIndex: 1,
                        yAxisIndex: 1,
                        areaStyle: { opacity: 0.6 },
                    },
                ],
            };
        },
        dates.length ? undefined : noDay(values),
    );
}

const short = (number) => (number >= 1e9 ? `${number / 1e9} bn` : number >= 1e6 ? `${number / 1e6} m` : count(number));

function drawdown(answer, values) {
    const dates = days(answer);
    const drawdowns = answer.column("drawdown");
    const worst = drawdowns.reduce((deepest, part, day) => (part < drawdowns[deepest] ? day : deepest), 0);
    const deepest = dates.length ? { drawdown: drawdowns[worst], trade_date: dates[worst] } : null;
    caption("drawdown", `${values.index} below its highest close since ${values.from}`, deepest ? `deepest ${percent(deepest.drawdown)} on ${deepest.trade_date}` : "");
    draw(
        "drawdown",
        deepest ? `Deepest ${percent(deepest.drawdown)} on ${deepest.trade_date}` : "",
        () => ({
            tooltip: { valueFormatter: percent },
            xAxis: { type: "time" },
            yAxis: { type: "value", max: 0, splitLine: true, axisLabel: { formatter: (part) => `${Math.round(100 * part)} %` } },
            series: [{ name: "Drawdown", type: "line", data: dates.map((date, day) => [date, drawdowns[day]]), showSymbol: dates.length < 2, lineStyle: { width: 1.2 }, areaStyle: { opacity: 0.15 } }],
        }),
        dates.length ? undefined : noDay(values),
    );
}

function rebased(answer, values) {
    const records = answer.records;
    const start = records[0]?.start_date;
    const lines = Map.groupBy(records, (row) => row.index);
    caption("rebased", `All indices, ${start ?? values.from} = 100`, start && start > values.from ? "the first day by which all had traded" : "");
    draw(
        "rebased",
        `${plural(lines.size, "index", "indices")}, each 100 on ${start}`,
        () => ({
            legend: {},
            tooltip: { valueFormatter: money, order: "valueDesc" },
            xAxis: { type: "time" },
            yAxis: { type: "value", scale: true, splitLine: true, axisLabel: { formatter: count } },
            series: [...lines].map(([index, rows]) => ({
                name: index,
                type: "line",
                showSymbol: rows.length < 2,
                data: rows.map((row) => [row.trade_date, row.rebased]),
                lineStyle: index === values.index ? { width: 2.5 } : { width: 1, opacity: 0.6 },
                z: index === values.index ? 3 : 2,
            })),
        }),
        lines.size ? undefined : noDay(values),
    );
}

function correlations(answer, values) {
    caption("correlations", `${values.index} with the others, by year`, "correlation of daily returns, from −1 to 1");
    const body = byId("correlations").querySelector(".body");
    const records = answer.records;
    const years = [...new Set(records.map((row) => row.trade_year))].sort();
    if (!years.length) {
        show(body, element("p", {}, `No year from ${values.from} to ${values.to} has 30 days on which ${values.index} and another index traded.`));
        return;
    }
    const cells = new Map(records.map((row) => [`${row.other_index} ${row.trade_year}`, row]));
    const others = [...new Set(records.map((row) => row.other_index))];
    const cell = (other, year) => {
        const row = cells.get(`${other} ${year}`);
        if (!row || row.correlation === null) return element("td", { class: "none" });
        const shade = colour(row.correlation < 0 ? "--cold" : "--heat");
        return element("td", { style: `background: rgba(${shade}, ${(0.42 * Math.abs(row.correlation)).toFixed(3)})`, title: `${other} ${year}: ${plural(row.common_days, "common day")}` }, correlation(row.correlation));
    };
    show(
        body,
        element(
            "div",
            { class: "scroll", tabindex: 0, role: "region", "aria-label": "Correlations by year" },
            element(
                "table",
                { class: "map" },
                element("thead", {}, element("tr", {}, element("td"), ...years.map((year) => element("th", { scope: "col" }, year)))),
                element("tbody", {}, ...others.map((other) => element("tr", {}, element("th", { scope: "row" }, other), ...years.map((year) => cell(other, year))))),
            ),
        ),
    );
}

/** Two digits, and no negative zero. */
const correlation = (number) => (Math.round(100 * number) / 100 + 0).toFixed(2).replace("-", "−");

function worstDays(answer, values) {
    caption("worst_days", `Worst days of ${values.index}`, `${values.from} to ${values.to}`);
    show(
        byId("worst_days").querySelector(".body"),
        answer.records.length
            ? table(
                  "Worst days",
                  [
                      ["Day", (row) => row.trade_date],
                      ["Close", (row) => money(row.close), true],
                      ["Change", (row) => percent(row.daily_return), true],
                  ],
                  answer.records,
              )
            : element("p", {}, `No day from ${values.from} to ${values.to} closed lower than the one before.`),
    );
}
