// Handles clicks and keys inside messages, with one listener for all, since messages are redrawn in place.

import { openPicker } from "./picker.js";
import { enlarge } from "./lightbox.js";
import { boundsOf, choicesOf, chosenOf } from "./selects.js";

const BUSY_AT_MOST = 4000; // milliseconds; by then Discord has reported that the bot did not respond

export class MessageEvents {
  /** `page` has world, connection, toast, menu(messageId, anchor), dismiss(id), goTo(channelId, messageId). */
  constructor(page, list) {
    this.page = page;
    list.addEventListener("click", (event) => this.#press(event));
    list.addEventListener("keydown", (event) => this.#key(event));
    list.addEventListener("contextmenu", (event) => this.#contextMenu(event));
  }

  #press(event) {
    const target = event.target.closest(
      "[data-press], [data-select], [data-spoiler], [data-picture], [data-dismiss], [data-menu], [data-open-channel]",
    );
    const message = event.target.closest(".message");
    if (!target || !message) return;
    const { id } = message.dataset;
    if ("press" in target.dataset) this.#click(target, id);
    else if ("select" in target.dataset) this.#select(target, id);
    else if ("spoiler" in target.dataset) reveal(target);
    else if ("picture" in target.dataset) enlarge(target.querySelector("img"));
    else if ("dismiss" in target.dataset) this.page.dismiss(id);
    else if ("menu" in target.dataset) this.page.menu(id, target);
    else this.page.goTo(target.dataset.openChannel, target.dataset.jump);
  }

  #key(event) {
    const message = event.target.closest(".message");
    if (!message) return;
    if (event.target.dataset.spoiler !== undefined && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      reveal(event.target);
    } else if (
      event.target === message &&
      (event.key === "Enter" || event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey))
    ) {
      event.preventDefault();
      this.page.menu(message.dataset.id, message.querySelector(".tools button"));
    }
  }

  #contextMenu(event) {
    const message = event.target.closest(".message");
    if (!message || event.target.closest("a, video, img") || !getSelection().isCollapsed) return;
    event.preventDefault();
    this.page.menu(message.dataset.id, { x: event.clientX, y: event.clientY });
  }

  #click(button, messageId) {
    if (button.hasAttribute("aria-busy")) return;
    this.#ask(button, "click", { message_id: messageId, custom_id: button.dataset.press });
  }

  #select(control, messageId) {
    const { world } = this.page;
    const customId = control.dataset.select;
    const select = find(world.in(world.channelId).get(messageId).components, customId);
    const choices = choicesOf(select, world);
    const done = (values) => {
      control.firstElementChild.textContent = choices
        .filter(({ value }) => values.includes(value))
        .map(({ label }) => label)
        .join(", ");
      this.#ask(control, "choose", { message_id: messageId, custom_id: customId, values });
    };
    const chosen = chosenOf(select, world).map(({ value }) => value);
    openPicker(control, { label: select.placeholder ?? "Select", choices, chosen, ...boundsOf(select), done });
  }

  async #ask(control, type, fields) {
    control.setAttribute("aria-busy", "true");
    const { world, connection, toast } = this.page;
    try {
      const { interaction_id: id } = (await connection.ask(type, { channel_id: world.channelId, ...fields })) ?? {};
      await Promise.race([answered(connection, id), new Promise((resolve) => setTimeout(resolve, BUSY_AT_MOST))]);
    } catch (error) {
      toast(error.message, { tone: "bad" });
    }
    control.removeAttribute("aria-busy");
  }
}

function answered(connection, id) {
  return new Promise((resolve) => {
    const off = connection.on("interaction", (frame) => {
      if (frame.id !== id || frame.state === "sent") return;
      off();
      resolve();
    });
  });
}

function find(components, customId) {
  for (const component of components ?? []) {
    if (component.custom_id === customId) return component;
    const inside = find(
      [...(component.components ?? []), ...(component.accessory ? [component.accessory] : [])],
      customId,
    );
    if (inside) return inside;
  }
  return null;
}

function reveal(cover) {
  const spoiler = cover.closest(".spoiler, .spoiler-media");
  const shown = spoiler.toggleAttribute("data-revealed");
  if (spoiler === cover) cover.setAttribute("aria-label", shown ? cover.textContent : "Spoiler, hidden");
}
