// Decisions on their way to the service: shown at once, sent in order, kept while the service cannot be reached.
import { post } from "./requests.js";

const MOST_IN_ONE = 40;
const OTHER_SESSION = "http.no_csrf_token"; // somebody else signed in, in another window
const AGAIN_MS = [1500, 3000, 6000, 10000];

/**
 * One thing that somebody did: its words, its decisions (asked for when they are sent), and how the page shows it before the answer is there.
 * `show()` changes the page and returns a function that takes that back.
 */
export class Deed {
  state = "waiting"; // waiting → sent → done, or failed; a done one may be taken back
  undo = null;
  isAlone = false;
  constructor({ words, decisions, show = () => () => {}, took = () => {}, undo = null, isUndo = false, isResumed = false }) {
    Object.assign(this, { words, decisions, show, took, simpleUndo: undo, isUndo, isResumed });
    this.settled = new Promise((resolve) => { this.settle = resolve; });
  }
}

function read(key) {
  try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
}

export class Queue {
  #waiting = [];
  #sending = [];
  #isRunning = false;
  #tries = 0;
  #timer = 0;
  /** Told whenever something is added, sent, stored or kept: `changed({ waiting, isUnreachable })`. */
  changed = () => {};
  /** Told when the service refused: `refused(deed, error)`; the page has been put back already. */
  refused = () => {};
  /** Told why nothing is sent until somebody has signed in again. */
  stopped = () => {};
  /** Asked after something is not allowed, or not there: whether who this page was made for is signed in no more; may be async. */
  isSomebodyElse = () => false;
  /** Told what the service answered: `answered(body, deeds)`. */
  answered = () => {};
  /** Asked after the connection was lost while sending: whether the service has what was sent; may be async. */
  isStored = () => false;

  /** `keep` is the beginning of the keys under which unsent decisions outlive the page: each `account`, { id, name }, has its own. */
  constructor(address, { keep, account }) {
    Object.assign(this, { address, keep, account, key: `${keep}.${account.id ?? "here"}` });
  }

  get length() { return this.#waiting.length + this.#sending.length; }
  get isUnreachable() { return this.#tries > 0; }

  add(deed) {
    deed.takeBack = deed.show();
    this.#waiting.push(deed);
    this.#note();
    this.#run();
    return deed;
  }

  /** Take a deed out that is not on its way yet; returns whether that was possible. */
  drop(deed) {
    const at = this.#waiting.indexOf(deed);
    if (at < 0) return false;
    this.#waiting.splice(at, 1);
    deed.takeBack();
    deed.state = "failed";
    deed.settle(deed);
    this.#note();
    return true;
  }

  /** Try again now. */
  again() {
    clearTimeout(this.#timer);
    this.#run();
  }

  /** Decisions of this person that an earlier page of this sheet could not send. */
  kept() { return read(this.key)?.deeds ?? []; }

  /** What others who signed in on this browser have waiting for this sheet: [{ name, count }]; it is theirs to send. */
  ofOthers() {
    const keys = Object.keys(localStorage).filter((key) => key.startsWith(`${this.keep}.`) && key !== this.key);
    return keys.map(read).filter((one) => one?.deeds?.length).map(({ name, deeds }) => ({ name, count: deeds.length }));
  }

  #note() {
    try {
      const open = [...this.#sending, ...this.#waiting].map((deed) => ({ words: deed.words, decisions: deed.decisions() }));
      if (open.length) localStorage.setItem(this.key, JSON.stringify({ name: this.account.name, deeds: open }));
      else localStorage.removeItem(this.key);
    } catch { /* a browser without a store keeps them in this page */ }
    this.changed({ waiting: this.length, isUnreachable: this.isUnreachable });
  }

  async #run() {
    if (this.#isRunning) return;
    this.#isRunning = true;
    try {
      while (this.#waiting.length || this.#sending.length) {
        if (!this.#sending.length) this.#sending = this.#take();
        if (!(await this.#send(this.#sending))) return;
        this.#sending = [];
        this.#note();
      }
    } finally {
      this.#isRunning = false;
    }
  }

  /** The deeds of the next request: as many as can be undone one by one, or one that cannot. */
  #take() {
    const first = this.#waiting.shift();
    const taken = [first];
    const mayJoin = (deed) => deed.simpleUndo && !deed.isAlone;
    while (mayJoin(first) && taken.length < MOST_IN_ONE && this.#waiting.length && mayJoin(this.#waiting[0])) taken.push(this.#waiting.shift());
    for (const deed of taken) deed.state = "sent";
    return taken;
  }

  /** Send deeds in one request; returns false when the service cannot be reached. */
  async #send(deeds) {
    try {
      if ((this.#tries || deeds.some((deed) => deed.isResumed)) && (await this.isStored(deeds))) {
        this.#tries = 0;
        this.#finish(deeds, null);
        return true;
      }
      const { body } = await post(this.address, { decisions: deeds.flatMap((deed) => deed.decisions()) });
      this.#tries = 0;
      this.#finish(deeds, body);
    } catch (error) {
      // Who is no longer signed in, or as somebody else by now, keeps what was decided until they are again.
      const isOther = error.status === 401 || error.key === OTHER_SESSION || ((error.status === 403 || error.status === 404) && (await this.isSomebodyElse()));
      if (error.status === 0 || isOther || error.status >= 502) {
        if (isOther && !this.#tries) this.stopped();
        this.#tries += 1;
        this.#timer = setTimeout(() => this.#run(), AGAIN_MS[Math.min(this.#tries, AGAIN_MS.length) - 1]);
        this.#note();
        return false;
      }
      this.#tries = 0;
      if (deeds.length > 1) {
        // All or none was stored: alone, only what is refused is lost.
        for (const deed of deeds) Object.assign(deed, { state: "waiting", isAlone: true });
        this.#waiting.unshift(...deeds);
      } else {
        const [deed] = deeds;
        deed.state = "failed";
        deed.takeBack();
        deed.settle(deed);
        this.refused(deed, error);
      }
    }
    return true;
  }

  #finish(deeds, body) {
    for (const deed of deeds) {
      deed.state = "done";
      deed.undo = deeds.length === 1 && body?.undo ? body.undo.decisions : deed.simpleUndo;
    }
    if (body) this.answered(body, deeds);
    for (const deed of deeds) {
      deed.took(body);
      deed.settle(deed);
    }
  }
}
