// The input at the bottom of the page: a message, or after a slash a command with its options.

import { CommandLine } from "./command_line.js";
import { fitting, slashCommands } from "./commands.js";
import { el } from "./dom.js";
import { FileTray, takeDrops } from "./files.js";
import { icon } from "./icons.js";
import { Suggestions } from "./suggestions.js";

const MOST_FILES = 10;

export class Composer {
  /** `page` has world, connection, server. `dropPlace` is the element that takes dropped files. */
  constructor(page, place, dropPlace) {
    this.page = page;
    this.line = null;
    this.text = el("textarea", {
      rows: 1,
      id: "message-text",
      maxlength: 4000,
      data: { test: "composer-text" },
      on: { input: () => this.#typed(), keydown: (event) => this.#key(event) },
    });
    this.tray = new FileTray({ most: MOST_FILES, label: "Attach", server: page.server, changed: () => this.refresh() });
    this.commands = new Suggestions(this.text, "Commands", (item) => this.begin(item.value));
    this.error = el("p", { class: "error", role: "alert", data: { test: "composer-error" } });
    this.attachButton = el(
      "button",
      {
        type: "button",
        class: "icon-button",
        "aria-label": "Attach a file",
        title: "Attach a file",
        on: { click: () => this.tray.input.click() },
      },
      icon("plus"),
    );
    this.slashButton = el(
      "button",
      {
        type: "button",
        class: "icon-button",
        "aria-label": "Use a command",
        title: "Use a command",
        data: { test: "slash" },
        on: { click: () => this.#offer() },
      },
      icon("slash"),
    );
    this.leaveButton = el(
      "button",
      {
        type: "button",
        class: "icon-button",
        "aria-label": "Discard the command",
        title: "Discard the command",
        hidden: true,
        on: { click: () => this.leave() },
      },
      icon("close"),
    );
    this.sendButton = el(
      "button",
      { type: "submit", class: "icon-button send", "aria-label": "Send", title: "Send", data: { test: "send" } },
      icon("send"),
    );
    this.input = el("div", { class: "composer-input" }, this.text);
    const bar = el(
      "div",
      { class: "composer-bar" },
      this.attachButton,
      this.input,
      this.slashButton,
      this.leaveButton,
      this.sendButton,
    );
    this.form = el(
      "form",
      { class: "composer", "aria-label": "Write", data: { test: "composer" } },
      this.commands.list,
      this.error,
      this.tray.node,
      bar,
    );
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    this.tray.node.classList.add("composer-files");
    place.append(this.form);
    takeDrops(dropPlace, (files) => this.takeFiles(files));
    document.addEventListener("paste", (event) => this.#pasted(event));
    this.refresh();
  }

  /** Begin the command of that path; files attached to the message so far go into it. */
  begin(path) {
    const command = slashCommands(this.page.world.commands).find((known) => known.path === path);
    if (!command) return this.showError(`There is no command /${path} here.`);
    this.commands.hide();
    this.line = new CommandLine(command, this);
    this.text.value = "";
    this.text.hidden = true;
    this.input.querySelector(".command-line")?.remove();
    this.input.append(this.line.node);
    this.line.adopt(this.tray.files);
    this.tray.files = [];
    this.tray.clear();
    this.showError("");
    this.refresh();
    this.line.focus();
  }

  /** Discard the command. */
  leave() {
    this.line?.node.remove();
    this.line = null;
    this.text.hidden = false;
    this.showError("");
    this.refresh();
    this.text.focus();
  }

  /** Take dropped or pasted files: into the command, or else attached to the message. */
  takeFiles(files) {
    if (!this.line?.takeFiles(files)) this.tray.add(files);
    if (this.line) this.line.focus();
    else this.text.focus();
  }

  focus() {
    if (this.line) this.line.focus();
    else this.text.focus();
  }

  showError(text) {
    this.error.textContent = text;
  }

  /** Update everything that depends on the channel, the command and the files. */
  refresh() {
    const { world } = this.page;
    const channel = world.channelOf(world.channelId);
    const may = channel?.can_send !== false;
    this.text.placeholder = may
      ? `Message ${channel?.direct ? "" : "#"}${channel?.name ?? ""} or /command`
      : "You cannot write here";
    this.text.setAttribute("aria-label", this.text.placeholder);
    this.text.disabled = !may;
    this.leaveButton.hidden = !this.line;
    this.attachButton.hidden = this.slashButton.hidden = Boolean(this.line);
    this.form.classList.toggle("commanding", Boolean(this.line));
    this.tray.node.hidden = !this.tray.files.length;
    this.sendButton.classList.toggle(
      "ready",
      this.line ? this.line.ready : Boolean(this.text.value.trim() || this.tray.files.length),
    );
  }

  /** Send the message or command. On failure it stays, with the error shown. */
  async send() {
    if (this.form.hasAttribute("aria-busy")) return;
    this.form.setAttribute("aria-busy", "true");
    try {
      if (this.line) await this.#sendCommand();
      else await this.#sendMessage();
    } catch (error) {
      this.showError(error.message);
    }
    this.form.removeAttribute("aria-busy");
    this.refresh();
  }

  async #sendCommand() {
    const options = await this.line.values();
    const { world, connection, sent } = this.page;
    await connection.ask("slash", { channel_id: world.channelId, command: this.line.command.path, options });
    this.leave();
    sent();
  }

  async #sendMessage() {
    const content = this.text.value.trim();
    if (!content && !this.tray.files.length) return;
    if (content.startsWith("/")) return this.#unknown(content);
    const uploads = (await this.tray.uploaded()).map(({ upload }) => upload);
    await this.page.connection.ask("say", { channel_id: this.page.world.channelId, content, uploads });
    this.text.value = "";
    this.tray.clear();
    this.page.sent();
  }

  #unknown(content) {
    const known = fitting(slashCommands(this.page.world.commands), content.slice(1));
    if (known.length) return this.begin(known[0].path);
    throw new Error(`There is no command ${content.split(" ")[0]} here for you.`);
  }

  #typed() {
    const { value } = this.text;
    const commands = slashCommands(this.page.world.commands);
    const exact = commands.find(({ path, label }) => value === `/${path} ` || value === `/${label} `);
    if (exact) return this.begin(exact.path);
    this.showError("");
    this.commands.show(
      value.startsWith("/") ? fitting(commands, value.slice(1)).map(suggestion) : [],
      "Commands of Kinora",
    );
    this.refresh();
  }

  #offer() {
    this.text.value = "/";
    this.text.focus();
    this.#typed();
  }

  #key(event) {
    if (this.commands.key(event) || event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.send();
    } else if (event.key === "ArrowUp" && !this.text.value) {
      event.preventDefault();
      this.page.focusMessages();
    }
  }

  #pasted(event) {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    this.takeFiles(files);
  }
}

function suggestion({ path, label, description, options }) {
  const needs = options.filter((option) => option.required).map((option) => option.label);
  return { value: path, label: `/${label}`, about: description, hint: needs.join("  ") };
}
