// Draws one message as a list item, from its payload alone: a changed message is drawn again and morphed in.

import { avatar } from "./avatar.js";
import { dayOf, sentAt, written } from "./clock.js";
import { drawComponents } from "./components.js";
import { el } from "./dom.js";
import { drawEmbed } from "./embeds.js";
import { icon } from "./icons.js";
import { markdown, plain } from "./markdown.js";
import { fileCard, kindOf, medium } from "./media.js";
import { nameOf } from "./world.js";

const TOGETHER = 7 * 60_000; // milliseconds; consecutive messages of one author within this time share a head
const EPHEMERAL = 1 << 6;
const LOADING = 1 << 7;

/** Whether only one person sees the message. */
export function isPrivate(message) {
  return Boolean(message.only_for || (message.flags ?? 0) & EPHEMERAL);
}

/** Whether it is a deferred reply that is not filled yet. */
export function isThinking(message) {
  return message.thinking ?? Boolean((message.flags ?? 0) & LOADING);
}

/** Draw `message`; `before` is the one above it, if any. */
export function drawMessage(message, before, world) {
  const compact = continues(message, before);
  const data = {
    id: message.id,
    test: "message",
    author: nameOf(known(message.author, world)),
    private: isPrivate(message),
    thinking: isThinking(message),
    mine: isForMe(message, world),
  };
  const classes = ["message", compact ? "compact" : "", isPrivate(message) ? "private" : ""].filter(Boolean).join(" ");
  return el(
    "li",
    { class: classes, tabindex: -1, "aria-label": labelOf(message, world), data },
    opensDay(message, before)
      ? el(
          "div",
          { class: "day", role: "separator", data: { key: "day" } },
          el("span", { text: dayOf(message.timestamp) }),
        )
      : null,
    context(message, world),
    el(
      "div",
      { class: "message-row", data: { key: "row" } },
      compact ? gutter(message) : avatar(known(message.author, world)),
      body(message, compact, world),
      tools(message),
    ),
  );
}

/** What screen readers announce for a message that arrives. */
export function spoken(message, world) {
  if (isThinking(message)) return `${nameOf(known(message.author, world))} is thinking`;
  return `${nameOf(known(message.author, world))}: ${textOf(message, world)}`.slice(0, 300);
}

/** The message's texts, without markdown. */
export function textOf(message, world) {
  const texts = [message.content, ...(message.embeds ?? []).map((embed) => embed.title ?? embed.description)];
  const walk = (components) => {
    for (const component of components ?? []) {
      if (component.type === 10) texts.push(component.content);
      walk(component.components);
    }
  };
  walk(message.components);
  return texts
    .filter(Boolean)
    .map((text) => plain(text, world))
    .join(". ");
}

function known(author, world) {
  return { ...author, ...(world.account(author.id) ?? {}) };
}

// A mention in a component names a person without pinging them; one in the text pings.
function isForMe(message, world) {
  return (
    Boolean(message.notify) || (message.author.id !== world.me?.id && message.content?.includes(`<@${world.me?.id}>`))
  );
}

function labelOf(message, world) {
  const only = isPrivate(message) ? ", only you can see this" : "";
  return `${nameOf(known(message.author, world))}, ${sentAt(message.timestamp)}${only}`;
}

function continues(message, before) {
  if (!before || before.author.id !== message.author.id || opensDay(message, before)) return false;
  if (message.interaction_metadata || message.referenced_message || isPrivate(message) !== isPrivate(before))
    return false;
  return new Date(message.timestamp) - new Date(before.timestamp) < TOGETHER;
}

function opensDay(message, before) {
  return !before || dayOf(before.timestamp) !== dayOf(message.timestamp);
}

/** The line above the head: the command and its user, or the message that is replied to. */
function context(message, world) {
  const call = message.interaction;
  if (call?.user && call.name) {
    const who = known(call.user, world);
    const what = el("span", { class: "command", text: `${message.type === 23 ? "" : "/"}${call.name}` });
    return el(
      "div",
      { class: "context", data: { key: "context" } },
      avatar(who),
      el("span", {}, el("b", { text: nameOf(who) }), " used ", what),
    );
  }
  if (!message.message_reference || message.message_reference.type === 1) return null;
  const original = message.referenced_message;
  const text = original
    ? `${nameOf(known(original.author, world))}: ${textOf(original, world) || "…"}`.slice(0, 120)
    : "The message was deleted";
  const data = { key: "context", jump: original?.id, openChannel: original?.channel_id };
  return el(
    "button",
    { type: "button", class: "context", disabled: !original, data },
    icon("reply"),
    el("span", { text }),
  );
}

function gutter(message) {
  return el("time", {
    class: "gutter",
    datetime: message.timestamp,
    text: written(new Date(message.timestamp) / 1000, "t"),
  });
}

function body(message, compact, world) {
  return el(
    "div",
    { class: "message-body" },
    compact ? null : head(message, world),
    isThinking(message) ? thinking(message, world) : content(message, world),
    isPrivate(message) ? onlyYou() : null,
  );
}

function head(message, world) {
  const author = known(message.author, world);
  const app = message.author.bot ? el("span", { class: "tag", text: "APP" }) : null;
  const time = el("time", {
    datetime: message.timestamp,
    title: written(new Date(message.timestamp) / 1000, "F"),
    text: sentAt(message.timestamp),
  });
  return el(
    "div",
    { class: "head", data: { key: "head" } },
    el("span", { class: "name", text: nameOf(author) }),
    app,
    time,
  );
}

function thinking(message, world) {
  const dots = el("span", { class: "dots", "aria-hidden": "true" }, el("i"), el("i"), el("i"));
  return el(
    "p",
    { class: "thinking", data: { key: "thinking" } },
    dots,
    `${nameOf(known(message.author, world))} is thinking…`,
  );
}

function content(message, world) {
  const edited =
    message.edited_timestamp && message.content ? el("span", { class: "edited", text: " (edited)" }) : null;
  const attachments = (message.attachments ?? []).map((file) =>
    kindOf(file) === "file"
      ? fileCard(file)
      : medium(file, { description: file.description, spoiler: file.filename.startsWith("SPOILER_") }),
  );
  return el(
    "div",
    { class: "content", data: { key: "content" } },
    message.content ? el("div", { class: "text-display" }, markdown(message.content, world), edited) : null,
    attachments.length ? el("div", { class: "attachments", data: { key: "attachments" } }, attachments) : null,
    (message.embeds ?? []).map((embed) => drawEmbed(embed, world)),
    drawComponents(message.components ?? [], world),
  );
}

function onlyYou() {
  const dismiss = el("button", { type: "button", class: "as-link", text: "Dismiss message", data: { dismiss: "" } });
  return el(
    "p",
    { class: "only-you", data: { key: "only-you", test: "only-you" } },
    icon("eye"),
    "Only you can see this · ",
    dismiss,
  );
}

function tools(message) {
  const more = el(
    "button",
    {
      type: "button",
      class: "icon-button",
      "aria-label": "More for this message",
      title: "More",
      "aria-haspopup": "menu",
      tabindex: -1,
      data: { menu: message.id },
    },
    icon("more"),
  );
  return el("div", { class: "tools", data: { key: "tools" } }, more);
}
