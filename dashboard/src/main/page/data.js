// Answers of the charts' SQL.
import { byId, clock, element } from "./dom.js";

const path = (name, parameters) => `api/charts/${name}?${new URLSearchParams(parameters)}`;

/** Lets the server find an answer that is likely to be asked for. */
export const expect = (name, parameters) =>
    fetch(path(name, parameters))
        .then((response) => response.arrayBuffer())
        .catch(() => {});

let open = 0;

/** How many questions have no answer yet, for tests. */
export const questions = () => open;

/** Asks for a chart: { columns, rows, asOf, file, sql }, with its rows by column names, or a column's values. */
export async function ask(name, parameters = {}) {
    open++;
    try {
        const response = await fetch(path(name, parameters));
        if (!response.ok) throw new Error(await response.text());
        const answer = await response.json();
        return {
            ...answer,
            column: (column) => {
                const place = answer.columns.indexOf(column);
                return answer.rows.map((row) => row[place]);
            },
            // Most charts have thousands of rows, and no need of this.
            get records() {
                return answer.rows.map((row) => Object.fromEntries(answer.columns.map((column, i) => [column, row[i]])));
            },
        };
    } finally {
        open--;
    }
}

/** Writes below a figure which SQL it shows and when that was asked, with the SQL to open and to copy. */
export function source(id, answer) {
    const place = byId(id);
    let details = place.querySelector(".source");
    if (!details) {
        const copy = element("button", { type: "button", onclick: () => copyText(details, copy) }, "Copy the SQL");
        details = element("details", { class: "source" }, element("summary"), element("pre", { tabindex: 0 }), copy);
        place.append(details);
    }
    details.querySelector("summary").textContent = `${answer.file} · as of ${clock(answer.asOf)}`;
    const text = details.querySelector("pre");
    if (text.textContent !== answer.sql) text.textContent = answer.sql;
}

async function copyText(details, button) {
    const text = details.querySelector("pre");
    try {
        await navigator.clipboard.writeText(text.textContent);
        button.textContent = "Copied";
    } catch {
        getSelection().selectAllChildren(text);
        button.textContent = "Selected: press Ctrl-C";
    }
    setTimeout(() => (button.textContent = "Copy the SQL"), 2000);
}
