// What can be done with candidates: each deed is shown at once, sent, and can be taken back.
import { Deed } from "./draw_queue.js";
import { newId } from "./new_id.js";
import { number, say } from "./words.js";

const LONGEST = 300;

export class Deeds {
  #history = [];
  #isUndoing = false;
  /** Told when there are more or fewer deeds to take back. */
  changed = () => {};

  constructor({ drawings, queue, kinds, isPlaced, tell, features }) {
    Object.assign(this, { drawings, queue, kinds, isPlaced, tell, features });
  }

  get length() { return this.#history.length; }

  /** Say what candidates are: undecided ones become objects of the map, each its own; objects change their kind. */
  accept(ordinals, kind) {
    const all = this.#of(ordinals).filter((one) => one.shape !== "text");
    const fresh = all.filter((one) => one.state === "proposed" || one.state === "rejected");
    const other = all.filter((one) => one.state === "accepted" && one.kind !== kind);
    if (fresh.length + other.length === 0) return null;
    if (!this.isPlaced) {
      this.tell(say("draw.place_first"));
      return null;
    }
    // What a shape offers as one object, its sides or its hatching, is decided with it.
    const parts = this.#parts(fresh);
    const closed = numbers(fresh.filter((one) => one.state === "rejected"));
    const words = all.length === 1 ? this.kinds.label(kind) : say("draw.deed.accepted", { kind: this.kinds.label(kind), count: all.length });
    return this.#do({
      words,
      decisions: () => [
        ...(closed.length ? [{ do: "reopen", ordinals: closed }] : []),
        ...(fresh.length ? [{ do: "accept", ordinals: numbers(fresh), kind, as_one: false }] : []),
        ...(parts.length ? [{ do: "reject", ordinals: parts }] : []),
        ...other.map((one) => this.#changing(one.ordinal, { kind })),
      ],
      undo: closed.length || other.length ? null : [{ do: "reopen", ordinals: [...numbers(fresh), ...parts] }],
      show: () => this.#shown([...fresh, ...other], { state: "accepted", kind }, parts),
    });
  }

  reject(ordinals) {
    return this.#close(this.#of(ordinals).filter((one) => one.state === "proposed" || one.state === "accepted"), "rejected");
  }

  reopen(ordinals) {
    return this.#close(this.#of(ordinals).filter((one) => one.state === "rejected" || one.state === "accepted"), "proposed");
  }

