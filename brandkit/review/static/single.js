// One asset: its picture with the places of the findings on the left, what was measured on the right, and the decision below.
import { h, s, standing } from "./dom.js";
import { drawFacts } from "./facts.js";
import { detail, nextOpen, pictureUrl, run } from "./run.js";

const shown = { zoom: false, boxes: false, marks: true, beside: 0, reference: 0 };
const WIDE = 2.4; // width over height from which an asset stands above a reference, where it is larger than beside it
let ahead = null; // the next picture, asked for before it is needed

export async function drawSingle(content, key, act) {
  const entry = run.assets.get(key);
  if (content.dataset.key !== key) Object.assign(shown, { zoom: false, beside: 0 });
  content.dataset.key = key;
  delete content.dataset.shown;
  content.className = "single-view";
  const full = await detail(key);
  if (run.open !== key) return;
  content.replaceChildren(place(full), h("div", { className: "split" }, stage(full), h("section", { className: "facts", "aria-label": "What was measured" }, drawFacts(full), bar(full, act))));
  wire(content);
  content.dataset.shown = key;
  const next = nextOpen(key);
  if (next) {
    ahead = new Image();
    ahead.src = pictureUrl(run.assets.get(next));
  }
  (shown.zoom ? content.querySelector(".stage") : content).focus({ preventScroll: true });
  if (shown.zoom) content.querySelector(".tag")?.scrollIntoView({ block: "center", inline: "center" });
  document.title = `${full.title} — ${run.meta.title}`;
  return entry;
}

function place(entry) {
  const at = run.list.indexOf(entry.key);
  const link = (key, rel, text) => key && h("a", { href: `#asset=${key}`, rel }, text);
  return h("nav", { className: "place", "aria-label": "Place in the list" },
    h("a", { href: "#", className: "back" }, "All assets"),
    h("span", { className: "count" }, at < 0 ? "" : `${at + 1} of ${run.list.length}`),
    h("span", { className: "walk" }, link(run.list[at - 1], "prev", "Previous"), link(run.list[at + 1], "next", "Next")));
}

function stage(entry) {
  const which = ["asset", ...entry.beside.map((each) => each.name)][shown.beside] || "asset";
  const label = entry.beside.find((each) => each.name === which)?.label;
  const ratio = entry.height ? entry.width / entry.height : 1;
  const figure = h("figure", {},
    entry.changed
      ? h("div", { className: "blank" }, "The file was changed since it was checked, so there is nothing to decide on. Run or check again.")
      : h("img", {
          src: pictureUrl(entry, which, shown.zoom ? "full" : "large"), width: entry.width, height: entry.height,
          alt: `${entry.title}, ${entry.context}${entry.why ? `. ${entry.why}` : ""}`,
          onerror: (event) => event.target.replaceWith(h("div", { className: "blank" }, "The picture cannot be shown. Run or check again.")),
        }),
    which === "asset" && !entry.changed ? marks(entry) : null,
    label ? h("figcaption", {}, label) : null);
  const reference = shown.zoom ? null : entry.references[shown.reference - 1];
  return h("div", { className: `stage${shown.zoom ? " zoomed" : ""}${reference ? ` pair${ratio > WIDE ? " wide" : ""}` : ""}`, tabindex: shown.zoom ? 0 : null, style: { "--ratio": String(ratio), "--asset": String(ratio), "--width": `${entry.width / devicePixelRatio}px` } }, figure, reference ? kept(entry, reference) : null, h("p", { className: "tools" }, tools(entry)));
}

// A picture of the kit: what the asset was meant to look like, or to show.
function kept(entry, reference) {
  return h("figure", { className: "kit", style: { "--ratio": String(reference.width / reference.height) } },
    h("img", {
      src: pictureUrl(entry, reference.name, "large", reference.sha256), width: reference.width, height: reference.height, alt: reference.label,
      onerror: (event) => event.target.replaceWith(h("div", { className: "blank" }, "This file of the kit is not the one that it was when the review began. Start the review again.")),
    }),
    h("figcaption", {}, reference.label, entry.references.length > 1 ? h("small", {}, ` ${shown.reference} of ${entry.references.length}`) : null));
}

