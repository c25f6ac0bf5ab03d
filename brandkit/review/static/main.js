// The review page: a list, one asset at a time, and keys for both. The address holds filter and asset, so that Back and a reload keep the place.
import { $, h } from "./dom.js";
import { drawGrid, moveFocus, redrawTile } from "./grid.js";
import { counts, decide, FILTERS, loadChanges, loadRun, nextOpen, relist, run } from "./run.js";
import { drawSingle, forgetZoom, isSeen, useTool } from "./single.js";

const content = $("content");
const REFRESH = 20000; // ms between two looks at what others decided, while the page is seen
const KEYS = [
  ["j or →", "next"], ["k or ←", "previous"], ["Enter", "open"], ["a", "accept"], ["r", "reject, with a reason"], ["u", "take back the last decision"],
  ["z", "single pixels"], ["d", "compare with other versions"], ["m", "marks of findings"], ["b", "layout boxes"], ["/", "filter"], ["Esc", "back"], ["?", "this list"],
];
const REASONS = ["Colour is off", "Logo is wrong", "Type or copy is wrong", "Composition", "Picture is not believable", "Not for this audience"];
let last = null; // the asset that was open, to go back to its place in the list
let busy = false;

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

async function act(action) {
  if (busy) return;
  const key = action === "undo" ? undoable() : run.open;
  const entry = run.assets.get(key);
  if (!entry) return;
  if (action !== "undo" && !isSeen(content, key)) return say("The picture is still loading; decide when you see it.", true);
  if (entry.changed && action !== "undo") return say("The file was changed since it was checked; run or check again.", true);
  const note = action === "reject" || (action === "accept" && entry.needs_reason) ? await ask(entry, action) : "";
  if (note === null) return;
  busy = true;
  const answer = await decide(entry, action, note);
  busy = false;
  if (answer.kind !== "recorded" && answer.kind !== "repeated") {
    say(answer.words, true);
    if (answer.kind === "stale" || answer.kind === "unknown") await loadRun();
    return draw();
  }
  if (answer.asset.state !== { accept: "accepted", reject: "rejected", undo: "open" }[action]) {
    say("Yours was recorded before, and somebody decided otherwise since.", true);
    return draw();
  }
  say(`${entry.id}: ${{ accept: "accepted", reject: "rejected", undo: "open again" }[action]}. ${action === "undo" ? "" : "u takes it back."}`);
  const to = action === "undo" ? key : nextOpen(key);
  if (!to) {
    const { of } = counts();
    say(`Everything here is decided: ${of.accepted} accepted, ${of.rejected} rejected.`);
  }
  go(to);
}

// What u takes back: the decision on what is open, else the last one made here.
function undoable() {
  const entry = run.assets.get(run.open);
  const decided = (each) => each && (each.state === "accepted" || each.state === "rejected" || (each.state === "stale" && each.words));
  if (decided(entry)) return run.open;
  return run.mine.findLast((key) => decided(run.assets.get(key)));
}

function ask(entry, action) {
  const dialog = $("why"), note = $("why-note");
  $("why-title").textContent = action === "reject" ? "Why is it rejected?" : "Why is it accepted all the same?";
  $("why-words").textContent = action === "reject" ? entry.why : `It fails: ${entry.why}. What you write stands beside it in every report.`;
  $("why-send").textContent = action === "reject" ? "Reject" : "Accept";
  const reasons = action === "reject" ? REASONS : [];
  $("why-reasons").replaceChildren(...reasons.map((words, at) =>
    h("li", {}, h("button", { type: "button", className: "quiet", onclick: () => { note.value = words; note.focus(); } }, h("kbd", {}, String(at + 1)), words))));
  note.value = "";
  dialog.returnValue = "";
  dialog.showModal();
  if (!reasons.length) note.focus();
  return new Promise((done) => {
    dialog.onclose = () => done(dialog.returnValue === "send" ? note.value.trim() : null);
  });
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
  relist();
  last = null;
  history.replaceState(null, "", address(null));
  run.open = null;
  draw();
}

const IN_SINGLE = {
  j: () => walk(1), ArrowRight: () => walk(1), k: () => walk(-1), ArrowLeft: () => walk(-1), a: () => act("accept"), r: () => act("reject"),
  z: () => useTool(content, "zoom", draw), d: () => useTool(content, "beside", draw), b: () => useTool(content, "boxes", draw), m: () => useTool(content, "marks", draw),
  Escape: () => (forgetZoom() ? draw() : go(null)),
};
const IN_GRID = Object.fromEntries(["j", "k", "ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown"].map((key) => [key, () => moveFocus(content, key)]));
for (const key of ["a", "r"]) IN_GRID[key] = () => say("Open an asset to decide about it: Enter.");
IN_GRID.Escape = () => { run.query = $("search").value = ""; useFilter(run.filter); };
const ALWAYS = { u: () => act("undo"), "?": () => $("help").showModal(), "/": () => { if (run.open) go(null); $("search").focus(); } };

document.addEventListener("keydown", (event) => {
  if (event.metaKey || event.ctrlKey || event.altKey) return;
  if ($("why").open) return inDialog(event);
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

function inDialog(event) {
  const note = $("why-note");
  const reason = event.target !== note && /^[1-9]$/.test(event.key) ? $("why-reasons").children[Number(event.key) - 1] : null;
  if (reason) {
    event.preventDefault();
    reason.firstChild.click();
  } else if (event.key === "Enter" && event.target === note && !event.shiftKey) {
    event.preventDefault();
    $("why").querySelector("form").requestSubmit($("why-send"));
  }
}

$("why-send").value = "send";
$("why-cancel").addEventListener("click", () => $("why").close(""));
$("why").querySelector("form").addEventListener("submit", (event) => {
  if (!$("why-note").value.trim()) { event.preventDefault(); $("why-note").focus(); }
});
$("help-button").addEventListener("click", () => $("help").showModal());
$("help-keys").append(...KEYS.flatMap(([key, words]) => [h("dt", {}, h("kbd", {}, key)), h("dd", {}, words)]));
$("chips").addEventListener("click", (event) => { const chip = event.target.closest("[data-filter]"); if (chip) useFilter(chip.dataset.filter); });
$("search").addEventListener("input", () => { run.query = $("search").value; useFilter(run.filter); });
$("reviewer").addEventListener("change", () => localStorage.setItem("reviewer", $("reviewer").value));
content.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#']"), tool = event.target.closest("[data-tool]");
  if (tool) useTool(content, tool.dataset.tool, draw);
  if (link) { event.preventDefault(); go(new URLSearchParams(link.getAttribute("href").slice(1)).get("asset")); }
});
window.addEventListener("hashchange", () => { const was = run.filter + run.query; fromAddress(); if (was !== run.filter + run.query) relist(); draw(); });

async function refresh() {
  if (document.hidden || busy || document.querySelector("dialog[open]")) return;
  try {
    const changed = await loadChanges();
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
