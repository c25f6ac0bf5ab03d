// The review page: a list, one asset at a time, and keys for both. The address holds filter and asset, so that Back and a reload keep the place.
import { $, h } from "./dom.js";
import { ask, listen } from "./ask.js";
import { drawGrid, drawSelection, isTileSeen, moveFocus, redrawTile } from "./grid.js";
import { counts, decide, FILTERS, loadChanges, loadRun, nextOpen, relist, run } from "./run.js";
import { drawSingle, forgetZoom, isSeen, useTool } from "./single.js";

const content = $("content");
const REFRESH = 20000; // ms between two looks at what others decided, while the page is seen
const KEYS = [
  ["j or →", "next"], ["k or ←", "previous"], ["Enter", "open"], ["x, X", "select, select from the last one to here"], ["a", "accept"], ["r", "reject, with a reason"], ["u", "take back the last decision"],
  ["z", "single pixels"], ["d", "compare with other versions"], ["e", "lay the kit's references beside"], ["m", "marks of findings"], ["b", "layout boxes"], ["/", "filter"], ["Esc", "back"], ["?", "this list"],
];
let last = null; // the asset that was open, to go back to its place in the list
let busy = false;
let anchor = null; // where a range of selected assets begins

function fromAddress() {
  const said = new URLSearchParams(location.hash.slice(1));
  if (said.has("filter") || said.has("q")) {
    run.filter = FILTERS.some(([name]) => name === said.get("filter")) ? said.get("filter") : run.filter;
    run.query = said.get("q") || "";
    $("search").value = run.query;
  }
  run.open = run.assets.has(said.get("asset")) ? said.get("asset") : null;
}

function address(open) {
  const said = new URLSearchParams();
  if (run.filter !== "todo") said.set("filter", run.filter);
  if (run.query) said.set("q", run.query);
  if (open) said.set("asset", open);
  return `#${said}`;
}

async function draw() {
  header();
  document.body.classList.toggle("reading", Boolean(run.open));
  if (run.open) {
    last = run.open;
    try {
      await drawSingle(content, run.open, act);
    } catch (error) {
      say(String(error.message), true);
    }
    content.scrollTop = 0;
  } else {
    document.title = `${run.meta.title} — review`;
    drawGrid(content, last);
  }
  drawSelection($("selection"), act);
}

function header() {
  const { decided, open, of } = counts();
  $("title").textContent = run.meta.title;
  $("brand").textContent = `${run.meta.brand} · kit ${run.meta.kit}${run.meta.spent === "$0.00" ? "" : ` · ${run.meta.spent}`}`;
  $("progress").textContent = decided + open ? `${decided} of ${decided + open} decided` : "nothing to decide";
  $("bar").style.setProperty("width", `${(100 * decided) / Math.max(1, decided + open)}%`);
  $("chips").replaceChildren(...FILTERS.filter(([name]) => of[name] || name === "todo" || name === run.filter).map(([name, words]) =>
    h("button", { type: "button", "data-filter": name, "aria-pressed": String(name === run.filter) }, words, h("small", {}, String(of[name])))));
  $("banner").hidden = !run.meta.torn;
  $("banner").textContent = "A decision was cut short while it was written, by a crash or a power cut. It is not in the log; decide again what is open.";
}

function say(words, bad = false) {
  const notice = $("notice");
  notice.textContent = words;
  notice.className = bad ? "bad" : "good";
  clearTimeout(say.timer);
  say.timer = setTimeout(() => { notice.textContent = ""; notice.className = ""; }, bad ? 12000 : 3500);
}

// What a key or button is about: the asset that is open, what is selected in the list, or what was decided last.
function targets(action) {
  const decided = (key) => { const each = run.assets.get(key); return each && (each.state !== "open" && Boolean(each.words)); };
  if (action !== "undo") return run.open ? [run.open] : [...run.selected];
  if (decided(run.open)) return [run.open];
  return (run.mine.findLast((keys) => keys.some(decided)) || []).filter(decided);
}

