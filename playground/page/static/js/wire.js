// The tab “Traffic”: what goes on between the bot, Discord and the video service, newest first.

const KEPT = 500;
const KINDS = [
  ["rest", "Requests"],
  ["gateway", "Gateway"],
  ["service", "Service"],
  ["sse", "Lines"],
];

/** Fill `element` with the list; `api` is {on(type, handler), send(type, fields)}. */
export function mountWire(element, api) {
  const shown = new Set(KINDS.map(([kind]) => kind));
  const jobs = new Map();
  const rows = new Map();
  let waiting = [];
  let paused = false;
  let planned = false;

  const list = make("ol", { className: "wire-list" });
  list.tabIndex = 0;
  list.setAttribute("aria-label", "Traffic, newest first");
  const empty = make("p", { className: "panel-about" }, "Nothing yet. Use a command and watch what happens.");
  const job = make("select", { id: "wire-job" }, new Option("Every video", ""));
  const pause = make("button", { type: "button", className: "panel-button" }, "Pause");
  const clear = make("button", { type: "button", className: "panel-button" }, "Clear");
  const kinds = make("div", { className: "wire-kinds" }, ...KINDS.map(([kind, label]) => kindBox(kind, label)));
  const label = make("label", { htmlFor: job.id, className: "wire-hidden" }, "Show only one video");
  element.classList.add("wire");
  element.replaceChildren(make("div", { className: "wire-tools" }, label, job, pause, clear), kinds, empty, list);

  function kindBox(kind, text) {
    const box = make("input", { type: "checkbox", checked: true });
    box.addEventListener("change", () => {
      if (box.checked) shown.add(kind);
      else shown.delete(kind);
      applyFilter();
    });
    return make("label", {}, box, text);
  }

  pause.setAttribute("aria-pressed", "false");
  pause.addEventListener("click", () => {
    paused = !paused;
    pause.setAttribute("aria-pressed", String(paused));
    draw();
  });
  clear.addEventListener("click", () => {
    waiting = [];
    for (const row of rows.values()) {
      row.element?.remove();
      row.element = null;
    }
    empty.hidden = false;
  });
  job.addEventListener("change", applyFilter);

  api.on("hello", () => {
    // It may be another playground than before, whose numbers start again.
    waiting = [];
    rows.clear();
    jobs.clear();
    job.replaceChildren(new Option("Every video", ""));
    list.replaceChildren();
    empty.hidden = false;
    ask();
  });
  api.on("wire", (frame) => {
    offerJobs(frame.jobs ?? []);
    waiting.push(...frame.items.filter((item) => !rows.has(item.n)));
    waiting = waiting.slice(-KEPT);
    if (!paused && !planned) {
      planned = true;
      requestAnimationFrame(() => {
        planned = false;
        draw();
      });
    } else if (paused) {
      pause.textContent = waiting.length ? `Resume (${waiting.length} new)` : "Resume";
    }
  });
  ask();

  function ask() {
    api.send("wire?");
  }

  function offerJobs(list) {
    let changed = false;
    for (const { job: number, title, reply } of list) {
      if (jobs.get(number)?.reply === reply) continue;
      changed = true;
      if (!jobs.has(number)) job.add(new Option(`${number}: ${title}`, String(number)), 1);
      jobs.set(number, { title, reply });
    }
    if (changed && job.value) applyFilter();
  }

  function draw() {
    if (paused) {
      pause.textContent = "Resume";
      return;
    }
    pause.textContent = "Pause";
    const fragment = document.createDocumentFragment();
    for (const item of waiting.sort((one, other) => other.n - one.n)) {
      if (rows.has(item.n)) continue;
      const made = line(item);
      made.hidden = !fits(item);
      rows.set(item.n, { item, element: made });
      fragment.append(made);
    }
    waiting = [];
    if (fragment.childElementCount) empty.hidden = true;
    // New items at the top must not move the ones that are being read.
    const held = list.scrollTop > 0 ? list.scrollHeight - list.scrollTop : null;
    list.prepend(fragment);
    forgetOldest();
    if (held !== null) list.scrollTop = list.scrollHeight - held;
  }

  function forgetOldest() {
    const numbers = [...rows.keys()].sort((one, other) => one - other);
    for (const number of numbers.slice(0, Math.max(0, numbers.length - KEPT))) {
      rows.get(number).element?.remove();
      rows.delete(number);
    }
  }

  function applyFilter() {
    for (const row of rows.values()) if (row.element) row.element.hidden = !fits(row.item);
  }

  function fits(item) {
    if (!shown.has(item.kind)) return false;
    if (!job.value) return true;
    const number = Number(job.value);
    return item.job === number || (item.reply != null && item.reply === jobs.get(number)?.reply);
  }
}

function line(item) {
  const time = make("time", { dateTime: item.at }, new Date(item.at).toLocaleTimeString([], { hour12: false }));
  const made = make("li", { className: "wire-item" }, time, ...words(item));
  made.dataset.kind = item.kind;
  return made;
}

function words(item) {
  if (item.kind === "rest") {
    return [tag(item.method), status(item.status, item.limited), code(item.route), small(`${item.ms} ms`)];
  }
  if (item.kind === "gateway") return [tag("gateway"), code(item.name), small(item.about ?? "")];
  if (item.kind === "sse") return [tag(`video ${item.job}`), expandable(item.line)];
  if (item.state === "received") return [tag(item.method), code(item.path), small(`asks ${item.service}`)];
  const end = item.left ? "the bot hung up" : `${item.ms} ms`;
  return [tag(item.method), status(item.status, item.status === 429), code(item.path), small(`${item.service}, ${end}`)];
}

/** A summary of a line; a click shows the whole line. */
function expandable(text) {
  const short = summary(text);
  const words = make("button", { type: "button", className: "wire-line", title: "Show the whole line" }, short);
  words.setAttribute("aria-expanded", "false");
  words.addEventListener("click", () => {
    const open = words.getAttribute("aria-expanded") === "false";
    words.setAttribute("aria-expanded", String(open));
    words.textContent = open ? text : short;
  });
  return words;
}

/** The delta of a chunk, its finish reason or its error; any other line as it is. */
function summary(text) {
  try {
    const event = JSON.parse(text.slice(text.indexOf("{")));
    if (event.error) return `error: ${event.error.message ?? JSON.stringify(event.error)}`;
    const { delta, finish_reason: end } = event.choices[0];
    const deltas = [delta.reasoning_content, delta.content].filter(Boolean).map((words) => JSON.stringify(words));
    return [...deltas, end && `finish: ${end}`].filter(Boolean).join(" ") || text;
  } catch {
    return text;
  }
}

function status(number, limited) {
  const text = number === null ? "no answer" : limited ? `${number} limited` : String(number);
  const made = make("span", { className: "wire-status" }, text);
  made.dataset.good = String(number !== null && number < 400);
  return made;
}

function tag(text) {
  return make("span", { className: "wire-tag" }, text);
}

function code(text) {
  return make("code", {}, text);
}

function small(text) {
  return make("span", { className: "wire-small" }, text);
}

function make(tagName, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tagName), properties);
  element.append(...children);
  return element;
}
