// The WebSocket connection to the server: reconnects by itself, sends requests, and passes frames to listeners.

const FIRST_WAIT = 300; // milliseconds
const LONGEST_WAIT = 4000;
const REPLAYED = new Set(["hello", "state", "world"]);

export class Connection {
  #key;
  #person = null;
  #language = null;
  #socket = null;
  #wait = FIRST_WAIT;
  #number = 0;
  #asked = new Map();
  #listeners = new Map();
  #last = new Map();

  constructor(key) {
    this.#key = key;
  }

  /**
   * Connect as that person (null: the server chooses) whose Discord is in that language (null: English), replacing
   * the present connection.
   */
  connect(person, language) {
    this.#person = person;
    this.#language = language;
    this.#wait = FIRST_WAIT;
    this.#open();
  }

  /** Call `listener` with each frame of that type, "open" and "closed" included; returns a function that removes it. */
  on(type, listener) {
    if (!this.#listeners.has(type)) this.#listeners.set(type, new Set());
    this.#listeners.get(type).add(listener);
    if (REPLAYED.has(type) && this.#last.has(type)) listener(this.#last.get(type));
    return () => this.#listeners.get(type).delete(listener);
  }

  /** Send a request and ignore its result. */
  send(type, fields = {}) {
    this.ask(type, fields).catch(() => {});
  }

  /** Send a request and return its result; throws an Error with the server's sentence. */
  ask(type, fields = {}) {
    if (this.#socket?.readyState !== WebSocket.OPEN) {
      return Promise.reject(new Error("The playground is not connected at the moment."));
    }
    const n = ++this.#number;
    const answer = new Promise((resolve, reject) => this.#asked.set(n, { resolve, reject }));
    this.#socket.send(JSON.stringify({ n, t: type, ...fields }));
    return answer;
  }

  #open() {
    this.#socket?.close();
    this.#reject();
    const query = new URLSearchParams({ key: this.#key });
    if (this.#person) query.set("as", this.#person);
    if (this.#language) query.set("locale", this.#language);
    const socket = new WebSocket(`${location.origin.replace("http", "ws")}/live?${query}`);
    this.#socket = socket;
    const mine = (act) => (event) => socket === this.#socket && act(event);
    socket.addEventListener(
      "open",
      mine(() => this.#emit({ t: "open" })),
    );
    socket.addEventListener(
      "message",
      mine((event) => this.#receive(JSON.parse(event.data))),
    );
    socket.addEventListener(
      "close",
      mine(() => this.#lost()),
    );
  }

  #lost() {
    this.#reject();
    this.#emit({ t: "closed" });
    const socket = this.#socket;
    setTimeout(() => socket === this.#socket && this.#open(), this.#wait);
    this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT);
  }

  #reject() {
    for (const { reject } of this.#asked.values()) reject(new Error("The connection broke off."));
    this.#asked.clear();
  }

  #receive(frame) {
    if (frame.t === "hello") this.#wait = FIRST_WAIT;
    if (REPLAYED.has(frame.t)) this.#last.set(frame.t, frame);
    if (frame.t !== "done") return this.#emit(frame);
    const asked = this.#asked.get(frame.n);
    this.#asked.delete(frame.n);
    if (frame.ok) asked?.resolve(frame.result);
    else asked?.reject(new Error(frame.error ?? "The playground could not do that."));
  }

  #emit(frame) {
    for (const listener of this.#listeners.get(frame.t) ?? []) listener(frame);
  }
}