async function act(action) {
  if (busy) return;
  const entries = targets(action).map((key) => run.assets.get(key));
  if (!entries.length) return action === "undo" || run.open ? undefined : say("Enter opens an asset to decide about it; x selects several.");
  if (action !== "undo") {
    const seen = run.open ? isSeen(content, run.open) : entries.every((entry) => isTileSeen(content, entry.key));
    if (!seen) return say("A picture is still loading; decide when you see it.", true);
    if (entries.some((entry) => entry.changed)) return say("The file was changed since it was checked; run or check again.", true);
  }
  const reasoned = action === "reject" || (action === "accept" && entries.some((entry) => entry.needs_reason));
  const note = reasoned ? await ask(entries, action) : "";
  if (note === null) return;
  busy = true;
  const answers = [];
  for (const entry of entries) answers.push([entry, await decide(entry, action, action === "accept" && !entry.needs_reason ? "" : note)]);
  busy = false;
  await settle(action, answers);
}

// Tells how it went, and goes on to the next open asset, or stays where something was refused.
async function settle(action, answers) {
  const means = { accept: "accepted", reject: "rejected", undo: "open" }[action];
  const stands = ([, answer]) => (answer.kind === "recorded" || answer.kind === "repeated") && answer.asset.state === means;
  const done = answers.filter(stands).map(([entry]) => entry.key), left = answers.filter((each) => !stands(each));
  for (const key of done) run.selected.delete(key);
  if (action === "undo") run.mine = run.mine.filter((keys) => !keys.some((key) => done.includes(key)));
  else if (done.length) run.mine.push(done);
  if (left.length) {
    const [entry, answer] = left[0];
    const words = answer.kind === "repeated" ? "It was recorded before, and somebody decided otherwise since." : answer.words;
    say(answers.length > 1 ? `${done.length} of ${answers.length} recorded. ${entry.id}: ${words}` : words, true);
    if (answers.length === 1 && (answer.kind === "lost" || answer.kind === "refused")) return; // nothing is known to have changed
    if (left.some(([, each]) => each.kind === "stale" || each.kind === "unknown")) await loadRun();
    return draw();
  }
  const what = answers.length > 1 ? `${answers.length} assets` : answers[0][0].id;
  say(action === "undo" ? `${what}: open again.` : `${what}: ${means}. u takes ${answers.length > 1 ? "them" : "it"} back.`);
  if (!counts().open && action !== "undo") say(`Everything is decided: ${counts().of.accepted} accepted, ${counts().of.rejected} rejected.`);
  if (action === "undo") return answers.length > 1 ? draw() : go(done[0]);
  return run.open ? go(nextOpen(run.open)) : draw();
}

// Selects in the list: one, or everything from the last one selected to this one.
function select(key, range = false) {
  if (!key) return;
  const from = range ? run.list.indexOf(anchor) : -1, to = run.list.indexOf(key);
  const keys = from < 0 ? [key] : run.list.slice(Math.min(from, to), Math.max(from, to) + 1);
  const on = from >= 0 || !run.selected.has(key);
  for (const each of keys) run.selected[on ? "add" : "delete"](each);
  anchor = key;
  for (const each of keys) redrawTile(content, each);
  drawSelection($("selection"), act);
}

function go(key) {
  if (key === run.open) return draw();
  run.open = key; // at once, so that keys pressed in a row all count
  location.hash = address(key);
}

function walk(step) {
  const to = run.list[run.list.indexOf(run.open) + step];
  if (to) go(to);
}

function useFilter(name) {
  run.filter = name;
  run.selected.clear();
  relist();
  last = null;
  history.replaceState(null, "", address(null));
  run.open = null;
  draw();
}

