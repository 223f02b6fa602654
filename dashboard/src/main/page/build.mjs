// node build.mjs RUNBOOK OUTPUT: the page as a few plain files, and the runbook that it links to.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { buildSync } from "esbuild";
import { marked } from "marked";

const [runbook, output] = process.argv.slice(2);
mkdirSync(output, { recursive: true });

buildSync({
    entryPoints: ["main.js"],
    outfile: `${output}/main.js`,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    legalComments: "eof",
});
for (const file of ["index.html", "style.css", "icon.svg"]) {
    copyFileSync(file, `${output}/${file}`);
}

/** As GitHub names the anchors of headings. */
const anchor = (text) =>
    text
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, "")
        .replaceAll(" ", "-");

marked.use({
    renderer: {
        heading({ tokens, depth, text }) {
            return `<h${depth} id="${anchor(text)}">${this.parser.parseInline(tokens)}</h${depth}>`;
        },
        // Links to other documents lead nowhere from here.
        link({ href, tokens }) {
            const text = this.parser.parseInline(tokens);
            return href.startsWith("#") ? `<a href="${href}">${text}</a>` : text;
        },
        code({ text }) {
            return `<pre tabindex="0">${text.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</pre>`;
        },
        table(token) {
            const cells = (row, tag) =>
                row.map((cell) => `<${tag}>${this.parser.parseInline(cell.tokens)}</${tag}>`).join("");
            const rows = token.rows.map((row) => `<tr>${cells(row, "td")}</tr>`).join("");
            return `<div class="scroll" tabindex="0"><table><thead><tr>${cells(token.header, "td")}</tr></thead><tbody>${rows}</tbody></table></div>`;
        },
    },
});
writeFileSync(
    `${output}/runbook.html`,
    `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Operations – Quotelake</title><link rel="icon" href="icon.svg"><link rel="stylesheet" href="style.css">
<main class="prose"><p><a href="/">Dashboard</a></p>${marked.parse(readFileSync(runbook, "utf8"))}</main></html>\n`,
);
