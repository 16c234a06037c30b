// The list of servers, channels of the open server and direct messages, with unread counts.

import { el, fill } from "./dom.js";
import { icon } from "./icons.js";
import { morph } from "./morph.js";

const THREAD = 11;

export class Channels {
  /** `open` is called with the id of the channel that was chosen. */
  constructor(world, rail, title, list, open) {
    Object.assign(this, { world, rail, title, list, open });
    rail.addEventListener("click", (event) => this.#press(event));
    list.addEventListener("click", (event) => this.#press(event));
    for (const place of [rail, list]) place.addEventListener("keydown", (event) => this.#key(event, place));
  }

  /** Draw the present state. */
  draw() {
    const guild = this.world.guild();
    const all = this.world.channels();
    const direct = all.filter((channel) => channel.direct);
    const atHome = this.world.channelOf(this.world.channelId)?.direct;
    this.title.textContent = guild?.name ?? "No server";
    const fresh = el(
      "nav",
      {},
      this.world.guilds.map((each) => this.#guild(each, !atHome && each.id === guild?.id)),
    );
    this.#update(this.rail, fresh);
    const mine = all.filter((channel) => channel.guild?.id === guild?.id);
    this.#update(
      this.list,
      el("div", {}, this.#group("Channels", mine), direct.length ? this.#group("Direct messages", direct) : null),
    );
  }

  #update(place, fresh) {
    const holder = place.cloneNode(false);
    holder.append(...fresh.childNodes);
    morph(place, holder);
  }

  #guild(guild, current) {
    const initials = guild.name
      .split(/\s+/)
      .map((word) => word[0])
      .join("")
      .slice(0, 3);
    const waiting = guild.channels.reduce((sum, { id }) => sum + (this.world.unread.get(id) ?? 0), 0);
    const first = guild.channels.find(({ can_view: seen }) => seen !== false);
    const props = {
      type: "button",
      class: "guild",
      title: guild.name,
      "aria-label": guild.name,
      "aria-current": current ? "true" : null,
      disabled: !first,
    };
    return el(
      "button",
      { ...props, data: { key: guild.id, channel: first?.id, test: "guild" } },
      initials,
      badge(waiting),
    );
  }

  #group(title, channels) {
    return el(
      "div",
      { role: "group", "aria-label": title },
      el("p", { class: "group-title", text: title }),
      channels.map((channel) => this.#channel(channel)),
    );
  }

  #channel({ id, name, type, direct }) {
    const pings = this.world.unread.get(id);
    const current = id === this.world.channelId;
    const words = pings === undefined ? "" : pings ? `, ${pings} for you` : ", unread";
    const classes = ["channel", pings === undefined ? "" : "unread", type === THREAD ? "thread" : ""]
      .filter(Boolean)
      .join(" ");
    const props = {
      type: "button",
      class: classes,
      "aria-current": current ? "page" : null,
      "aria-label": `${direct ? "" : "#"}${name ?? "direct"}${words}`,
    };
    return el(
      "button",
      { ...props, data: { key: id, channel: id, test: "channel" } },
      icon(direct ? "at" : "hash"),
      el("span", { text: name ?? "direct" }),
      badge(pings),
    );
  }

  #press(event) {
    const button = event.target.closest("[data-channel]");
    if (button) this.open(button.dataset.channel);
  }

  #key(event, place) {
    const items = [...place.querySelectorAll("button:not(:disabled)")];
    const at = items.indexOf(document.activeElement);
    const to = { ArrowDown: items[at + 1], ArrowUp: items[at - 1], Home: items[0], End: items.at(-1) }[event.key];
    if (at < 0 || !to) return;
    event.preventDefault();
    to.focus();
  }
}

function badge(count) {
  return count ? el("span", { class: "badge", "aria-hidden": "true", text: String(count) }) : null;
}

/** Fill the page's header for the open channel. */
export function drawHead(place, channel) {
  const topic = channel?.topic ? el("span", { class: "topic", text: channel.topic }) : null;
  fill(place, icon(channel?.direct ? "at" : "hash"), el("h1", { text: channel?.name ?? "" }), topic);
}
