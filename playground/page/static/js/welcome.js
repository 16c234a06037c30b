// The top of a channel, with a card of first steps for newcomers.

import { el, fill } from "./dom.js";
import { icon } from "./icons.js";

const IDEA = "The beam sweeps over the waves while the stars come out";
const HIDDEN = "kinora-hint-hidden";

/** Draw the top of `channel`; `page` has composer, server, toast. */
export function drawWelcome(place, channel, page) {
  const name = channel?.name ?? "";
  const isOffered = channel?.can_use_commands !== false && !localStorage.getItem(HIDDEN);
  fill(
    place,
    el("div", { class: "welcome-mark" }, icon(channel?.direct ? "at" : "hash")),
    el("h2", { text: channel?.direct ? name : `Welcome to #${name}` }),
    el("p", {
      text: channel?.direct
        ? `Here ${name} writes to you alone.`
        : "A whole server on your own machine, with the real bot in it. Nothing leaves it, and no token is needed.",
    }),
    isOffered && !channel?.direct ? card(place, channel, page) : null,
  );
}

function card(place, channel, page) {
  const step = (number, ...words) =>
    el("li", {}, el("span", { class: "step", "aria-hidden": "true", text: number }), el("span", {}, ...words));
  const sample = el("button", {
    type: "button",
    class: "button primary",
    text: "Use the sample picture",
    data: { test: "sample" },
    on: { click: () => begin(sample, page) },
  });
  const hide = el("button", {
    type: "button",
    class: "button secondary",
    text: "Hide this",
    on: { click: () => hidden(place, channel, page) },
  });
  return el(
    "section",
    { class: "hint", "aria-label": "First steps", data: { test: "hint" } },
    el("h3", { text: "Make your first video" }),
    el(
      "ol",
      {},
      step("1", "Type ", el("kbd", { text: "/video" })),
      step("2", "Drop a picture anywhere, and say what should happen"),
      step("3", "Press ", el("kbd", { text: "Enter" }), " and watch the reply change"),
    ),
    el("div", { class: "row" }, sample, hide),
  );
}

async function begin(button, page) {
  button.setAttribute("aria-busy", "true");
  try {
    const picture = await page.server.sample();
    page.composer.begin("video");
    page.composer.line?.write("prompt", IDEA);
    page.composer.takeFiles([picture]);
    page.composer.line?.fields.find((field) => field.input)?.focus();
  } catch (error) {
    page.toast(error.message, { tone: "bad" });
  }
  button.removeAttribute("aria-busy");
}

function hidden(place, channel, page) {
  localStorage.setItem(HIDDEN, "1");
  drawWelcome(place, channel, page);
  page.composer.focus();
}
