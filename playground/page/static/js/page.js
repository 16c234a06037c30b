// The page as a whole: applies the connection's frames to the world and draws the changes.

import { announcer } from "./announcer.js";
import { Channels, drawHead } from "./channels.js";
import { setOffset } from "./clock.js";
import { Composer } from "./composer.js";
import { el, fill } from "./dom.js";
import { drawLanguage } from "./language.js";
import { isThinking, spoken, textOf } from "./message.js";
import { openMessageMenu } from "./message_menu.js";
import { Messages } from "./messages.js";
import { openModal } from "./modal.js";
import { drawMe } from "./people.js";
import { MessageEvents } from "./message_events.js";
import { Toasts } from "./toasts.js";
import { drawWelcome } from "./welcome.js";
import { nameOf, World } from "./world.js";

const HOME = "videos"; // the channel a first visit shows
const PERSON = "kinora-person";
const CHANNEL = "kinora-channel";
const LANGUAGE = "kinora-language";

export class Page {
  #seen = new Set();
  #dismissed = new Set();
  #jump = null;

  /** `parts` are the page's elements by id; `closeDrawer` hides the channel list on a small screen. */
  constructor(connection, server, parts, closeDrawer) {
    Object.assign(this, { connection, server, parts, closeDrawer, world: new World() });
    const toasts = new Toasts();
    this.toast = (text, options) => toasts.show(text, options);
    this.sent = () => this.messages.toEnd();
    this.announce = announcer();
    this.messages = new Messages(this.world, parts.scroller, parts.messages);
    this.channels = new Channels(this.world, parts.rail, parts.guild, parts.channels, (id) => this.goTo(id));
    this.composer = new Composer(this, parts.compose, parts.main);
    new MessageEvents(this, parts.messages);
    parts.messages.addEventListener(
      "keydown",
      (event) => event.key === "Escape" && !event.defaultPrevented && this.composer.focus(),
    );
    parts.present.addEventListener("click", () => this.messages.toEnd());
    parts.scroller.addEventListener("followed", () => (parts.present.hidden = this.messages.follows));
    this.#listen();
  }

  /** Connect as the person, and in the language, chosen last in this tab. */
  start() {
    this.connection.connect(sessionStorage.getItem(PERSON), sessionStorage.getItem(LANGUAGE));
  }

  /** Act as another person. */
  switchTo(personId) {
    sessionStorage.setItem(PERSON, personId);
    this.world.messages.clear();
    this.world.unread.clear();
    this.world.channelId = null;
    this.composer.leave();
    this.announce(""); // the last announcement may have been private to the other person
    this.closeDrawer();
    this.start();
  }

  /** Set the Discord of everyone that this tab acts as to another language. */
  speak(locale) {
    sessionStorage.setItem(LANGUAGE, locale);
    this.composer.leave(); // a command that is being composed has its words in the language of before
    this.start();
  }

  /** Open a channel and scroll to one of its messages. */
  async goTo(channelId, messageId = null) {
    this.closeDrawer();
    if (!this.world.channelOf(channelId)) return this.toast("You cannot see that channel.", { tone: "bad" });
    this.#jump = messageId;
    if (channelId === this.world.channelId) return this.#jumpNow();
    this.world.channelId = channelId;
    sessionStorage.setItem(CHANNEL, channelId);
    this.#drawChannel(true);
    await this.#open();
    this.composer.focus();
  }

  menu(messageId, anchor) {
    openMessageMenu(this, messageId, anchor);
  }

  /** Remove a private reply from the page. */
  dismiss(messageId) {
    this.#dismissed.add(messageId);
    this.world.in(this.world.channelId).delete(messageId);
    this.messages.remove(messageId);
  }

  focusMessages() {
    this.parts.messages.querySelector(".message[tabindex='0']")?.focus();
  }

