// What was done on this page, so that Z takes it back step by step.
import { complain, tell } from "./notices.js";
import { say } from "./words.js";

const LONGEST = 200;

/** Steps that can be taken back; `changed()` is called when there are more or fewer. */
export class Steps {
  #done = [];
  #turn = Promise.resolve();
  changed = () => {};

  /** Note a step: its words, and an async function that takes it back. */
  note(text, back) {
    this.#done.push({ text, back });
    if (this.#done.length > LONGEST) this.#done.shift();
    this.changed();
  }

  get length() { return this.#done.length; }

  /** Take the last step back, after those that are being taken back already; when that fails the step stays. */
  back() {
    this.#turn = this.#turn.then(() => this.#takeBack());
    return this.#turn;
  }

  async #takeBack() {
    const last = this.#done.at(-1);
    if (!last) return;
    try {
      await last.back();
      this.#done.splice(this.#done.lastIndexOf(last), 1);
      tell(say("frame.undone", { what: last.text }));
    } catch (error) {
      complain(error);
    } finally {
      this.changed();
    }
  }

  /** Let Z, and Ctrl or ⌘ with Z, take the last step back wherever nobody is typing. */
  listen() {
    document.addEventListener("keydown", (event) => {
      if (event.code !== "KeyZ" || event.altKey || event.shiftKey || isTyping(event.target)) return;
      event.preventDefault();
      this.back();
    });
  }
}

/** Whether a key press is meant for a field. */
export const isTyping = (element) => element instanceof HTMLElement && (element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName) && !/^(checkbox|radio|range|button)$/.test(element.type));
