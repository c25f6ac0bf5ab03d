// Elements from plain values. Text only ever becomes text nodes: nothing that a kit, a campaign or a file name says is markup.
const SVG = "http://www.w3.org/2000/svg";
const PROPERTIES = new Set(["checked", "disabled", "hidden", "value", "className"]);

export function h(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

export function s(tag, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "style") for (const [key, to] of Object.entries(value)) element.style.setProperty(key, to);
    else if (PROPERTIES.has(name)) element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(4).filter((child) => child !== null && child !== undefined && child !== false && child !== ""));
  return element;
}

export const $ = (id) => document.getElementById(id);

export const SHAPES = { pass: "●", not_checked: "○", review: "◆", fail: "▲", accepted: "✓", rejected: "✕", stale: "◇" };
export const WORDS = {
  pass: "Pass", not_checked: "Not checked", review: "For review", fail: "Fail", accepted: "Accepted", rejected: "Rejected", stale: "No longer valid",
};

// Shape and word of what holds: a person's decision, else the verdict.
export function standing(entry) {
  const kind = entry.state === "open" ? entry.verdict : entry.state;
  return { kind, shape: SHAPES[kind], word: WORDS[kind] };
}
