// All assets of the list as thumbnails, the riskiest first, drawn as far as one has scrolled.
import { h, SHAPES, standing, WORDS } from "./dom.js";
import { pictureUrl, run } from "./run.js";

const STEP = 96; // tiles drawn at a time

export function drawGrid(content, focused) {
  content.className = "grid-view";
  if (!run.list.length) {
    content.replaceChildren(empty());
    return;
  }
  content.replaceChildren();
  let drawn = 0, group = null, verdict = null;
  const more = h("div", { className: "more", "aria-hidden": true });
  const draw = () => {
    for (const key of run.list.slice(drawn, drawn + STEP)) {
      const entry = run.assets.get(key);
      if (entry.verdict !== verdict) {
        verdict = entry.verdict;
        group = h("ul", { className: "grid" });
        const count = run.list.filter((other) => run.assets.get(other).verdict === verdict).length;
        more.before(h("h2", { className: verdict }, h("i", { "aria-hidden": "true" }, SHAPES[verdict]), ` ${WORDS[verdict]} `, h("small", {}, String(count))), group);
      }
      group.append(tile(entry));
    }
    drawn += STEP;
    if (drawn >= run.list.length) observer.disconnect();
  };
  const observer = new IntersectionObserver((seen) => seen.some((each) => each.isIntersecting) && draw(), { rootMargin: "800px" });
  content.append(more);
  draw();
  while (focused && run.list.indexOf(focused) >= drawn) draw();
  observer.observe(more);
  if (focused) content.querySelector(`[data-key="${focused}"]`)?.focus();
}

export function redrawTile(content, key) {
  const old = content.querySelector(`[data-key="${key}"]`);
  if (!old) return;
  const focused = old === document.activeElement;
  const made = tile(run.assets.get(key));
  old.closest("li").replaceWith(made);
  if (focused) made.firstChild.focus();
}

function tile(entry) {
  const { kind, shape, word } = standing(entry);
  const ratio = entry.height ? entry.width / entry.height : 1;
  const shown = entry.changed
    ? h("span", { className: "blank" }, "changed since it was checked")
    : h("img", { src: pictureUrl(entry, "asset", "thumb"), alt: "", loading: "lazy", decoding: "async", width: entry.width, height: entry.height, onerror: blank });
  const selected = run.selected.has(entry.key);
  return h(
    "li", { style: { "--ratio": String(ratio) }, className: `${entry.open ? "" : "decided"} ${selected ? "selected" : ""}` },
    h("a", { href: `#asset=${entry.key}`, "data-key": entry.key },
      shown,
      selected ? h("span", { className: "tick" }, h("span", { "aria-hidden": "true" }, "✓"), h("span", { className: "aside" }, "Selected: ")) : null,
      h("span", { className: "name" }, entry.title),
      h("span", { className: "size" }, entry.context),
      kind === entry.verdict ? null : h("span", { className: `standing ${kind}` }, h("i", { "aria-hidden": "true" }, shape), ` ${entry.words || word}`),
      entry.state === "open" && entry.why ? h("span", { className: "why" }, entry.why) : null));
}

// Whether the picture of a tile was drawn: what was never scrolled to has none yet.
export function isTileSeen(content, key) {
  const found = content.querySelector(`[data-key="${key}"]`);
  const picture = found?.querySelector("img");
  return Boolean(found) && (!picture || (picture.complete && picture.naturalWidth > 0));
}

// The decision on everything that is selected; hidden while nothing is.
export function drawSelection(place, act) {
  const count = run.open ? 0 : run.selected.size;
  place.hidden = !count;
  if (!count) return;
  const button = (action, text, key, className) => h("button", { type: "button", className, "data-action": action, onclick: () => act(action), "aria-keyshortcuts": key }, text, h("kbd", {}, key));
  const failing = [...run.selected].some((key) => run.assets.get(key).needs_reason);
  place.replaceChildren(h("p", { role: "status" }, `${count} selected`), h("div", { className: "buttons" }, button("accept", failing ? "Accept…" : "Accept", "a", "strong"), button("reject", "Reject…", "r", "strong line")));
}

function blank(event) {
  event.target.replaceWith(h("span", { className: "blank" }, "cannot be shown"));
}

function empty() {
  const done = run.filter === "todo" && !run.query;
  return h("p", { className: "empty" },
    h("strong", {}, !run.assets.size ? "There is nothing in this run yet." : done ? "Nothing is left to decide." : "No asset is like this."),
    h("br"), !run.assets.size ? "brandkit run fills it." : done ? "All shows what was decided." : "Esc clears the filter.");
}

// Moves the focus by keys: left and right, or j and k, by one; up and down by rows, as they stand on the screen.
export function moveFocus(content, key) {
  const tiles = [...content.querySelectorAll("[data-key]")];
  const at = tiles.indexOf(document.activeElement);
  if (!tiles.length) return;
  if (at < 0) return void tiles[0].focus();
  const step = { j: 1, ArrowRight: 1, k: -1, ArrowLeft: -1 }[key];
  if (step) return void tiles[Math.min(Math.max(at + step, 0), tiles.length - 1)].focus();
  const here = tiles[at].getBoundingClientRect(), middle = here.left + here.width / 2, down = key === "ArrowDown";
  const rows = tiles.filter((other) => (down ? other.getBoundingClientRect().top >= here.bottom : other.getBoundingClientRect().bottom <= here.top));
  if (!rows.length) return;
  const edge = (other) => other.getBoundingClientRect().top;
  const near = down ? Math.min(...rows.map(edge)) : Math.max(...rows.map(edge));
  const distance = (other) => Math.abs(other.getBoundingClientRect().left + other.getBoundingClientRect().width / 2 - middle);
  rows.filter((other) => Math.abs(edge(other) - near) < 8).reduce((best, other) => (distance(other) < distance(best) ? other : best)).focus();
}
