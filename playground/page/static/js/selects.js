// The choices of selects of all kinds, and their chosen values.

import { nameOf } from "./world.js";

const STRING = 3,
  USER = 5,
  ROLE = 6,
  MENTIONABLE = 7,
  CHANNEL = 8;

export const SELECTS = new Set([STRING, USER, ROLE, MENTIONABLE, CHANNEL]);

/** Every choice of a select: {value, label, about, hint}. */
export function choicesOf(select, world) {
  const guild = world.guild();
  const users = () => userChoices(world);
  const roles = () => (guild?.roles ?? []).map((role) => ({ value: role.id, label: `@${role.name}`, hint: "role" }));
  if (select.type === STRING) return select.options.map(stringChoice);
  if (select.type === USER) return users();
  if (select.type === ROLE) return roles();
  if (select.type === MENTIONABLE) return [...users(), ...roles()];
  return channelChoices(world, select.channel_types);
}

/** The choices that are preselected. */
export function chosenOf(select, world) {
  if (select.type === STRING) return select.options.filter((option) => option.default).map(stringChoice);
  const chosen = new Set((select.default_values ?? []).map((value) => value.id));
  return choicesOf(select, world).filter((choice) => chosen.has(choice.value));
}

/** The least and the most values that may be chosen. */
export function boundsOf(select) {
  return { least: select.min_values ?? 1, most: select.max_values ?? 1 };
}

/** The people of the server and the bot, as choices. */
export function userChoices(world) {
  const members = world.guild()?.members;
  const accounts = [...world.people, ...(world.bot ? [world.bot] : [])].filter(
    ({ id }) => !members || members.includes(id),
  );
  return accounts.map((account) => ({
    value: account.id,
    label: nameOf(account),
    about: account.note ?? "app",
    account,
  }));
}

/** The visible channels of the server, of `types` if any are given. */
export function channelChoices(world, types) {
  const channels = (world.guild()?.channels ?? []).filter((channel) => channel.can_view !== false);
  const fitting = channels.filter((channel) => !types?.length || types.includes(channel.type));
  return fitting.map((channel) => ({ value: channel.id, label: `#${channel.name}` }));
}

function stringChoice({ value, label, description, emoji }) {
  return { value, label: emoji?.name ? `${emoji.name} ${label}` : label, about: description };
}
