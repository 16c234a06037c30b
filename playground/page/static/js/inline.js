// Parses inline markdown of Discord: emphasis, code, links, mentions, times, spoilers, escapes.

import { written } from "./clock.js";
import { el } from "./dom.js";

const MOST_NESTED = 12;
const MESSAGE_LINK = /^https:\/\/(?:\w+\.)?discord\.com\/channels\/(?:\d+|@me)\/(\d+)\/(\d+)$/;
const LINK = String.raw`https?:\/\/[^\s<>]+`;

// The first rule that matches at a position applies; the patterns are sticky, so no text is searched twice.
const RULES = [
  [/\\([^0-9A-Za-z\s])/y, (m) => m[1]],
  [/(`+)([^`]|[^`][\s\S]*?[^`])\1(?!`)/y, (m) => el("code", { text: m[2] })],
  [new RegExp(`<(${LINK})>`, "y"), (m, names) => link(m[1], [m[1]], names)],
  [/<@!?(\d+)>/y, (m, names) => mention("user", `@${names.user(m[1])}`, m[1])],
  [/<@&(\d+)>/y, (m, names) => mention("role", `@${names.role(m[1])}`)],
  [/<#(\d+)>/y, (m, names) => channel(m[1], names)],
  [/<\/([^:>]+):\d+>/y, (m) => mention("command", `/${m[1]}`)],
  [/<t:(-?\d{1,12})(?::([tTdDfFRsS]))?>/y, (m) => time(Number(m[1]), m[2] ?? "f")],
  [/<a?:(\w+):\d+>/y, (m) => `:${m[1]}:`],
  [new RegExp(String.raw`\[((?:\\.|[^\]\\\n])+)\]\(<?(${LINK.replace("<>", "<>)")})>?\)`, "y"), masked],
  [new RegExp(LINK, "y"), bare],
  [/\|\|([\s\S]+?)\|\|/y, (m, names, deep) => spoiler(inline(m[1], names, deep))],
  [/\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)/y, wrap("strong")],
  [/__((?:\\[\s\S]|[^\\])+?)__(?!_)/y, wrap("u")],
  [/~~((?:\\[\s\S]|[^\\])+?)~~(?!~)/y, wrap("s")],
  [/\*(?=\S)((?:\*\*|\\[\s\S]|[^*\\])+?)\*(?!\*)/y, wrap("em")],
  [/_((?:__|\\[\s\S]|[^\\_])+?)_(?!\w)/y, wrap("em")],
];
const PLAIN = /(?:[^\\`<[|*_~hH\n]|[hH](?!ttps?:\/\/))+/y;

/** Turn one or more lines of text into nodes and strings. */
export function inline(text, names, deep = 0) {
  if (deep > MOST_NESTED) return [text];
  const nodes = [];
  for (let at = 0; at < text.length;) {
    const [node, length] = next(text, at, names, deep);
    if (typeof node === "string" && typeof nodes.at(-1) === "string") nodes.push(nodes.pop() + node);
    else nodes.push(node);
    at += length;
  }
  return nodes;
}

function next(text, at, names, deep) {
  PLAIN.lastIndex = at;
  const plain = PLAIN.exec(text);
  if (plain) return [plain[0], plain[0].length];
  if (text[at] === "\n") return [el("br"), 1];
  for (const [pattern, draw] of RULES) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match) {
      const node = draw(match, names, deep + 1);
      return [node, match.used ?? match[0].length];
    }
  }
  return [text[at], 1];
}

function wrap(tag) {
  return (match, names, deep) => el(tag, {}, inline(match[1], names, deep));
}

function link(address, children, names) {
  const jump = names && MESSAGE_LINK.exec(address);
  if (jump) return messageLink(jump[1], jump[2], names);
  return el("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, children);
}

function masked(match, names, deep) {
  return link(match[2], inline(match[1], names, deep), null);
}

function bare(match, names) {
  // Punctuation at the end belongs to the sentence, not to the link.
  const address = match[0].replace(/[.,:;"'\])!?]+$/, "");
  match.used = address.length;
  return link(address, [address], names);
}

function messageLink(channelId, messageId, names) {
  const text = `#${names.channel(channelId) ?? "direct message"} › message`;
  return el("button", { type: "button", class: "mention", text, data: { openChannel: channelId, jump: messageId } });
}

function mention(kind, text, id) {
  return el("span", { class: `mention mention-${kind}`, text, data: { user: kind === "user" ? id : null } });
}

function channel(id, names) {
  const name = names.channel(id);
  if (!name) return mention("channel", "#unknown");
  return el("button", {
    type: "button",
    class: "mention mention-channel",
    text: `#${name}`,
    data: { openChannel: id },
  });
}

function time(seconds, style) {
  const moment = new Date(seconds * 1000);
  if (Number.isNaN(moment.getTime())) return `<t:${seconds}>`;
  const title = written(seconds, "F");
  const relative = style === "R" ? seconds : null;
  return el("time", { datetime: moment.toISOString(), title, text: written(seconds, style), data: { relative } });
}

function spoiler(children) {
  const inner = el("span", { class: "spoiler-text" }, children);
  return el(
    "span",
    { class: "spoiler", role: "button", tabindex: 0, "aria-label": "Spoiler, hidden", data: { spoiler: "" } },
    inner,
  );
}
