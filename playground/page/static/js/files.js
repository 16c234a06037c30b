// A file input: files are chosen, dropped or pasted, shown as cards, and uploaded at once so that sending is quick.

import { el, fill } from "./dom.js";
import { icon } from "./icons.js";
import { sizeInWords } from "./media.js";

export class FileTray {
  files = []; // {file, upload: Promise, address}

  /** `accept` as in an input element; `changed` is called when a file is added or removed. */
  constructor({ id = null, most = 1, label, server, accept = null, changed = () => {} }) {
    Object.assign(this, { most, label, server, changed });
    this.input = el("input", {
      type: "file",
      hidden: true,
      multiple: most > 1,
      accept,
      data: { test: "file-input" },
      on: { change: () => this.#picked() },
    });
    this.words = el("span");
    this.button = el(
      "button",
      { type: "button", id, class: "button secondary upload-button", on: { click: () => this.input.click() } },
      icon("plus"),
      this.words,
    );
    this.list = el("div", { class: "upload-list" });
    this.node = el("div", { class: "upload" }, this.list, this.button, this.input);
    takeDrops(this.node, (files) => this.add(files));
    this.#draw();
  }

  /** Add files up to `most`; where that is 1, a new file replaces the old one. */
  add(files) {
    for (const file of files) {
      if (this.most === 1) this.clear();
      if (this.files.length >= this.most) break;
      const upload = this.server.upload(file);
      upload.catch(() => {}); // reported when the files are sent
      this.files.push({ file, upload, address: file.type.startsWith("image/") ? URL.createObjectURL(file) : null });
    }
    this.#draw();
    this.changed();
  }

  /** Take over files with their uploads from another tray. */
  adopt(entries) {
    this.files.push(...entries.slice(0, this.most - this.files.length));
    this.#draw();
    this.changed();
  }

  clear() {
    for (const { address } of this.files) if (address) URL.revokeObjectURL(address);
    this.files = [];
    this.#draw();
  }

  /** The uploads once they are complete: [{upload: id}]. */
  async uploaded() {
    const done = await Promise.all(this.files.map(({ upload }) => upload));
    return done.map(({ id }) => ({ upload: id }));
  }

  #picked() {
    this.add([...this.input.files]);
    this.input.value = "";
    this.button.focus();
  }

  #remove(entry) {
    this.files = this.files.filter((other) => other !== entry);
    this.#draw();
    this.changed();
    this.button.focus();
  }

  #draw() {
    this.words.textContent = this.files.length ? "Change" : "Choose a file";
    this.button.setAttribute(
      "aria-label",
      `${this.label}: ${this.files.length ? "choose another file" : "choose a file"}`,
    );
    this.button.hidden = this.files.length >= this.most && this.most > 1;
    fill(
      this.list,
      this.files.map((entry) => this.#card(entry)),
    );
  }

  #card(entry) {
    const picture = entry.address ? el("img", { src: entry.address, alt: "" }) : icon("file");
    const remove = el(
      "button",
      {
        type: "button",
        class: "icon-button",
        "aria-label": `Remove ${entry.file.name}`,
        title: "Remove",
        on: { click: () => this.#remove(entry) },
      },
      icon("close"),
    );
    const words = el(
      "span",
      { class: "upload-words" },
      el("b", { text: entry.file.name, title: entry.file.name }),
      el("small", { text: sizeInWords(entry.file.size) }),
    );
    return el(
      "div",
      { class: "upload-card", data: { test: "upload" } },
      el("span", { class: "upload-picture" }, picture),
      words,
      remove,
    );
  }
}

/** Call `take` with the files dropped on `element`, which is marked while files hover over it. */
export function takeDrops(element, take) {
  let inside = 0;
  const mark = (by) => element.classList.toggle("dropping", (inside = Math.max(0, inside + by)) > 0);
  const hasFiles = (event) => event.dataTransfer?.types.includes("Files");
  element.addEventListener("dragenter", (event) => hasFiles(event) && mark(1));
  element.addEventListener("dragleave", (event) => hasFiles(event) && mark(-1));
  element.addEventListener("dragover", (event) => hasFiles(event) && event.preventDefault());
  element.addEventListener("drop", (event) => {
    mark(-inside);
    if (!event.dataTransfer.files.length || event.defaultPrevented) return;
    event.preventDefault();
    take([...event.dataTransfer.files]);
  });
}
