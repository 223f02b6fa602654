// node check.mjs PAGE CHROMIUM URL OUTPUT: looks at the page as a person does. Prints what is wrong, a line each.
// PAGE is the folder with the page's node_modules; OUTPUT gets a picture of each view.
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [pageFolder, executablePath, url, output] = process.argv.slice(2);
const require = createRequire(`${pageFolder}/`);
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const VIEWS = ["learn", "growth", "analyse", "operate"];
const CHARTS = { growth: ["growth-chart"], analyse: ["prices", "rebased", "drawdown"] };
const TABLES = { learn: ["newest-row"], growth: ["audit"], analyse: ["correlations", "worst_days", "indices"], operate: ["files"] };

const wrong = [];
mkdirSync(output, { recursive: true });
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
for (const colorScheme of ["light", "dark"]) {
    for (const width of [1280, 390]) {
        // The page's own policy lets nothing in; axe is put there by the test.
        const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, bypassCSP: true });
        const page = await context.newPage();
        const here = (text) => wrong.push(`${colorScheme} ${width}: ${text}`);
        page.on("console", (message) => ["error", "warning"].includes(message.type()) && here(`console: ${message.text()}`));
        page.on("pageerror", (error) => here(`error: ${error.message}`));
        page.on("request", (request) => new URL(request.url()).origin === new URL(url).origin || here(`foreign request: ${request.url()}`));
        for (const view of VIEWS) {
            await page.goto(`${url}/#${view}`);
            for (const id of CHARTS[view] ?? []) {
                await page.waitForFunction((name) => globalThis.quotelake?.drawn()[name] > 0, id).catch(() => here(`${id} is empty`));
            }
            for (const id of TABLES[view] ?? []) {
                await page.locator(`#${id} .source`).waitFor().catch(() => here(`${id} names no SQL`));
                if (!/\d/.test(await page.locator(`#${id} .body`).innerText())) here(`${id} is empty`);
            }
            if ((await page.evaluate(() => document.documentElement.scrollWidth)) > width) here(`${view} is wider than the screen`);
            await page.evaluate(axe);
            const { violations } = await page.evaluate(() => globalThis.axe.run());
            for (const violation of violations) here(`${view}: ${violation.impact} ${violation.id}: ${violation.nodes.map((node) => node.target).join(" ")}`);
            await page.screenshot({ path: `${output}/${view}-${width}-${colorScheme}.png`, fullPage: true });
        }
        await context.close();
    }
}

const page = await browser.newPage();
await page.goto(`${url}/#analyse`);
await page.waitForFunction(() => globalThis.quotelake?.drawn().prices > 0);
const before = await page.evaluate(() => globalThis.quotelake.drawn().prices);
await page.getByRole("button", { name: "1 year" }).press("Enter");
await page.waitForFunction((number) => globalThis.quotelake.drawn().prices < number, before).catch(() => wrong.push("the keyboard does not change the range"));
await page.locator("#prices summary").press("Enter");
if (!(await page.locator("#prices pre").innerText()).includes("FROM stock_market")) wrong.push("the SQL does not open");
await browser.close();

console.log(wrong.join("\n"));
