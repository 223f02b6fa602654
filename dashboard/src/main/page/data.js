// Answers of the charts' SQL.
import { byId, clock, element } from "./dom.js";

/** Asks for a chart: { columns, rows, asOf, file, sql }, with each row also by column names. */
export async function ask(name, parameters = {}) {
    const response = await fetch(`api/charts/${name}?${new URLSearchParams(parameters)}`);
    if (!response.ok) throw new Error(await response.text());
    const answer = await response.json();
    answer.records = answer.rows.map((row) => Object.fromEntries(answer.columns.map((column, i) => [column, row[i]])));
    return answer;
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
