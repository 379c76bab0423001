// The page's side of the graph: queries go to a worker one after the other, and a worker that takes too long is ended
// and replaced by a fresh one.

/** Seconds that a query may take where nothing else is said. */
export const LIMIT = 30;
/** Milliseconds that a query of a page that was left may still take. */
const GRACE = 500;

/** A query that was ended before it had an answer; `left` where its page was left, so that nobody waits for it. */
export class Stopped extends Error {
  constructor(message, left = false) {
    super(message);
    this.left = left;
  }
}

export class Engine {
  /** `source` is the script of the worker, `packed` what it opens: {wasm, quads, prefixes}. */
  constructor(source, packed) {
    this.address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    this.packed = packed;
    this.waiting = [];
    this.opened = new Promise((resolve, reject) => Object.assign(this, { resolve, reject }));
    this.start();
  }

  /** The answer to a query; as a text where a media type is given. Rejects with what the parser says, or with Stopped. */
  ask(query, limit = LIMIT, type = "") {
    return new Promise((resolve, reject) => {
      this.waiting.push({ query, limit, type, resolve, reject });
      this.next();
    });
  }

  /** End what runs and what waits, and say why. */
  stop(why = "It was stopped.") {
    const ended = [this.running, ...this.waiting].filter(Boolean);
    this.waiting = [];
    this.start();
    for (const one of ended) one.reject(new Stopped(why));
  }

  /** Nobody waits any more for what was asked so far. */
  leave() {
    const left = [this.running, ...this.waiting].filter(Boolean);
    this.waiting = [];
    for (const one of left) one.reject(new Stopped("", true));
    if (!this.running) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.start(), GRACE);
  }

  start() {
    if (this.worker) this.worker.onmessage = null;
    this.worker?.terminate();
    clearTimeout(this.timer);
    this.running = null;
    this.ready = false;
    this.worker = new Worker(this.address);
    this.worker.onmessage = ({ data }) => this.heard(data);
    this.worker.onerror = (event) => this.reject(new Error(event.message || "the browser did not start it"));
    this.worker.postMessage(this.packed);
  }

  heard({ size, found, problem, broken }) {
    if (this.ready) {
      const asked = this.running;
      this.running = null;
      clearTimeout(this.timer);
      if (broken) this.start();
      if (problem === undefined) asked.resolve(found);
      else asked.reject(broken ? new Stopped("It needed more memory than the browser gives. Ask for less, for example with a LIMIT.") : new Error(problem));
    } else if (problem === undefined) {
      this.ready = true;
      this.resolve(size);
    } else {
      this.reject(new Error(problem));
    }
    this.next();
  }

  next() {
    if (!this.ready || this.running || !this.waiting.length) return;
    this.running = this.waiting.shift();
    const { query, limit, type } = this.running;
    this.timer = setTimeout(() => this.stop(`It was stopped after ${limit} seconds, the limit of this page. Ask for less, or run it with bempeg-kg query on the command line.`), limit * 1000);
    this.worker.postMessage({ query, type });
  }
}
