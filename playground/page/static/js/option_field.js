// The field of one option of a command, by the option's type.

import { OPTION } from "./commands.js";
import { el } from "./dom.js";
import { FileTray } from "./files.js";
import { icon } from "./icons.js";
import { openPicker } from "./picker.js";
import { channelChoices, userChoices } from "./selects.js";
import { Suggestions } from "./suggestions.js";

const NUMBERS = new Set([OPTION.INTEGER, OPTION.NUMBER]);
const TYPED = new Set([OPTION.TEXT, ...NUMBERS]);
const ASK_AFTER = 120; // milliseconds without a key

/** `line` has server, world, autocomplete(name), changed(). */
export class OptionField {
  constructor(option, line) {
    Object.assign(this, { option, line, chosen: null });
    if (option.type === OPTION.FILE) this.#file();
    else if (TYPED.has(option.type) && !option.choices?.length) this.#typed();
    else this.#picked();
    const name = el("span", { class: "option-name", text: option.label });
    const required = option.required
      ? el("span", { class: "required", title: "required", "aria-hidden": "true", text: "*" })
      : null;
    const classes = option.type === OPTION.FILE ? "option-field with-file" : "option-field";
    this.node = el(
      "div",
      { class: classes, data: { option: option.name, test: "option" } },
      el("span", { class: "option-label" }, name, required),
      this.body,
    );
  }

  /** Whether it has a value. */
  get filled() {
    return this.tray ? this.tray.files.length > 0 : this.input ? this.input.value.trim() !== "" : this.chosen !== null;
  }

  focus() {
    this.control.focus();
  }

  /** The value for the server, possibly after an upload; throws an Error with a sentence. */
  async value() {
    const { type, label } = this.option;
    if (this.tray) return (await this.tray.uploaded())[0];
    if (this.input) return this.#suggested() ?? (NUMBERS.has(type) ? numeric(this.input.value, label) : this.input.value);
    return wrapped(type, this.chosen.value, this.chosen.kind);
  }

  /** The value so far, for autocompletion, which needs no uploads. */
  soFar() {
    if (this.tray) return undefined;
    if (this.input) return this.#suggested() ?? this.input.value;
    return wrapped(this.option.type, this.chosen.value, this.chosen.kind);
  }

  /** The value of the suggestion that stands in the field, if one does. */
  #suggested() {
    return this.chosen?.label === this.input.value ? this.chosen.value : undefined;
  }

  mark(wrong) {
    this.node.classList.toggle("wrong", wrong);
    this.control.setAttribute("aria-invalid", String(wrong));
  }

  #label() {
    return `${this.option.label}${this.option.required ? ", required" : ""}: ${this.option.description}`;
  }

  #file() {
    this.tray = new FileTray({ label: this.option.label, server: this.line.server, changed: () => this.line.changed() });
    this.body = this.tray.node;
    this.control = this.tray.button;
    this.control.setAttribute("aria-description", this.option.description);
  }

  #typed() {
    const { option } = this;
    const most = option.type === OPTION.TEXT ? (option.max_length ?? 6000) : null;
    this.input = el("textarea", {
      rows: 1,
      class: "option-input",
      "aria-label": this.#label(),
      maxlength: most,
      spellcheck: "true",
      inputmode: NUMBERS.has(option.type) ? "decimal" : null,
    });
    this.control = this.body = this.input;
    this.input.addEventListener("input", () => this.#changed());
    if (!option.autocomplete) return;
    this.suggestions = new Suggestions(this.input, option.label, (item) => this.#take(item));
    this.input.addEventListener("focus", () => this.#ask());
    this.input.addEventListener("keydown", (event) => this.suggestions.key(event));
  }

  #changed() {
    this.line.changed();
    if (!this.suggestions) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#ask(), ASK_AFTER);
  }

  async #ask() {
    const turn = (this.turn = (this.turn ?? 0) + 1);
    const choices = await this.line.autocomplete(this.option.name).catch(() => []);
    if (turn !== this.turn || document.activeElement !== this.input) return;
    this.suggestions.show(
      (choices ?? []).map(({ name, value }) => ({ label: name, value })),
      this.option.description,
    );
  }

  #take(item) {
    this.chosen = item;
    this.input.value = item.label;
    this.suggestions.hide();
    this.line.changed();
  }

  #picked() {
    const words = el("span", { class: "placeholder", text: "Choose" });
    this.control = this.body = el(
      "button",
      { type: "button", class: "option-input option-pick", "aria-haspopup": "listbox", "aria-label": this.#label() },
      words,
      icon("down"),
    );
    this.control.addEventListener("click", () => {
      const choices = this.#choices();
      const done = ([value]) => {
        this.chosen = choices.find((choice) => choice.value === value) ?? null;
        words.textContent = this.chosen?.label ?? "Choose";
        words.className = this.chosen ? "chosen" : "placeholder";
        this.control.setAttribute("aria-label", `${this.#label()}: ${words.textContent}`);
        this.line.changed();
      };
      openPicker(this.control, {
        label: this.option.description,
        choices,
        chosen: this.chosen ? [this.chosen.value] : [],
        least: this.option.required ? 1 : 0,
        done,
      });
    });
  }

  #choices() {
    const { option, line } = this;
    const roles = () =>
      (line.world.guild()?.roles ?? []).map((role) => ({
        value: role.id,
        label: `@${role.name}`,
        about: "role",
        kind: "role",
      }));
    if (option.choices?.length) return option.choices.map(({ label, value }) => ({ label, value }));
    if (option.type === OPTION.BOOLEAN)
      return [
        { label: "True", value: true },
        { label: "False", value: false },
      ];
    if (option.type === OPTION.CHANNEL) return channelChoices(line.world, option.channel_types);
    if (option.type === OPTION.ROLE) return roles();
    return option.type === OPTION.USER ? userChoices(line.world) : [...userChoices(line.world), ...roles()];
  }
}

function numeric(text, label) {
  const number = Number(text.trim().replace(",", "."));
  if (text.trim() === "" || Number.isNaN(number)) throw new Error(`“${label}” has to be a number.`);
  return number;
}

function wrapped(type, value, kind) {
  if (type === OPTION.USER) return { user: value };
  if (type === OPTION.CHANNEL) return { channel: value };
  if (type === OPTION.ROLE) return { role: value };
  if (type === OPTION.MENTIONABLE) return kind === "role" ? { role: value } : { user: value };
  return value;
}
