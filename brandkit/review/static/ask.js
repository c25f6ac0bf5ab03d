// Asks why: a dialog with common reasons that number keys fill in.
import { $, h } from "./dom.js";

const REASONS = ["Colour is off", "Logo is wrong", "Type or copy is wrong", "Composition", "Picture is not believable", "Not for this audience"];

// The reason for a decision on these assets; null when it was called off.
export function ask(entries, action) {
  const dialog = $("why"), note = $("why-note"), many = entries.length > 1;
  const failing = entries.filter((entry) => entry.needs_reason), rejecting = action === "reject";
  const what = many ? (rejecting ? `${entries.length} assets.` : `${failing.length} of ${entries.length} fail.`) : rejecting ? entries[0].why : `It fails: ${entries[0].why}.`;
  $("why-title").textContent = `Why ${many ? "are they" : "is it"} ${rejecting ? "rejected" : "accepted all the same"}?`;
  $("why-words").textContent = rejecting ? what : `${what} What you write stands beside ${many ? "them" : "it"} in every report.`;
  $("why-send").textContent = rejecting ? "Reject" : "Accept";
  const reasons = rejecting ? REASONS : [];
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

export function listen() {
  const dialog = $("why"), note = $("why-note"), form = dialog.querySelector("form");
  $("why-send").value = "send";
  $("why-cancel").addEventListener("click", () => dialog.close(""));
  form.addEventListener("submit", (event) => {
    if (!note.value.trim()) { event.preventDefault(); note.focus(); }
  });
  dialog.addEventListener("keydown", (event) => {
    const reason = event.target !== note && /^[1-9]$/.test(event.key) ? $("why-reasons").children[Number(event.key) - 1] : null;
    if (reason) {
      event.preventDefault();
      reason.firstChild.click();
    } else if (event.key === "Enter" && event.target === note && !event.shiftKey) {
      event.preventDefault();
      form.requestSubmit($("why-send"));
    }
  });
}