  #listen() {
    const handlers = {
      hello: (frame) => this.#hello(frame),
      world: (frame) => this.#changed(frame),
      commands: (frame) => this.#commands(frame),
      messages: (frame) => this.#history(frame),
      message: (frame) => this.#message(frame),
      deleted: (frame) => this.#deleted(frame),
      interaction: (frame) => this.#interaction(frame),
      modal: (frame) => openModal(frame, this),
      state: (frame) => this.#state(frame),
      closed: () => this.#notice("Not connected; trying again…", true),
    };
    for (const [type, handle] of Object.entries(handlers)) this.connection.on(type, handle);
  }

  #hello(frame) {
    this.world.update(frame);
    document.body.classList.remove("starting");
    const ids = this.world.channels().map(({ id }) => id);
    const home = this.world.channels().find(({ name }) => name === HOME)?.id ?? ids[0];
    const wanted = [this.world.channelId, sessionStorage.getItem(CHANNEL), home].find((id) => ids.includes(id));
    const fresh = wanted !== this.world.channelId;
    this.world.channelId = wanted ?? null;
    this.#state(frame.state ?? {});
    this.#drawChannel(fresh);
    this.#open();
  }

  #changed(frame) {
    this.world.update(frame);
    if (!this.world.channelOf(this.world.channelId)) return this.#hello({});
    this.#drawChannel(false);
  }

  async #open() {
    if (!this.world.channelId) return;
    try {
      await this.connection.ask("open", { channel_id: this.world.channelId });
      this.#jumpNow();
    } catch (error) {
      this.toast(error.message, { tone: "bad" });
    }
  }

  #jumpNow() {
    if (this.#jump && !this.messages.jumpTo(this.#jump)) this.toast("That message is not here any more.");
    this.#jump = null;
  }

  #drawChannel(fresh) {
    const channel = this.world.channelOf(this.world.channelId);
    this.world.unread.delete(this.world.channelId);
    for (const button of [this.parts.me, this.parts.meSmall]) drawMe(button, this.world, (id) => this.switchTo(id));
    drawLanguage(this.parts.language, this.world, (locale) => this.speak(locale));
    this.channels.draw();
    drawHead(this.parts.head, channel);
    this.parts.messages.setAttribute("aria-label", `Messages in ${channel?.name ?? ""}`);
    drawWelcome(this.parts.welcome, channel, this);
    this.composer.refresh();
    this.#title();
    if (fresh) this.messages.show(true);
  }

  #commands(frame) {
    if (frame.channel_id !== this.world.channelId) return;
    this.world.commands = frame.commands;
    this.composer.refresh();
  }

  #history({ channel_id: channelId, messages }) {
    const kept = messages.filter(({ id }) => !this.#dismissed.has(id));
    this.world.messages.set(channelId, new Map(kept.map((message) => [message.id, message])));
    for (const { id } of kept) this.#seen.add(id);
    if (channelId === this.world.channelId) this.messages.show(this.messages.count === 0);
  }

  #message({ channel_id: channelId, message }) {
    const isNew = !this.#seen.has(message.id);
    this.#seen.add(message.id);
    if (this.#dismissed.has(message.id)) return;
    if (channelId !== this.world.channelId) return this.#elsewhere(channelId, message, isNew);
    const before = this.world.in(channelId).get(message.id);
    this.world.in(channelId).set(message.id, message);
    this.messages.put(message.id);
    if (isNew || this.#heading(before) !== this.#heading(message)) this.announce(spoken(message, this.world));
  }

  // Only a new heading is announced, not every percentage.
  #heading(message) {
    return message ? `${isThinking(message)}${textOf(message, this.world).split(".")[0].replace(/\d+/g, "")}` : "";
  }

  #elsewhere(channelId, message, isNew) {
    if (!isNew) return;
    this.world.unread.set(channelId, (this.world.unread.get(channelId) ?? 0) + (message.notify ? 1 : 0));
    this.channels.draw();
    this.#title();
    if (!message.notify) return;
    const name = this.world.channel(channelId);
    const who = nameOf(this.world.account(message.author.id) ?? message.author);
    const title = `${who} in ${name ? `#${name}` : "direct messages"}`;
    const action = { label: "Show", act: () => this.goTo(channelId, message.id) };
    this.toast(textOf(message, this.world).slice(0, 140), { title, action });
  }

  #deleted({ channel_id: channelId, id }) {
    this.world.in(channelId).delete(id);
    if (channelId === this.world.channelId) this.messages.remove(id);
  }

  // Discord's client shows this as a private message in place of the answer.
  #interaction(frame) {
    if (frame.state !== "failed" || frame.person_id !== this.world.me.id || frame.channel_id !== this.world.channelId)
      return;
    const author = { ...this.world.bot, bot: true };
    const interaction = frame.message_id ? undefined : { name: frame.name, user: this.world.me };
    const message = {
      id: frame.id,
      type: 20,
      author,
      content: "❗ The application did not respond",
      flags: 64,
      timestamp: new Date().toISOString(),
      interaction,
    };
    this.#message({ channel_id: frame.channel_id, message });
  }

  #state(frame) {
    this.world.state = { ...this.world.state, ...frame };
    const { bot, clock_offset_seconds: ahead = 0 } = this.world.state;
    setOffset(ahead);
    const words = {
      stopped: "Kinora is stopped and will not answer",
      starting: "Kinora is starting…",
      stopping: "Kinora is stopping…",
    };
    this.parts.status.dataset.bot = bot ?? "running";
    fill(
      this.parts.status,
      el("i"),
      el("span", { text: `Kinora ${bot ?? "running"}${ahead >= 60 ? `, clock + ${Math.round(ahead / 60)} min` : ""}` }),
    );
    this.#notice(words[bot] ?? "", bot === "stopped");
  }

  #notice(text, bad) {
    this.parts.notice.textContent = text;
    this.parts.notice.classList.toggle("bad", bad);
  }

  #title() {
    const waiting = [...this.world.unread.values()].reduce((sum, count) => sum + count, 0);
    const name = this.world.channelOf(this.world.channelId)?.name ?? "";
    document.title = `${waiting ? `(${waiting}) ` : ""}#${name} · Kinora's playground`;
  }
}
