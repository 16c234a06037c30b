// The menu of a message: the bot's message commands, copying, deleting, dismissing.

import { messageCommands } from "./commands.js";
import { openMenu } from "./menu.js";
import { isPrivate, textOf } from "./message.js";

/** Open the menu of a message next to `anchor`. `page` has world, connection, toast, dismiss(id). */
export function openMessageMenu(page, messageId, anchor) {
  const { world } = page;
  const message = world.in(world.channelId).get(messageId);
  if (!message) return;
  const own = isPrivate(message);
  const apps = own ? [] : messageCommands(world.commands).map((command) => app(page, messageId, command));
  const text = textOf(message, world);
  const plain = [
    text ? { label: "Copy text", icon: "copy", act: () => copy(page, text, "The text") } : null,
    { label: "Copy message ID", icon: "copy", act: () => copy(page, messageId, "The message's ID") },
  ];
  const end = own
    ? [{ label: "Dismiss message", icon: "close", act: () => page.dismiss(messageId) }]
    : mayDelete(message, world)
      ? [{ label: "Delete message", icon: "trash", danger: true, act: () => remove(page, messageId) }]
      : [];
  openMenu(anchor, "Message", [
    { title: apps.length ? "Apps" : null, items: apps },
    { items: plain.filter(Boolean) },
    { items: end },
  ]);
}

function app(page, messageId, { name: command, label }) {
  const { connection, world, toast } = page;
  const fail = (error) => toast(error.message, { tone: "bad" });
  const act = () => connection.ask("menu", { channel_id: world.channelId, message_id: messageId, command }).catch(fail);
  return { label, about: world.bot?.display_name ?? world.bot?.username, icon: "app", act };
}

function mayDelete(message, world) {
  return message.author.id === world.me.id || Boolean(world.channelOf(world.channelId)?.can_manage_messages);
}

async function copy({ toast }, text, what) {
  try {
    await navigator.clipboard.writeText(text);
    toast(`${what} was copied.`);
  } catch {
    toast("The browser did not let the page copy.", { tone: "bad" });
  }
}

function remove({ connection, world, toast }, messageId) {
  connection
    .ask("delete", { channel_id: world.channelId, message_id: messageId })
    .catch((error) => toast(error.message, { tone: "bad" }));
}
