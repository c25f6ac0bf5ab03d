// The run as this page knows it, and the one way to change it. What the server answers always replaces what is known here.
import { $ } from "./dom.js";

export const FILTERS = [
  ["todo", "To decide", (entry) => entry.open],
  ["fail", "Fail", (entry) => entry.verdict === "fail"],
  ["review", "For review", (entry) => entry.verdict === "review"],
  ["accepted", "Accepted", (entry) => entry.state === "accepted"],
  ["rejected", "Rejected", (entry) => entry.state === "rejected"],
  ["stale", "No longer valid", (entry) => entry.state === "stale"],
  ["pass", "Pass", (entry) => entry.verdict === "pass"],
  ["all", "All", () => true],
];

export const run = { meta: {}, assets: new Map(), list: [], filter: "todo", query: "", open: null, selected: new Set(), mine: [], seq: 0 };
const details = new Map();
const tokens = new Map();
const HEADER = document.querySelector("meta[name=review-header]").content;

async function get(path) {
  const response = await fetch(path);
  if (!response.ok) throw new Error((await response.json().catch(() => ({}))).error || `${response.status} ${response.statusText}`);
  return response.json();
}

export async function loadRun() {
  const { assets, ...meta } = await get("/api/queue");
  run.meta = meta;
  run.seq = meta.seq;
  run.assets = new Map(assets.map((entry) => [entry.key, entry]));
  if (![...run.assets.values()].some((entry) => entry.open) && run.filter === "todo") run.filter = "all";
  details.clear();
}

// Others may have decided meanwhile, or a run may have ended; gives the entries that changed, null when everything may have.
export async function loadChanges() {
  const { seq, assets, revision } = await get(`/api/changes?after=${run.seq}`);
  if (revision !== run.meta.revision) return null;
  run.seq = Math.max(run.seq, seq);
  assets.forEach(learn);
  return assets;
}

export function learn(entry) {
  const known = run.assets.get(entry.key);
  run.assets.set(entry.key, { ...known, ...entry });
  if (!entry.checks) details.delete(entry.key);
  else details.set(entry.key, entry);
}

export async function detail(key) {
  if (!details.has(key)) learn(await get(`/api/asset/${key}`));
  return details.get(key);
}

// The list stays as it is while one works through it; only a new filter, or a new question, makes it anew.
export function relist() {
  const [, , wanted] = FILTERS.find(([name]) => name === run.filter) || FILTERS[0];
  const words = run.query.toLowerCase().split(/\s+/).filter(Boolean);
  const text = (entry) => `${entry.id} ${entry.title} ${entry.context} ${entry.why} ${entry.words}`.toLowerCase();
  run.list = [...run.assets.values()].filter((entry) => wanted(entry) && words.every((word) => text(entry).includes(word))).map((entry) => entry.key);
}

export function counts() {
  const all = [...run.assets.values()];
  const decided = all.filter((entry) => entry.state === "accepted" || entry.state === "rejected").length;
  return { decided, open: all.filter((entry) => entry.open).length, of: Object.fromEntries(FILTERS.map(([name, , wanted]) => [name, all.filter(wanted).length])) };
}

// The next asset after `key` in the list that waits for a decision; null when none does.
export function nextOpen(key) {
  const at = run.list.indexOf(key);
  const ahead = [...run.list.slice(at + 1), ...run.list.slice(0, Math.max(at, 0))];
  return ahead.find((other) => run.assets.get(other).open) || null;
}

export function pictureUrl(entry, which = "asset", size = "large", digest = entry.sha256) {
  return `/picture/${entry.key}/${which}/${size}/${digest}`;
}

// Sends a decision on what is shown. The same click sent twice, by a double click or after a lost answer, carries the same token.
export async function decide(entry, action, note = "") {
  const click = [entry.key, entry.version, entry.sha256, action, note].join("\n");
  if (!tokens.has(click)) tokens.set(click, crypto.randomUUID());
  const body = {
    asset: entry.key, action, note, reviewer: $("reviewer").value, after: entry.version, sha256: entry.sha256, reading: entry.reading,
    token: tokens.get(click),
  };
  let response;
  try {
    response = await fetch("/api/decisions", {
      method: "POST", headers: { "content-type": "application/json", "x-brandkit-review": HEADER }, body: JSON.stringify(body),
    });
  } catch {
    return { kind: "lost", words: "The server does not answer, so it is not known whether this was recorded. Is brandkit review still running? Try again." };
  }
  const answer = await response.json().catch(() => ({ error: `${response.status} ${response.statusText}` }));
  if (answer.error) return { kind: "refused", words: [answer.error, answer.hint].filter(Boolean).join(" — ") };
  if (answer.asset) learn(answer.asset);
  return answer;
}
