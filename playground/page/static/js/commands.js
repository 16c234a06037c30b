// Commands as people type them: the bot's definitions, flattened to one entry per path.

const SLASH = 1,
  MESSAGE = 3;
const SUBCOMMAND = 1,
  GROUP = 2;

export const OPTION = {
  TEXT: 3,
  INTEGER: 4,
  BOOLEAN: 5,
  USER: 6,
  CHANNEL: 7,
  ROLE: 8,
  MENTIONABLE: 9,
  NUMBER: 10,
  FILE: 11,
};

/** Every slash command: {path, description, options}, by path. */
export function slashCommands(definitions) {
  return definitions
    .filter(({ type }) => (type ?? SLASH) === SLASH)
    .flatMap((definition) => flatten(definition, []))
    .sort((one, other) => one.path.localeCompare(other.path));
}

/** The names of the commands in the menu of a message. */
export function messageCommands(definitions) {
  return definitions.filter(({ type }) => type === MESSAGE).map(({ name }) => name);
}

function flatten(definition, parents) {
  const names = [...parents, definition.name];
  const inner = (definition.options ?? []).filter(({ type }) => type === SUBCOMMAND || type === GROUP);
  if (inner.length) return inner.flatMap((option) => flatten(option, names));
  return [{ path: names.join(" "), description: definition.description, options: definition.options ?? [] }];
}

/** The commands that match what was typed after the slash: prefixes first, then any part of path or description. */
export function fitting(commands, typed) {
  const wanted = typed.trim().toLowerCase();
  const begins = commands.filter(({ path }) => path.startsWith(wanted));
  const holds = commands.filter(
    (command) => !begins.includes(command) && `${command.path} ${command.description}`.toLowerCase().includes(wanted),
  );
  return [...begins, ...holds];
}