const IN_SINGLE = {
  j: () => walk(1), ArrowRight: () => walk(1), k: () => walk(-1), ArrowLeft: () => walk(-1), a: () => act("accept"), r: () => act("reject"),
  z: () => useTool(content, "zoom", draw), d: () => useTool(content, "beside", draw), e: () => useTool(content, "reference", draw), b: () => useTool(content, "boxes", draw), m: () => useTool(content, "marks", draw),
  Escape: () => (forgetZoom() ? draw() : go(null)),
};
const IN_GRID = Object.fromEntries(["j", "k", "ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown"].map((key) => [key, () => moveFocus(content, key)]));
IN_GRID.a = () => act("accept");
IN_GRID.r = () => act("reject");
IN_GRID.x = () => select(document.activeElement.dataset.key);
IN_GRID.X = () => select(document.activeElement.dataset.key, true);
IN_GRID.Escape = () => { if (run.selected.size) { run.selected.clear(); return draw(); } run.query = $("search").value = ""; useFilter(run.filter); };
const ALWAYS = { u: () => act("undo"), "?": () => $("help").showModal(), "/": () => { if (run.open) go(null); $("search").focus(); } };

document.addEventListener("keydown", (event) => {
  if (event.metaKey || event.ctrlKey || event.altKey) return;
  if ($("why").open) return;
  if ($("help").open || event.target.matches("input, textarea")) {
    if (event.key === "Escape" || event.key === "Enter") event.target.blur?.();
    return;
  }
  if (run.open && event.target.closest?.(".zoomed") && event.key.startsWith("Arrow")) return;
  const does = { ...(run.open ? IN_SINGLE : IN_GRID), ...ALWAYS }[event.key];
  if (!does) return;
  event.preventDefault();
  if (!event.repeat || /^[jk]$|^Arrow/.test(event.key)) does();
});

listen();
$("help-button").addEventListener("click", () => $("help").showModal());
$("help-keys").append(...KEYS.flatMap(([key, words]) => [h("dt", {}, h("kbd", {}, key)), h("dd", {}, words)]));
$("chips").addEventListener("click", (event) => { const chip = event.target.closest("[data-filter]"); if (chip) useFilter(chip.dataset.filter); });
$("search").addEventListener("input", () => { run.query = $("search").value; useFilter(run.filter); });
$("reviewer").addEventListener("change", () => localStorage.setItem("reviewer", $("reviewer").value));
content.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#']"), tool = event.target.closest("[data-tool]");
  if (tool) useTool(content, tool.dataset.tool, draw);
  if (link?.dataset.key && (event.shiftKey || event.ctrlKey || event.metaKey)) { event.preventDefault(); return select(link.dataset.key, event.shiftKey); }
  if (link) { event.preventDefault(); go(new URLSearchParams(link.getAttribute("href").slice(1)).get("asset")); }
});
window.addEventListener("hashchange", () => { const was = run.filter + run.query; fromAddress(); if (was !== run.filter + run.query) relist(); draw(); });

async function refresh() {
  if (document.hidden || busy || document.querySelector("dialog[open]")) return;
  try {
    const changed = await loadChanges();
    if (changed === null) {
      await loadRun();
      relist();
      if (!run.assets.has(run.open)) run.open = null;
      say("A run or check ended: this is what it made.");
      return draw();
    }
    if (!changed.length) return;
    header();
    if (!run.open) changed.forEach((entry) => redrawTile(content, entry.key));
    else if (changed.some((entry) => entry.key === run.open)) { say("Somebody decided about this asset."); draw(); }
  } catch (error) {
    say(`The server does not answer (${error.message}). Is brandkit review still running?`, true);
  }
}
document.addEventListener("visibilitychange", refresh);
setInterval(refresh, REFRESH);

try {
  content.replaceChildren(h("p", { className: "empty" }, "Reading the run…"));
  await loadRun();
  $("reviewer").value = localStorage.getItem("reviewer") || run.meta.reviewer;
  fromAddress();
  relist();
  await draw();
} catch (error) {
  content.replaceChildren(h("p", { className: "empty" }, h("strong", {}, "The run cannot be shown."), h("br"), error.message));
}
