// The legend of a sheet, learned as it is digitised: this ink, pattern and shape means that kind. It proposes; people accept.
import { showOffer } from "./draw_panel.js";
import { get, put } from "./requests.js";
import { say } from "./words.js";

const SOON_MS = 700;
const byLook = (entries) => new Map(entries.map((entry) => [lookOf(entry), entry]));
const lookOf = ({ ink, pattern, shape }) => `${ink} ${pattern} ${shape}`;

export class Legend {
  #entries = new Map();
  #offer = null;
  #timer = 0;
  #seen = null; // ETag and entries that the service had last, by look
  #keeping = Promise.resolve();

  constructor({ address, drawings, kinds, view, filter, conflicts, act, may }) {
    Object.assign(this, { address: `${address}/legend`, drawings, kinds, view, filter, conflicts, act, may });
  }

  /** Read what earlier sheets of the event have taught. */
  async open() {
    try {
      const { body, etag } = await get(this.address);
      this.#entries = byLook(body.entries);
      this.#see(body.entries, etag);
    } catch (error) {
      console.warn(error); // without it there are only the proposals that came with the candidates
    }
  }

  /** Learn from what candidates of these looks were said to be: the kind that most of them are. */
  learn(ones) {
    const looks = new Map(ones.filter((one) => one && one.shape !== "text" && !one.isHand).map((one) => [lookOf(one), one]));
    for (const [look, { ink, pattern, shape }] of looks) {
      const counts = new Map();
      const undecided = [];
      for (const one of this.drawings.all) {
        if (one.isHand || lookOf(one) !== look) continue;
        if (one.state === "accepted") counts.set(one.kind, (counts.get(one.kind) ?? 0) + 1);
        else if (one.state === "proposed") undecided.push(one);
      }
      const known = this.#entries.get(look)?.kind;
      const [most] = [...counts].sort((a, b) => b[1] - a[1] || (b[0] === known) - (a[0] === known));
      const kind = most?.[0] ?? null;
      if (!kind || kind === known) {
        // What was undone is still known from before, on this sheet or on another of the event.
        if (known) this.#propose(undecided, known);
        continue;
      }
      this.#entries.set(look, { ink, pattern, shape, kind });
      this.#propose(undecided, kind);
      this.#keep();
    }
  }

  #propose(undecided, kind) {
    const other = undecided.filter((one) => one.proposed !== kind).map((one) => one.ordinal);
    if (other.length) this.drawings.patch(other, { proposed: kind });
  }

  #keep() {
    if (!this.may) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => { this.#keeping = this.#keeping.then(() => this.#send()); }, SOON_MS);
  }

  #see(entries, etag) { this.#seen = { entries: byLook(entries), etag }; }

  async #send() {
    if (!this.#seen) return;
    try {
      const { body, etag } = await put(this.address, { entries: [...this.#entries.values()] }, { version: this.#seen.etag });
      this.#see(body.entries, etag);
    } catch (error) {
      if (error.status === 412 && error.problem.current) await this.#putTogether(error.problem.current);
      else console.warn(error); // the decisions are what counts; the service proposes from them, too
    }
  }

  /** Somebody said something else meanwhile: of looks that both said something new of, the person chooses. */
  async #putTogether({ entries, version }) {
    const before = this.#seen.entries, theirs = byLook(entries), mine = this.#entries;
    this.#see(entries, `"${version}"`);
    this.#entries = new Map(theirs);
    for (const [look, entry] of mine) {
      const [known, now] = [before.get(look)?.kind, theirs.get(look)?.kind];
      if (entry.kind === known || entry.kind === now) continue;
      if (!now || now === known || (await this.#ask(entry, now))) this.#entries.set(look, entry);
    }
    for (const [look, { kind }] of this.#entries) this.#propose(this.drawings.undecided.filter((one) => lookOf(one) === look), kind);
    if ([...this.#entries].some(([look, { kind }]) => theirs.get(look)?.kind !== kind)) await this.#send();
  }

  #ask({ ink, pattern, shape, kind: own }, now) {
    const look = say("draw.look", { ink: say(`ink.${ink}`), pattern: say(`pattern.${pattern}`), shape: say(`candidate_kind.${shape}`) });
    const [kind, mine] = [this.kinds.label(now), this.kinds.label(own)];
    return this.conflicts.ask({ words: say("draw.conflict_legend", { look, theirs: kind, mine }), keep: say("draw.conflict_keep", { kind }), take: say("draw.conflict_take", { kind: mine }) });
  }

  // ---- "34 more like this"

  get offered() { return this.#offer; }

  #like(one, alikeInSize) { return this.drawings.like(one, { alikeInSize }).filter((other) => this.filter.isShown(other)).map((other) => other.ordinal); }

  /** One candidate and all that looks like it: first of its size, and once those are chosen, of any. */
  around(one, picked) {
    const near = this.#like(one, true);
    const isWider = picked.size > 1 && near.every((ordinal) => picked.has(ordinal));
    return [one.ordinal, ...(isWider ? this.#like(one, false) : near)];
  }

  /** Offer what looks like a candidate that was just accepted. */
  offer(one, kind) {
    const ordinals = this.#like(one, true);
    this.#show(ordinals.length ? { one, kind, ordinals, wider: this.#like(one, false).length } : null);
  }

  widen() {
    if (!this.#offer) return;
    const ordinals = this.#like(this.#offer.one, false);
    this.#show({ ...this.#offer, ordinals, wider: ordinals.length });
  }

  /** Take the offer away; returns what it was, without what was decided meanwhile. */
  close() {
    const offer = this.#offer;
    this.#show(null);
    return offer && { ...offer, ordinals: offer.ordinals.filter((ordinal) => this.drawings.isUndecided(this.drawings.get(ordinal))) };
  }

  #show(offer) {
    this.#offer = offer;
    this.view.setLike(offer?.ordinals ?? []);
    showOffer(document.getElementById("offer"), offer && { kind: offer.kind, label: this.kinds.label(offer.kind), count: offer.ordinals.length, wider: offer.wider }, this.act);
  }
}
