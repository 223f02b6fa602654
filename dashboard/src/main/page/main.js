// The page: four views of one state that the server sends again and again.
import { behind, update as analyse } from "./analyse.js";
import { drawn } from "./chart.js";
import { ask, questions } from "./data.js";
import { byId } from "./dom.js";
import { update as growth } from "./growth.js";
import { update as learn } from "./learn.js";
import { update as operate } from "./operate.js";

const views = { learn, growth, analyse, operate };
/** Without a word from the server for so long, the page says that it is old. */
const SILENT_MILLIS = 5000;
/** How often it is asked at most whether the prices are made up. */
const NOTE_MILLIS = 10000;

let state = null;
let heard = Date.now();
let noted = -1;
let asked = 0;

const chosen = () => (location.hash.slice(1) in views ? location.hash.slice(1) : "learn");

function show() {
    const view = chosen();
    for (const id of Object.keys(views)) byId(`${id}-view`).hidden = id !== view;
    for (const link of document.querySelectorAll("nav a")) {
        if (link.hash === `#${view}`) link.setAttribute("aria-current", "page");
        else link.removeAttribute("aria-current");
    }
    if (state) views[view](state);
}

function verdict(level, text) {
    const place = byId("verdict");
    if (place.className !== level) place.className = level;
    const line = place.querySelector(".text");
    if (line.textContent !== text) line.textContent = text;
}

/** Made-up prices are said to be that, on every view. */
async function note(version) {
    if (noted === version || Date.now() - asked < NOTE_MILLIS) return;
    noted = version;
    asked = Date.now();
    try {
        const [row] = (await ask("synthetic")).records;
        byId("note").hidden = !row.synthetic;
        byId("note").textContent = "These prices are synthetic: data/indexProcessed.csv is a random walk in the shape of the real data set. See the system work, learn nothing about markets.";
    } catch {
        noted = -1;
    }
}

const events = new EventSource("api/events");
events.addEventListener("message", (event) => {
    state = JSON.parse(event.data);
    heard = Date.now();
    verdict(state.verdict.level, state.verdict.text);
    note(state.lake.version);
    views[chosen()](state);
});
setInterval(() => {
    if (Date.now() - heard > SILENT_MILLIS) verdict("BAD", "The dashboard does not answer: start it again with ./quotelake dashboard");
}, 1000);

addEventListener("hashchange", () => {
    show();
    scrollTo(0, 0);
});
show();

// What tests look at.
globalThis.quotelake = { behind, drawn, questions, state: () => state };
