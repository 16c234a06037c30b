// Turns Discord's markdown into DOM nodes. Handles blocks (headings, quotes, lists, code); inline.js does the rest.

import { el } from "./dom.js";
import { inline } from "./inline.js";

const FENCE = /```(?:([a-z0-9_+.#-]+)\n)?\n*([\s\S]+?)\n*```/gi;
const BLOCKS = [
  [/^(#{1,3}) +(.+)$/, (match) => ({ kind: `h${match[1].length}`, text: match[2] })],
  [/^-# +(.+)$/, (match) => ({ kind: "small", text: match[1] })],
  [/^> ?(.*)$/, (match) => ({ kind: "quote", text: match[1] })],
  [/^( *)[-*] +(.+)$/, (match) => ({ kind: "ul", text: match[2], deep: match[1].length > 1 })],
  [/^( *)(\d+)\. +(.+)$/, (match) => ({ kind: "ol", text: match[3], start: match[2], deep: match[1].length > 1 })],
];
const HEADINGS = { h1: "h3", h2: "h4", h3: "h5" }; // below the page's own headings

/** Turn `text` into nodes; `names` resolves the ids in mentions (see world.js). */
export function markdown(text, names) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(FENCE)) {
    nodes.push(...lines(text.slice(end, match.index).replace(/\n$/, ""), names));
    nodes.push(el("pre", { tabindex: 0 }, el("code", { text: match[2], data: { language: match[1] } })));
    end = match.index + match[0].length;
  }
  nodes.push(...lines(text.slice(end).replace(end ? /^\n/ : "", ""), names));
  return nodes;
}

/** The text without its marks, for screen readers. */
export function plain(text, names) {
  return el("div", {}, markdown(text, names)).textContent;
}

function lines(text, names) {
  if (!text) return [];
  const whole = /^>>> ?([\s\S]*)$/m.exec(text);
  if (whole) {
    const before = text.slice(0, whole.index).replace(/\n$/, "");
    return [...lines(before, names), el("blockquote", {}, markdown(whole[1], names))];
  }
  return grouped(text.split("\n").map(classify)).map((group) => draw(group, names));
}

function classify(line) {
  for (const [pattern, read] of BLOCKS) {
    const match = pattern.exec(line);
    if (match) return read(match);
  }
  return { kind: "text", text: line };
}

function grouped(all) {
  const groups = [];
  for (const line of all) {
    const last = groups.at(-1);
    if (last && last.kind === line.kind && !line.kind.startsWith("h")) last.lines.push(line);
    else groups.push({ kind: line.kind, lines: [line] });
  }
  return groups;
}

function draw({ kind, lines: all }, names) {
  const text = all.map((line) => line.text).join("\n");
  if (kind in HEADINGS) return el(HEADINGS[kind], { class: `md-${kind}` }, inline(text, names));
  if (kind === "small") return el("p", { class: "md-small" }, inline(text, names));
  if (kind === "quote") return el("blockquote", {}, markdown(text, names));
  if (kind === "text") return el("p", {}, inline(text, names));
  const start = kind === "ol" && all[0].start !== "1" ? all[0].start : null;
  return el(
    kind,
    { start },
    all.map((line) => el("li", { class: line.deep ? "deep" : null }, inline(line.text, names))),
  );
}
