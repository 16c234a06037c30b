// The side panel: shows the state of the world around the bot and has controls to change it.

const FAMILY_GROUP = "Service family";
const BOT_WORDS = { running: "running", starting: "starting …", stopping: "stopping …", stopped: "stopped" };
const JUMPS = [
  [5, "+ 5 min", "Five minutes later"],
  [16, "+ 16 min", "Past minute 15, when interaction tokens end"],
  [24 * 60, "+ 1 day", "A day later: links to files expire, daily limits reset"],
];

/** Fill `element` with the panel; `api` is {post(path, json), on(type, handler), send(type, fields)}. */
export function mountPanel(element, api) {
  const notice = make("p", { className: "panel-notice", role: "status" });
  const parts = [servicePart, botPart, clockPart, faultPart, rolesPart].map((part) => part(send));
  element.classList.add("panel");
  element.replaceChildren(notice, ...parts.map((part) => part.element));

  async function send(change) {
    notice.textContent = "";
    try {
      const answer = await api.post("/api/panel", change);
      if (answer.ok) show({ state: answer.state });
      else notice.textContent = answer.error;
    } catch {
      notice.textContent = "The playground does not answer. Is it still running?";
    }
  }

  function show(frame) {
    for (const part of parts) part.show(frame);
  }

  api.on("hello", (frame) => show(frame));
  api.on("world", (frame) => show(frame));
  api.on("state", (frame) => show({ state: frame }));
}

function servicePart(send) {
  const which = make("select", { id: "panel-service" });
  const down = make("input", { type: "checkbox", id: "panel-down" });
  const behaviour = make("select", { id: "panel-behaviour" });
  const family = make("select", { id: "panel-family" });
  const about = make("p", { className: "panel-about", id: "panel-about-scenario" });
  behaviour.setAttribute("aria-describedby", about.id);
  let scenarios = [];
  let services = [];

  const choose = () => {
    const word = [behaviour.value, family.value].filter(Boolean).join(" ");
    send({ action: "scenario", service: which.value, word: word || null });
  };
  which.addEventListener("change", () => draw());
  down.setAttribute("role", "switch");
  down.addEventListener("change", () => send({ action: "down", service: which.value, on: down.checked }));
  behaviour.addEventListener("change", choose);
  family.addEventListener("change", choose);

  function offer(list) {
    scenarios = list;
    behaviour.replaceChildren();
    family.replaceChildren(new Option("As usual", ""));
    const groups = new Map();
    for (const scenario of list) {
      if (scenario.group === FAMILY_GROUP) {
        if (scenario.word !== "#family-a") family.append(new Option(scenario.label, scenario.word));
        continue;
      }
      if (!groups.has(scenario.group)) {
        groups.set(scenario.group, make("optgroup", { label: scenario.group }));
        behaviour.append(groups.get(scenario.group));
      }
      groups.get(scenario.group).append(new Option(scenario.label, scenario.word));
    }
  }

  function show({ scenarios: list, state }) {
    if (list) offer(list);
    if (!state) return;
    services = state.services;
    const chosen = services.find(({ name }) => name === which.value) ?? services[0];
    which.replaceChildren(...services.map(({ name, down }) => new Option(down ? `${name} (down)` : name, name)));
    which.value = chosen.name;
    whichField.hidden = services.length < 2;
    draw();
  }

  function draw() {
    const service = services.find(({ name }) => name === which.value);
    down.checked = service.down;
    const words = (service.scenario ?? "").split(" ");
    const isFamily = (word) => [...family.options].some((option) => option.value === word);
    behaviour.value = words.find((word) => word && !isFamily(word)) ?? "";
    family.value = words.find((word) => word && isFamily(word)) ?? "";
    about.textContent = sentence(scenarios.find(({ word }) => word === behaviour.value)?.about ?? "");
  }

  const word = make("code", {}, "#slow");
  const hint = make("p", { className: "panel-hint" }, "Used for the next videos. A word such as ", word,
    " in a prompt goes first.");
  const whichField = field("Which service", which);
  const refuses = "Refuses connections and cuts off what it has begun; another service with the same model takes over";
  return {
    element: section("Video service", [
      whichField, field("What it does", behaviour), about, field("How it answers", family),
      make("ul", { className: "panel-switches" }, switchItem(down, "Is down", refuses)), hint,
    ]),
    show,
  };
}

function botPart(send) {
  const dot = make("span", { className: "panel-dot", ariaHidden: "true" });
  const word = make("span", { role: "status" });
  const start = button("Start", () => send({ action: "start" }));
  const restart = button("Restart", () => send({ action: "restart" }), "Shut it down and start it again, as an update does");
  const kill = button("Crash", () => send({ action: "kill" }), "End the process at once, without a shutdown (kill -9)");
  kill.classList.add("panel-danger");
  const log = make("div", { className: "panel-log", role: "log" });
  log.setAttribute("aria-label", "Warnings in its log, as the bot's owner reads them");

  function show({ state }) {
    if (!state) return;
    dot.dataset.state = state.bot;
    word.textContent = BOT_WORDS[state.bot] ?? state.bot;
    start.disabled = state.bot !== "stopped";
    restart.disabled = state.bot !== "running";
    kill.disabled = !["running", "starting", "stopping"].includes(state.bot);
    log.replaceChildren(...state.log.map((line) => make("p", {}, line)));
  }

  const status = make("p", { className: "panel-status" }, dot, word);
  return { element: section("The bot", [status, row(restart, kill, start), log]), show };
}

