// Keys: ← → or j k walk through the assets, Esc goes back. Pointing at a finding shows its region and fades the rest.
"use strict";
document.addEventListener("keydown", (event) => {
  const open = document.querySelector(".detail:target");
  if (!open || event.metaKey || event.ctrlKey || event.altKey) return;
  const rel = { ArrowRight: "next", j: "next", ArrowLeft: "prev", k: "prev" }[event.key];
  const link = rel ? open.querySelector(`a[rel=${rel}]`) : event.key === "Escape" ? open.querySelector(".back") : null;
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
