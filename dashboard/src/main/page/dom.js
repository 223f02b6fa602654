// A few helpers to write the page with: text only, never HTML from data.

/** element("td", { class: "number" }, "12", child): an element with attributes and children. */
export function element(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
        if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
        else if (value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : value);
    }
    made.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
    return made;
}

/** Replaces an element's children, but only when that changes something: selections and scrolling stay. */
export function show(place, ...children) {
    const wanted = element("div", {}, ...children);
    if (place.innerHTML !== wanted.innerHTML) place.replaceChildren(...wanted.childNodes);
}

export const byId = (id) => document.getElementById(id);

/** Whether any of it is on the screen. */
export function inView(place) {
    const { top, bottom, height } = place.getBoundingClientRect();
    return height > 0 && bottom > 0 && top < innerHeight;
}

const works = new Map();

/** Does a place's work with the next frame; what nobody sees comes after, a place a frame. A newer work takes its place. */
export function withNextFrame(place, work) {
    if (!works.size) requestAnimationFrame(doWorks);
    works.set(place, work);
}

function doWorks() {
    const seen = [...works].filter(([place]) => inView(place));
    for (const [place, work] of seen.length ? seen : [...works].slice(0, 1)) {
        works.delete(place);
        work();
    }
    if (works.size) requestAnimationFrame(doWorks);
}

/** A table: columns are [title, cell of a row, is it a number]. */
export function table(caption, columns, rows) {
    return element(
        "div",
        { class: "scroll", tabindex: 0, role: "region", "aria-label": caption },
        element(
            "table",
            {},
            element("thead", {}, element("tr", {}, ...columns.map(([title, , number]) => element("th", { scope: "col", class: number ? "number" : undefined }, title)))),
            element("tbody", {}, ...rows.map((row) => element("tr", {}, ...columns.map(([, cell, number]) => element("td", { class: number ? "number" : undefined }, cell(row) ?? "–"))))),
        ),
    );
}

/** One card of a list of figures. */
export const figure = (name, value, remark) => element("div", {}, element("dt", {}, name), element("dd", {}, value, element("small", {}, remark ?? "")));

const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat("en-US", { maximumFractionDigits: 1 });
const price = new Intl.NumberFormat("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

export const count = (number) => (number === null || number === undefined ? "–" : whole.format(number));
export const rate = (number) => (number === null || number === undefined ? "–" : number >= 100 ? whole.format(number) : short.format(number));
export const money = (number) => (number === null || number === undefined ? "–" : price.format(number));
export const percent = (part) => (part === null || part === undefined ? "–" : `${price.format(100 * part).replace("-", "−")} %`);
export const plural = (number, one, many = `${one}s`) => `${count(number)} ${number === 1 ? one : many}`;
export const clock = (millis) => new Date(millis).toLocaleTimeString("en-GB");

export function age(millis) {
    const seconds = Math.max(0, Math.round(millis / 1000));
    if (seconds < 60) return `${seconds} s`;
    if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
    if (seconds < 172800) return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
    return `${Math.floor(seconds / 86400)} days`;
}
