// The page's data: the present person, servers, channels, people, commands, and the messages of each channel.

import { setLanguage, setOffset } from "./clock.js";

export class World {
  me = null;
  bot = null;
  people = [];
  guilds = [];
  direct = null;
  commands = [];
  languages = [];
  scenarios = [];
  state = {};
  channelId = null;
  unread = new Map(); // channel id -> number of messages that ping me, 0 if there are only other unread ones
  messages = new Map(); // channel id -> Map of message id -> payload

  /** Apply a `hello` frame, or a part of one. */
  update(frame) {
    for (const key of ["me", "bot", "people", "guilds", "direct", "commands", "languages", "scenarios", "state"]) {
      if (key in frame) this[key] = frame[key] ?? this[key];
    }
    setLanguage(this.me.locale);
    setOffset(this.state.clock_offset_seconds ?? 0);
  }

  /** Every visible channel, with its server. */
  channels() {
    const inGuilds = this.guilds.flatMap((guild) =>
      guild.channels.filter((channel) => channel.can_view !== false).map((channel) => ({ ...channel, guild })),
    );
    const direct = this.direct?.channel ?? this.direct;
    return direct?.id
      ? [...inGuilds, { ...direct, name: this.bot ? nameOf(this.bot) : "Kinora", direct: true }]
      : inGuilds;
  }

  channelOf(id) {
    return this.channels().find((channel) => channel.id === id) ?? null;
  }

  guild() {
    return this.channelOf(this.channelId)?.guild ?? this.guilds[0] ?? null;
  }

  /** The account of that id: a person of the playground, or the bot. */
  account(id) {
    return this.people.find((person) => person.id === id) ?? (this.bot?.id === id ? this.bot : null);
  }

  // The names in mentions.
  user(id) {
    const account = this.account(id);
    return account ? nameOf(account) : "unknown user";
  }

  role(id) {
    const roles = this.guilds.flatMap((guild) => guild.roles ?? []);
    return roles.find((role) => role.id === id)?.name ?? "unknown role";
  }

  channel(id) {
    const all = this.guilds.flatMap((guild) => guild.channels);
    return all.find((channel) => channel.id === id)?.name ?? null;
  }

  /** The messages of a channel by their id. */
  in(channelId) {
    if (!this.messages.has(channelId)) this.messages.set(channelId, new Map());
    return this.messages.get(channelId);
  }
}

/** The display name of an account. */
export function nameOf(account) {
  return account.display_name ?? account.global_name ?? account.username ?? account.name ?? "unknown";
}

/** Compare two ids, which are too large for JavaScript's numbers. */
export function byAge(one, other) {
  return one.length - other.length || (one < other ? -1 : one > other ? 1 : 0);
}