function clockPart(send) {
  const offset = make("p", { className: "panel-about", role: "status" });
  const jumps = JUMPS.map(([minutes, label, title]) => button(label, () => send({ action: "clock", minutes }), title));

  function show({ state }) {
    if (state) offset.textContent = `Discord's clock is ${ahead(state.clock_offset_seconds)}.`;
  }

  return { element: section("Clock", [row(...jumps), offset]), show };
}

function faultPart(send) {
  const list = make("ul", { className: "panel-switches" });
  const oneTime = row();
  const clear = button("Switch all off", () => send({ action: "clear_faults" }));
  const switches = new Map();
  const sendFault = (name, on) => send({ action: "fault", name, args: { on } });

  function offer(presets) {
    switches.clear();
    list.replaceChildren();
    oneTime.replaceChildren();
    for (const { name, label, about, once } of presets) {
      if (once) {
        oneTime.append(button(label, () => sendFault(name, true), sentence(about)));
        continue;
      }
      const box = make("input", { type: "checkbox", id: `panel-fault-${name}` });
      box.setAttribute("role", "switch");
      box.addEventListener("change", () => sendFault(name, box.checked));
      list.append(switchItem(box, label, about));
      switches.set(name, box);
    }
  }

  function show({ fault_presets: presets, state }) {
    if (presets) offer(presets);
    if (!state) return;
    for (const [name, box] of switches) box.checked = Boolean(state.faults[name]);
    clear.disabled = Object.keys(state.faults).length === 0;
  }

  return { element: section("Simulate Discord problems", [list, oneTime, row(clear)]), show };
}

function rolesPart(send) {
  const list = make("div", { className: "panel-roles" });
  let people = [];
  let roles = [];

  function show(frame) {
    if (frame.people) people = frame.people;
    if (frame.guilds?.length) roles = frame.guilds[0].roles.filter((role) => !role.managed);
    if (!frame.people && !frame.guilds) return;
    const head = make("tr", {}, make("td"), ...roles.map((role) => make("th", { scope: "col" }, role.name)));
    const rows = people.map((person) => make("tr", {}, make("th", { scope: "row" }, person.display_name),
      ...roles.map((role) => make("td", {}, box(person, role)))));
    const focused = list.contains(document.activeElement) ? document.activeElement.id : null;
    list.replaceChildren(make("table", {}, make("thead", {}, head), make("tbody", {}, ...rows)));
    if (focused) document.getElementById(focused)?.focus();
  }

  function box(person, role) {
    const has = person.roles.some(({ id }) => id === role.id);
    const input = make("input", { type: "checkbox", checked: has, id: `panel-role-${person.id}-${role.id}` });
    input.setAttribute("aria-label", `${person.display_name} is ${role.name}`);
    const change = () => ({ action: "role", person: person.id, role: role.id, has: input.checked });
    input.addEventListener("change", () => send(change()));
    return input;
  }

  return { element: section("Roles", [list], { open: false }), show };
}

// -- small pieces ----------------------------------------------------------------------------------------------------

function section(title, children, { open = true } = {}) {
  const body = make("div", { className: "panel-body" }, ...children);
  return make("details", { className: "panel-section", open }, make("summary", {}, title), body);
}

function field(label, control) {
  return make("div", { className: "panel-field" }, make("label", { htmlFor: control.id }, label), control);
}

function switchItem(box, label, about) {
  const words = make("span", {}, make("span", { className: "panel-switch-label" }, label),
    make("span", { className: "panel-about" }, sentence(about)));
  return make("li", {}, make("label", { htmlFor: box.id }, box, words));
}

function row(...children) {
  return make("div", { className: "panel-row" }, ...children);
}

function button(label, act, title = "") {
  const made = make("button", { type: "button", className: "panel-button", title }, label);
  made.addEventListener("click", act);
  return made;
}

function make(tag, properties = {}, ...children) {
  const { role, ...rest } = properties;
  const element = Object.assign(document.createElement(tag), rest);
  if (role) element.setAttribute("role", role);
  element.append(...children);
  return element;
}

function sentence(text) {
  return text && `${text[0].toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;
}

function ahead(seconds) {
  if (!seconds) return "on time";
  const minutes = Math.round(seconds / 60);
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60)];
  const words = [[days, "d"], [hours, "h"], [minutes % 60, "min"]].filter(([count]) => count);
  return `${words.map(([count, unit]) => `${count} ${unit}`).join(" ")} ahead`;
}
