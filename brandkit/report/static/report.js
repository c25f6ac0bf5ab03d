// Keys: ← → or j k walk through the assets that are listed, Esc goes back, / finds. Pointing at a finding shows its region, fades the rest.
"use strict";
const tools = document.querySelector(".tools");

// Filter and order of the overview; Previous and Next follow it, and so does what is printed.
function list() {
  const wanted = Object.fromEntries(new FormData(tools)), words = wanted.find.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (item, verdict) => (!wanted.verdict || wanted.verdict === verdict)
    && (!wanted.check || item.dataset.checks.split(" ").includes(wanted.check))
    && words.every((word) => item.dataset.name.toLowerCase().includes(word));
  const keys = [], out = new Set();
  for (const group of document.querySelectorAll(".group")) {
    const items = [...group.querySelectorAll("li")];
    const place = (item) => Number(item.dataset.key.slice(1));
    items.sort((a, b) => (wanted.order ? a.dataset.name.localeCompare(b.dataset.name, undefined, { numeric: true }) : 0) || place(a) - place(b));
    for (const item of items) {
      item.hidden = !fits(item, group.dataset.verdict);
      if (item.hidden) out.add(item.dataset.key); else keys.push(item.dataset.key);
    }
    group.querySelector("ul").append(...items);
    const left = items.filter((item) => !item.hidden).length;
    group.hidden = !left;
    group.querySelector("h2 small").textContent = left === items.length ? left : `${left} of ${items.length}`;
  }
  for (const article of document.querySelectorAll(".detail")) article.toggleAttribute("data-out", out.has(article.id));
  keys.forEach((key, index) => link(document.getElementById(key), keys[index - 1], keys[index + 1]));
  tools.querySelector("output").textContent = out.size ? (keys.length ? `${keys.length} listed` : "nothing is like that") : "";
}
function link(article, before, after) {
  for (const [rel, key] of [["prev", before], ["next", after]]) {
    const anchor = article.querySelector(`a[rel=${rel}]`);
    anchor.hidden = !key;
    anchor.href = `#${key || ""}`;
  }
}
if (tools) {
  tools.hidden = false;
  tools.addEventListener("input", list);
  tools.addEventListener("submit", (event) => event.preventDefault());
  list();
}
document.addEventListener("keydown", (event) => {
  const open = document.querySelector(".detail:target"), typing = event.target.closest("input, select");
  if (!open && !typing && tools && event.key === "/") { event.preventDefault(); tools.elements.find.focus(); }
  if (!open || typing?.closest(".tools") || event.metaKey || event.ctrlKey || event.altKey) return;
  const rel = { ArrowRight: "next", j: "next", ArrowLeft: "prev", k: "prev" }[event.key];
  const link = rel ? open.querySelector(`a[rel=${rel}]:not([hidden])`) : event.key === "Escape" ? open.querySelector(".back") : null;
  if (link) { event.preventDefault(); link.click(); }
});
for (const row of document.querySelectorAll(".finding[data-n]")) {
  const article = row.closest(".detail"), figure = article.querySelector("figure");
  const light = (on) => {
    figure.classList.toggle("fade", on);
    for (const part of figure.querySelectorAll(`[data-n="${row.dataset.n}"]`)) part.classList.toggle("on", on);
  };
  row.addEventListener("pointerenter", () => light(true));
  row.addEventListener("pointerleave", () => light(false));
}
window.addEventListener("hashchange", () => window.scrollTo(0, 0));
