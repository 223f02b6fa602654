// Line and candle charts in the colours of the page.
import { CandlestickChart, LineChart } from "echarts/charts";
import { AxisPointerComponent, DataZoomInsideComponent, DataZoomSliderComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { byId } from "./dom.js";

use([
    CandlestickChart,
    LineChart,
    AxisPointerComponent,
    DataZoomInsideComponent,
    DataZoomSliderComponent,
    GridComponent,
    LegendComponent,
    TooltipComponent,
    CanvasRenderer,
]);

const charts = new Map();
const colours = new Map();
const dark = matchMedia("(prefers-color-scheme: dark)");
dark.addEventListener("change", () => {
    colours.clear();
    charts.forEach((chart) => chart.draw());
});

/** Colours that are told apart by people who don't see red and green, too. */
export const palette = () =>
    dark.matches
        ? ["#6fbfd8", "#e3b257", "#c79be0", "#7fd0a0", "#f08f7a", "#9db4ff", "#d8d26a", "#f2a6c8", "#8fd6d0", "#c9a27c", "#a8c97f", "#b7a6f0", "#e6c3a0", "#9aa7b0"]
        : ["#17607a", "#b5761a", "#7b4a9e", "#2c7d4f", "#c0492f", "#3f5fc4", "#8a8413", "#b34d80", "#1f8a83", "#8a5f37", "#5d8a2b", "#5b4bb0", "#a06a3a", "#5c6a73"];

/** A colour of the style sheet; asked once, because each question lays the page out. */
export function colour(name) {
    if (!colours.has(name)) colours.set(name, getComputedStyle(document.documentElement).getPropertyValue(name).trim());
    return colours.get(name);
}

/** Draws a figure's chart; label is what it shows, for who does not see it. An empty one says why. */
export function draw(id, label, option, empty) {
    const figure = byId(id);
    const place = figure.querySelector(".chart");
    const note = figure.querySelector(".empty");
    note.hidden = !empty;
    note.textContent = empty ?? "";
    place.setAttribute("aria-label", empty ?? label);
    let chart = charts.get(id);
    if (!chart) {
        chart = { echart: init(place) };
        new ResizeObserver(() => chart.echart.resize()).observe(place);
        charts.set(id, chart);
    }
    chart.draw = () => chart.echart.setOption(themed(empty ? { series: [] } : option()), { notMerge: true });
    chart.draw();
}

/** How many values a chart shows, for tests. */
export const drawn = () =>
    Object.fromEntries([...charts].map(([id, { echart }]) => [id, (echart.getOption().series ?? []).reduce((sum, series) => sum + series.data.length, 0)]));

function themed(option) {
    const text = colour("--quiet");
    const line = colour("--line");
    const axis = (given) => ({
        axisLine: { lineStyle: { color: line } },
        axisTick: { show: false },
        splitLine: { show: given.splitLine ?? false, lineStyle: { color: line } },
        ...given,
        axisLabel: { color: text, hideOverlap: true, ...given.axisLabel },
        ...(given.splitLine === undefined ? {} : { splitLine: { show: given.splitLine, lineStyle: { color: line } } }),
    });
    const all = (given, defaults) => [given ?? defaults].flat().map(axis);
    return {
        animation: false,
        color: palette(),
        textStyle: { fontFamily: "system-ui, sans-serif" },
        tooltip: {
            trigger: "axis",
            confine: true,
            backgroundColor: colour("--card"),
            borderColor: line,
            textStyle: { color: colour("--text"), fontSize: 13 },
            ...option.tooltip,
        },
        ...option,
        legend: option.legend && { type: "scroll", top: 4, left: 0, itemWidth: 12, itemHeight: 14, icon: "circle", textStyle: { color: text }, pageTextStyle: { color: text }, pageIconColor: text, ...option.legend },
        grid: option.grid ?? { left: 8, right: 12, top: option.legend ? 36 : 12, bottom: 8, containLabel: true },
        xAxis: all(option.xAxis, { show: false }),
        yAxis: all(option.yAxis, { show: false }),
    };
}
