// Trying the points that are set: after each change the service is asked, and only the newest answer counts.
import { post } from "./requests.js";
import { data } from "./words.js";

const REST_MS = 120; // after the last key press or step of a drag
const LATEST_MS = 400; // somebody who keeps dragging still sees where it leads

export class Trial extends EventTarget {
  #timer = 0;
  #waitsSince = 0;
  #asking = null;
  result = null;
  error = null;

  /** Ask again soon, with what `asks()` gives then: { body, ids }, the ids of the points in their order. */
  soon(asks) {
    this.#waitsSince ||= performance.now();
    clearTimeout(this.#timer);
    const rest = performance.now() - this.#waitsSince > LATEST_MS ? 0 : REST_MS;
    this.#timer = setTimeout(() => this.#ask(asks()), rest);
  }

  /** Nothing to ask: fewer points than any method needs. */
  drop() {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    this.#waitsSince = 0;
    this.#tell(null, null, null);
  }

  async #ask(sent) {
    this.#waitsSince = 0;
    this.#asking?.abort();
    const asking = (this.#asking = new AbortController());
    this.dispatchEvent(new Event("asked"));
    const began = performance.now();
    try {
      const { body: result } = await post(`/api/v1/sheets/${data.sheet.id}/placement-trial`, sent.body, { signal: asking.signal });
      if (asking === this.#asking) this.#tell(result, null, sent, performance.now() - began);
    } catch (error) {
      if (error.name !== "AbortError" && asking === this.#asking) this.#tell(null, error, sent);
    }
  }

  #tell(result, error, sent, took = 0) {
    Object.assign(this, { result, error });
    this.dispatchEvent(new CustomEvent("answer", { detail: { result, error, sent, took } }));
  }
}
