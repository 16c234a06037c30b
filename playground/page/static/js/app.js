// Entry point: takes the key from the address, builds the page and mounts the side panel.

import { el } from "./dom.js";
import { icon } from "./icons.js";
import { Connection } from "./connection.js";
import { Page } from "./page.js";
import { Server } from "./server.js";
import { startDrawer, startSide } from "./side.js";
import { startTheme } from "./theme.js";

const IDS = [
  "rail",
  "guild",
  "channels",
  "me",
  "me-small",
  "head",
  "status",
  "language",
  "main",
  "scroller",
  "welcome",
  "messages",
  "present",
  "notice",
  "compose",
];

function start(key) {
  const get = (id) => document.getElementById(id);
  const parts = Object.fromEntries(
    IDS.map((id) => [id.replace(/-(\w)/g, (_, letter) => letter.toUpperCase()), get(id)]),
  );
  const connection = new Connection(key);
  const server = new Server(key);
  get("drawer-toggle").append(icon("menu"));
  get("side-toggle").append(icon("sliders"));
  get("side-close").append(icon("close"));
  startTheme(get("theme"));
  startSide({ side: get("side"), toggle: get("side-toggle"), close: get("side-close") });
  const page = new Page(connection, server, parts, startDrawer(get("drawer"), get("drawer-toggle")));
  mountSide(page, connection, server);
  page.start();
}

/** Mount the side panel's two tabs, with the API that they use. */
async function mountSide(page, connection, server) {
  const { world, toast } = page;
  const api = {
    world,
    toast,
    el,
    icon,
    post: (path, body) => server.post(path, body),
    ask: (type, fields) => connection.ask(type, fields),
    send: (type, fields) => connection.send(type, fields),
    on: (type, listener) => connection.on(type, listener),
  };
  const [{ mountPanel }, { mountWire }] = await Promise.all([import("./panel.js"), import("./wire.js")]);
  mountPanel(document.getElementById("panel"), api);
  mountWire(document.getElementById("wire"), api);
}

const key = new URLSearchParams(location.search).get("key");
if (key) start(key);
else location.replace("/"); // the door
