// What was done on this page, so that Z takes it back step by step.
import { complain, tell } from "./notices.js";
import { say } from "./words.js";

const LONGEST = 200;

/** Steps that can be taken back; `changed()` is called when there are more or fewer. */
export class Steps {
  #done = [];
  #busy = false;
  changed = () => {};

  /** Note a step: its words, and an async function that takes it back. */
  note(text, back) {
    this.#done.push({ text, back });
    if (this.#done.length > LONGEST) this.#done.shift();
    this.changed();
  }

  get length() { return this.#done.length; }

  /** Take the last step back; when that fails the step stays. */
  async back() {
    const last = this.#done.at(-1);
    if (!last || this.#busy) return;
    this.#busy = true;
    try {
      await last.back();
      this.#done.pop();
      tell(say("frame.undone", { what: last.text }));
    } catch (error) {
      complain(error);
    } finally {
      this.#busy = false;
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
