// A slash command being composed: its path, a field for each used option, and buttons for the unused ones.

import { OPTION } from "./commands.js";
import { el, fill } from "./dom.js";
import { icon } from "./icons.js";
import { OptionField } from "./option_field.js";

export class CommandLine {
  /** `composer` has page, send(), leave(), showError(text). */
  constructor(command, composer) {
    Object.assign(this, { command, composer, world: composer.page.world, server: composer.page.server });
    this.fields = initialOptions(command.options).map((option) => new OptionField(option, this));
    this.help = el("p", {
      class: "option-help",
      id: "option-help",
      "aria-live": "polite",
      data: { test: "option-help" },
    });
    this.row = el("div", { class: "option-row" });
    this.node = el(
      "div",
      {
        class: "command-line",
        role: "group",
        "aria-label": `Command /${command.label}`,
        data: { test: "command-line" },
      },
      this.help,
      this.row,
    );
    this.node.addEventListener("focusin", (event) => this.#explain(event.target));
    this.node.addEventListener("keydown", (event) => this.#key(event));
    this.#draw();
  }

  /** Focus the first missing field, or else the first empty one, or the last. */
  focus() {
    const field = this.#missing() ?? this.fields.find(({ filled }) => !filled) ?? this.fields.at(-1);
    if (field) field.focus();
    else this.composer.sendButton.focus();
  }

  /** Whether every required option is filled. */
  get ready() {
    return !this.#missing();
  }

  /** Put files into the first empty file option, or else into the last one; false if the command has none. */
  takeFiles(files) {
    const takes = (option) => option.type === OPTION.FILE;
    const free = this.fields.find((field) => field.tray && !field.filled);
    const unused = this.command.options.find((option) => takes(option) && !this.#field(option.name));
    const field = free ?? (unused && this.add(unused)) ?? this.fields.findLast(({ option }) => takes(option));
    field?.tray.add(files.slice(0, 1));
    if (field && files.length > 1 && (free || unused)) this.takeFiles(files.slice(1));
    return Boolean(field);
  }

  /** Fill a text option, which is added if it is not in use yet. */
  write(name, text) {
    const unused = this.command.options.find((option) => option.name === name && !this.#field(name));
    const field = unused ? this.add(unused) : this.#field(name);
    if (!field?.input) return;
    field.input.value = text;
    this.changed();
  }

  /** Take over files with their uploads from the composer. */
  adopt(entries) {
    this.fields.find((field) => field.tray)?.tray.adopt(entries);
  }

  /** Add the field of an optional option. */
  add(option) {
    const field = new OptionField(option, this);
    this.fields.push(field);
    this.#draw();
    field.focus();
    return field;
  }

  /** The values by option, for the server. Throws an Error with a sentence if one is missing. */
  async values() {
    const missing = this.#missing();
    if (missing) {
      missing.mark(true);
      missing.focus();
      throw new Error(`“${missing.option.label}” is required: ${missing.option.description}`);
    }
    const filled = this.fields.filter((field) => field.filled);
    return Object.fromEntries(await Promise.all(filled.map(async (field) => [field.option.name, await field.value()])));
  }

  autocomplete(focused) {
    const soFar = this.fields.filter((field) => (field.filled && !field.tray) || field.option.name === focused);
    const options = Object.fromEntries(soFar.map((field) => [field.option.name, field.soFar()]));
    return this.composer.page.connection.ask("autocomplete", {
      channel_id: this.world.channelId,
      command: this.command.path,
      focused,
      options,
    });
  }

  /** A field has another value: the marks and the error that it may have ended go. */
  changed() {
    for (const field of this.fields) if (field.filled) field.mark(false);
    this.composer.showError("");
    this.composer.refresh();
  }

  #field(name) {
    return this.fields.find((field) => field.option.name === name);
  }

  #missing() {
    return this.fields.find((field) => field.option.required && !field.filled);
  }

  #draw() {
    const rest = this.command.options.filter((option) => !this.#field(option.name));
    const offers = rest.map((option) => {
      const about = { "aria-label": `Add ${option.label}: ${option.description}`, title: option.description };
      return el(
        "button",
        {
          type: "button",
          class: "option-offer",
          ...about,
          data: { option: option.name },
          on: { click: () => this.add(option) },
        },
        icon("plus"),
        option.label,
      );
    });
    const path = el("span", { class: "command-path", text: `/${this.command.label}` });
    // A field that has the focus must not be removed, not even for a moment.
    for (const node of [...this.row.children]) if (!this.fields.some((field) => field.node === node)) node.remove();
    this.row.prepend(path);
    for (const field of this.fields) if (!this.row.contains(field.node)) this.row.append(field.node);
    this.row.append(...offers);
    // Outside the row, which scrolls and would clip them.
    this.node.append(
      ...this.fields.map((field) => field.suggestions?.list).filter((list) => list && !this.node.contains(list)),
    );
    this.#explain(null);
  }

  #explain(target) {
    const option = this.command.options.find(({ name }) => name === target?.closest("[data-option]")?.dataset.option);
    const words = option ? option.description : this.command.description;
    const name = el("b", { text: option ? option.label : `/${this.command.label}` });
    fill(
      this.help,
      name,
      el("span", { text: words }),
      option?.required ? el("span", { class: "must", text: "required" }) : null,
    );
  }

  #key(event) {
    if (event.defaultPrevented || event.isComposing) return;
    const typing = event.target.matches("textarea");
    if (event.key === "Enter" && ((typing && !event.shiftKey) || event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      const missing = this.#missing();
      if (missing && missing.control !== event.target) missing.focus();
      else this.composer.send();
    } else if (
      event.key === "Escape" ||
      (event.key === "Backspace" && typing && !event.target.value && event.target === this.fields[0]?.input)
    ) {
      event.preventDefault();
      this.composer.leave();
    } else if (event.key === "Backspace" && event.target.matches("button") && event.target.closest(".option-field")) {
      this.#field(event.target.closest("[data-option]").dataset.option)?.tray?.clear();
      this.changed();
    }
  }
}

// The required options, and those optional ones with which the others begin: a file, a plain text, or both.
function initialOptions(options) {
  const shown = options.filter((option) => option.required);
  for (const option of options.filter(({ required }) => !required)) {
    const isWords = option.type === OPTION.TEXT && !option.autocomplete && !option.choices?.length;
    if (!(isWords || option.type === OPTION.FILE) || shown.some(({ type }) => type === option.type)) break;
    shown.push(option);
  }
  return shown;
}