  /** Make candidates rejected, or undecided again; what was drawn by hand is withdrawn. */
  #close(all, state) {
    if (!all.length) return null;
    const drawn = all.filter((one) => one.isHand), found = all.filter((one) => !one.isHand);
    const turned = numbers(found.filter((one) => one.state !== "proposed"));
    const isPlain = !drawn.length && !turned.length;
    return this.#do({
      words: say(state === "rejected" ? "draw.deed.rejected" : "draw.deed.reopened", { count: all.length }),
      decisions: () => [
        ...(drawn.length ? [{ do: "erase", feature_ids: drawn.map((one) => this.drawings.get(one.ordinal)?.featureId ?? one.featureId) }] : []),
        ...(turned.length ? [{ do: "reopen", ordinals: turned }] : []),
        ...(state === "rejected" && found.length ? [{ do: "reject", ordinals: numbers(found) }] : []),
      ],
      undo: isPlain ? [{ do: "reopen", ordinals: numbers(found) }] : null,
      show: () => this.#shown(all, { state, kind: null, name: "", ...(state === "proposed" ? { featureId: null } : {}) }),
    });
  }

  merge(ordinals) {
    const all = this.#of(ordinals).filter((one) => one.state === "proposed");
    if (all.length < 2) {
      this.tell(say("draw.merge_two"));
      return null;
    }
    return this.#do({ words: say("draw.deed.merged", { count: all.length }), decisions: () => [{ do: "merge", ordinals: all.map((one) => one.ordinal) }] });
  }

  split(ordinal, line) {
    return this.#do({ words: say("draw.deed.split"), decisions: () => [{ do: "split", ordinal, line }] });
  }

  draw(geometry, kind) {
    if (!this.isPlaced) {
      this.tell(say("draw.place_first"));
      return null;
    }
    const id = newId(); // sent again after a lost answer, it is drawn once
    return this.#do({ words: say("draw.deed.drawn", { kind: this.kinds.label(kind) }), decisions: () => [{ do: "draw", id, geometry, kind }], undo: [{ do: "erase", feature_ids: [id] }] });
  }

  /** Change what is known of an object: name, attributes, geometry in pixels. */
  change(ordinal, change, shown = {}) {
    const one = this.drawings.get(ordinal);
    if (one?.state !== "accepted") return null;
    return this.#do({
      words: say("draw.deed.changed", { kind: this.kinds.label(one.kind) }),
      decisions: () => [this.#changing(ordinal, change)],
      show: () => this.#shown([one], shown),
    });
  }

  /** Take the last deed back; one that is not sent yet is not sent. */
  async back() {
    const last = this.#history.at(-1);
    if (!last || this.#isUndoing) return null;
    this.#isUndoing = true;
    try {
      if (!this.queue.drop(last)) {
        if (this.queue.isUnreachable) return null; // it may be stored or not: that is known once the program answers
        await last.settled;
        if (last.state === "done" && last.undo) {
          const back = this.queue.add(new Deed({ words: say("draw.deed.undone", { what: last.words }), decisions: () => this.#asSeen(last.undo), isUndo: true }));
          await back.settled;
          if (back.state === "failed") return null;
        }
      }
      this.#forget(last);
      return last;
    } finally {
      this.#isUndoing = false;
    }
  }

  /** Send again what an earlier page could not send. */
  resume(kept) {
    const changed = new Set();
    for (const { words, decisions } of kept) {
      const took = () => { for (const one of decisions) if (one.do === "change") changed.add(one.feature_id); };
      this.#do({ words, decisions: () => this.#asSeen(decisions, (one) => changed.has(one.feature_id)), took, isResumed: true });
    }
  }

  /** Do again what was refused because somebody else was quicker, with what was made of it since. */
  redo({ words, show }, decisions) { this.#do({ words, show, decisions: () => this.#asSeen(decisions) }); }

  #changing(ordinal, change) {
    const { featureId, version } = this.drawings.get(ordinal);
    return { do: "change", feature_id: featureId, version, ...change };
  }

  /** Decisions with the versions of objects as this page has seen them last. */
  #asSeen(decisions, isMeant = () => true) {
    return decisions.map((one) => (one.do === "change" && isMeant(one) ? { ...one, version: this.drawings.versionOf(one.feature_id) } : one));
  }

  #of(ordinals) { return [...ordinals].map((ordinal) => this.drawings.get(ordinal)).filter((one) => one && one.state !== "merged"); }

  /** Undecided parts of shapes: the strokes of a hatching, the sides of a road. A short bar across a road may be a bridge: it stays. */
  #parts(all) {
    const own = new Set(numbers(all));
    const across = ({ box }) => Math.hypot(box[2] - box[0], box[3] - box[1]);
    const isPart = (whole, part) => part?.state === "proposed" && !own.has(part.ordinal) && (whole.shape !== "line" || across(part) > across(whole) / 4);
    return [...new Set(all.flatMap((whole) => whole.parts.filter((ordinal) => isPart(whole, this.drawings.get(ordinal)))))];
  }

  #shown(all, change, rejected = []) {
    const before = [...this.drawings.patch(all.map((one) => one.ordinal), change), ...this.drawings.patch(rejected, { state: "rejected" })];
    return () => this.drawings.restore(before);
  }

  #do(options) {
    const deed = new Deed(options);
    this.#history.push(deed);
    if (this.#history.length > LONGEST) this.#history.shift();
    this.queue.add(deed);
    deed.settled.then(() => { if (deed.state === "failed") this.#forget(deed); });
    this.changed();
    return deed;
  }

  #forget(deed) {
    const at = this.#history.indexOf(deed);
    if (at >= 0) this.#history.splice(at, 1);
    this.changed();
  }
}

const numbers = (all) => all.map((one) => one.ordinal);

/** "128 of 201 decided", with the language's own numbers. */
export const counted = ({ decided, of }) => say("draw.counted", { decided: number(decided), of: number(of) });
