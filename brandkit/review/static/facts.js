// What was measured, in words: the worst first, each number with its unit and beside the limit it is held to.
import { h, SHAPES, WORDS } from "./dom.js";

export function drawFacts(entry) {
  return h("div", { className: "scroll" },
    h("h2", { className: entry.verdict }, h("i", { "aria-hidden": "true" }, SHAPES[entry.verdict]), ` ${WORDS[entry.verdict]}`),
    h("p", { className: "id" }, h("strong", {}, entry.title), h("br"), entry.context, entry.template ? ` · ${entry.template}` : ""),
    notice(entry),
    entry.notes.map((note) => h("p", { className: "id" }, note)),
    entry.checks.length ? h("ul", { className: "checks" }, entry.checks.map(check)) : h("p", { className: "id" }, "Every check passes."),
    entry.measured.map(measured),
    passing(entry.passing),
    unmade(entry.unmade),
    entry.further.length ? h("details", {}, h("summary", {}, "Measured by advisory checks"), entry.further.map(measured)) : null,
    picture(entry),
    history(entry),
    h("p", { className: "id file" }, h("code", {}, entry.file), h("br"), h("code", {}, `sha256 ${entry.sha256.slice(0, 12)} · kit ${entry.kit}`)));
}

function notice(entry) {
  if (entry.stale) return h("p", { className: "told stale" }, h("i", { "aria-hidden": "true" }, SHAPES.stale), ` ${entry.words ? `${entry.words}. ` : ""}That no longer holds: ${entry.stale}.`);
  return entry.words ? h("p", { className: `told ${entry.state}` }, h("i", { "aria-hidden": "true" }, SHAPES[entry.state]), ` ${entry.words}`) : null;
}

function check(each) {
  const head = h("p", { className: "head" },
    h("span", { className: "check" }, h("i", { "aria-hidden": "true" }, SHAPES[each.verdict]), ` ${each.check}`, h("small", {}, ` ${WORDS[each.verdict].toLowerCase()}${each.advice ? ", advice" : ""}`)),
    each.value ? h("span", { className: "number" }, each.value, h("small", {}, ` ${each.unit}`)) : null);
  return h("li", { className: `${each.verdict}${each.advice ? " advice" : ""}` },
    head,
    each.drift === null || each.drift === undefined ? null : h("span", { className: "bar", style: { "--drift": String(each.drift) }, "aria-hidden": "true" }),
    each.limit ? h("p", { className: "limit" }, each.limit) : null,
    each.verdict === "not_checked" ? h("p", {}, each.reason) : null,
    each.findings.map(finding));
}

function finding(each) {
  return h("div", { className: `finding ${each.verdict}`, "data-n": each.n, tabindex: each.n ? 0 : null },
    h("p", {}, each.n ? h("b", { "aria-label": `Mark ${each.n} on the picture` }, String(each.n)) : null, " ", each.message, each.value ? h("span", { className: "num" }, ` ${each.value}`) : null),
    each.limit ? h("p", { className: "limit" }, each.limit) : null,
    each.remedy ? h("p", { className: "remedy" }, each.remedy) : null);
}

function measured(part) {
  const swatch = (text) => [/^#[0-9a-f]{6}$/i.test(text) ? h("span", { className: "sw", style: { background: text } }) : null, text];
  const colours = part.rows.some((row) => row.measured.startsWith("#")); // else what was measured is the number itself
  const head = (words, className) => h("th", { scope: "col", className }, words);
  return [
    h("h3", {}, part.check),
    h("table", { className: colours ? "measured" : "" },
      h("thead", {}, h("tr", {}, h("th", {}), head("Expected"), head("Measured", colours ? "" : "n"), colours ? head("Distance", "n") : null)),
      h("tbody", {}, part.rows.map((row) => h("tr", {}, h("th", { scope: "row" }, row.name), h("td", {}, swatch(row.expected)),
        h("td", { className: colours ? "" : "n" }, swatch(row.measured)), colours ? h("td", { className: "n" }, row.value) : null)))),
  ];
}

function passing(checks) {
  if (!checks.length) return null;
  const row = (each) => h("tr", {}, h("th", { scope: "row", title: each.title }, h("i", { className: "pass", "aria-hidden": "true" }, SHAPES.pass), ` ${each.check}`), h("td", { className: "n" }, each.value ? `${each.value} ${each.unit}` : "–"), h("td", { className: "n" }, each.bound));
  return h("details", {}, h("summary", {}, checks.length === 1 ? "1 check passes" : `${checks.length} checks pass`), h("table", {}, h("tbody", {}, checks.map(row))));
}

function unmade(checks) {
  if (!checks.length) return null;
  const words = checks.length === 1 ? "1 advisory check was not made" : `${checks.length} advisory checks were not made`;
  return h("details", {}, h("summary", {}, words), h("ul", { className: "clauses" }, checks.map((each) => h("li", {}, h("span", {}, each.check), h("small", {}, each.reason)))));
}

function picture(entry) {
  const made = entry.picture;
  if (!made) return null;
  const pair = (name, value) => (value ? [h("dt", {}, name), h("dd", {}, value)] : []);
  return [
    h("h3", {}, "Picture"),
    h("dl", { className: "pairs" }, pair("Made by", made.by), pair("Raw size", made.size), pair("Cost", made.cost), pair("References", made.references.join(", "))),
    made.prompt.length
      ? h("details", {}, h("summary", {}, "Prompt, with the source of every clause"),
          made.prompt.map((part) => [h("h4", {}, part.section), h("ul", { className: "clauses" }, part.clauses.map((clause) => h("li", {}, h("span", {}, clause.text), h("code", {}, clause.from))))]))
      : null,
  ];
}

function history(entry) {
  if (entry.history.length < 2) return null;
  return h("details", {}, h("summary", {}, `${entry.history.length} decisions`), h("ul", { className: "clauses" }, entry.history.map((words) => h("li", {}, words))));
}