function tools(entry) {
  if (entry.changed) return [];
  const toggle = (name, on, text, key) => h("button", { type: "button", className: "quiet", "data-tool": name, "aria-pressed": String(on), "aria-keyshortcuts": key }, text, h("kbd", {}, key));
  return [
    toggle("zoom", shown.zoom, "Single pixels", "z"),
    entry.checks.some((check) => check.findings.some((finding) => finding.n)) ? toggle("marks", shown.marks, "Marks", "m") : null,
    entry.boxes.length ? toggle("boxes", shown.boxes, "Layout boxes", "b") : null,
    entry.beside.length ? toggle("beside", shown.beside > 0, "Compare", "d") : null,
    entry.references.length ? toggle("reference", shown.reference > 0 && !shown.zoom, "Kit", "e") : null,
  ];
}

// Which finding stands where; the number is the one in the list beside the picture.
function marks(entry) {
  const regions = shown.marks ? entry.checks.flatMap((check) => check.findings.filter((finding) => finding.n)) : [];
  const boxes = shown.boxes ? entry.boxes : [];
  const air = 0.004 * entry.width; // so that a frame stands around a place and not on small type
  const rect = (box, by = 0) => s("rect", { x: box.x - by, y: box.y - by, width: box.w + 2 * by, height: box.h + 2 * by });
  const drawing = s("svg", { viewBox: `0 0 ${entry.width} ${entry.height}`, "aria-hidden": "true" },
    boxes.map((box) => s("g", { class: "box" }, rect(box), s("title", {}, box.name))),
    regions.map((finding) => s("g", { class: `mark ${finding.verdict}`, "data-n": finding.n }, s("g", { class: "halo" }, rect(finding.region, air)), rect(finding.region, air))));
  const corner = ({ region }) => `${region.x},${region.y}`;
  const tags = regions.map((finding, at) =>
    h("b", {
      className: `tag ${finding.verdict}`, "data-n": finding.n, "aria-hidden": "true",
      style: {
        left: `${(100 * finding.region.x) / entry.width}%`, top: `${(100 * finding.region.y) / entry.height}%`,
        "--nth": String(regions.slice(0, at).filter((other) => corner(other) === corner(finding)).length), // side by side where places are the same
      },
    }, String(finding.n)));
  return [drawing, tags];
}

function bar(entry, act) {
  const { kind, shape, word } = standing(entry);
  const decided = entry.state === "accepted" || entry.state === "rejected";
  const button = (action, text, key, className) =>
    h("button", { type: "button", className, "data-action": action, disabled: entry.changed && action !== "undo", onclick: () => act(action), "aria-keyshortcuts": key }, text, h("kbd", {}, key));
  return h("div", { className: "decide" },
    decided
      ? h("p", { className: `standing ${kind}` }, h("i", { "aria-hidden": "true" }, shape), ` ${word}`)
      : null,
    h("div", { className: "buttons" },
      button("accept", entry.needs_reason ? "Accept…" : "Accept", "a", "strong"), button("reject", "Reject…", "r", "strong line"), button("undo", "Undo", "u", "quiet")));
}

// Pointing at a finding, or reaching it by keyboard, shows its place and fades the rest.
function wire(content) {
  for (const row of content.querySelectorAll(".finding[data-n]")) {
    const light = (on) => {
      content.querySelector("figure").classList.toggle("fade", on);
      for (const part of content.querySelectorAll(`figure [data-n="${row.dataset.n}"]`)) part.classList.toggle("on", on);
    };
    for (const [event, on] of [["pointerenter", true], ["pointerleave", false], ["focus", true], ["blur", false]]) row.addEventListener(event, () => light(on));
  }
}

// Whether the asset and its picture are on the screen: nobody decides about what was not seen.
export function isSeen(content, key) {
  const picture = content.querySelector("figure img");
  return content.dataset.shown === key && (!picture || picture.complete);
}

export function useTool(content, name, redraw) {
  const entry = run.assets.get(content.dataset.key);
  const beside = entry?.beside?.length || 0;
  if (name === "zoom") shown.zoom = !shown.zoom;
  if (name === "marks") shown.marks = !shown.marks;
  if (name === "boxes") shown.boxes = !shown.boxes;
  if (name === "reference") Object.assign(shown, { zoom: false, reference: entry?.references ? (shown.reference + 1) % (entry.references.length + 1) : 0 });
  if (name === "beside") shown.beside = beside ? (shown.beside + 1) % (beside + 1) : 0;
  return redraw();
}

export function forgetZoom() {
  const was = shown.zoom;
  shown.zoom = false;
  return was;
}
