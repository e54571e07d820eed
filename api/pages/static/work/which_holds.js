// Two said different things: both are shown, and the person chooses which one holds.
import { make } from "./elements.js";

/** A card of a page, hidden until there is something to ask. */
export class WhichHolds {
  #asked = Promise.resolve();

  constructor(card) { this.card = card; }

  /**
   * Ask, one question after the other; resolves to whether the person's own holds.
   * `rows` are [{ what, theirs, mine }] in words, `keep` and `take` what the buttons say; `shown()` hears when it is its turn.
   */
  ask(question) {
    const answer = this.#asked.then(() => this.#show(question));
    this.#asked = answer;
    return answer;
  }

  #show({ words, rows = [], keep, take, shown = () => {} }) {
    return new Promise((resolve) => {
      const button = (look, text, isMine) => make("button", { type: "button", class: look, onclick: () => {
        this.card.hidden = true;
        this.card.replaceChildren();
        resolve(isMine);
      } }, text);
      const both = rows.flatMap(({ what, theirs, mine }) => [...(what ? [make("dt", {}, what)] : []), make("dd", {}, theirs), make("dd", {}, mine)]);
      this.card.replaceChildren(make("p", {}, words), ...(both.length ? [make("dl", {}, ...both)] : []), button("primary", keep, false), " ", button("secondary", take, true));
      this.card.hidden = false;
      shown();
    });
  }
}
