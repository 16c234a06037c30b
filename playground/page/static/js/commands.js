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

/**
 * Every slash command: {path, label, description, options}, by label. Of it and of its options, `path` and `name` are
 * for the server; `label` and all other words are in the person's language.
 */
export function slashCommands(definitions) {
  return definitions
    .filter(({ type }) => (type ?? SLASH) === SLASH)
    .flatMap((definition) => flatten(definition, []))
    .sort((one, other) => one.label.localeCompare(other.label));
}

/** The commands in the menu of a message: {name, label}. */
export function messageCommands(definitions) {
  return definitions.filter(({ type }) => type === MESSAGE).map(translated);
}

function flatten(definition, parents) {
  const path = [...parents, translated(definition)];
  const options = definition.options ?? [];
  const inner = options.filter(({ type }) => type === SUBCOMMAND || type === GROUP);
  if (inner.length) return inner.flatMap((option) => flatten(option, path));
  const joined = (word) => path.map((part) => part[word]).join(" ");
  const { description } = path.at(-1);
  return [{ path: joined("name"), label: joined("label"), description, options: options.map(translated) }];
}

function translated(thing) {
  const label = thing.name_localized ?? thing.name;
  const description = thing.description_localized ?? thing.description;
  return { ...thing, label, description, choices: thing.choices?.map(translated) };
}

/** The commands that match what was typed after the slash: prefixes first, then any part of name or description. */
export function fitting(commands, typed) {
  const wanted = typed.trim().toLowerCase();
  const begins = commands.filter(({ path, label }) => path.startsWith(wanted) || label.startsWith(wanted));
  const holds = commands.filter(
    (command) =>
      !begins.includes(command) &&
      `${command.path} ${command.label} ${command.description}`.toLowerCase().includes(wanted),
  );
  return [...begins, ...holds];
}
