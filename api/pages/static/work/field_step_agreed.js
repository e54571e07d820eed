// What was agreed on the spot: who does what until when, and what the group recommends.
import { area, button, field, h, input } from "./field_parts.js";
import { newId } from "./new_id.js";
import { say } from "./words.js";

/** The step of agreements. */
export function agreed(draft, { save, wrong, wrongPart }) {
  const list = h("div", {});
  const render = () => list.replaceChildren(...draft.followUps.map((one, place) => h("div", { class: "card agreement" },
    one.id in draft.received ? h("p", {}, one.words, h("small", { class: "quiet" }, ` · ${say("visiting.received")}`)) : [
      field("words", say("visiting.agreed.words", { number: place + 1 }), area(one.words, (words) => { one.words = words; save(); }, { rows: 2 }), { wrong: wrongPart(one.id) }),
      field("due_on", say("visiting.agreed.due"), input(one.dueOn, (value) => { one.dueOn = value; save(); }, { type: "date" })),
      button(say("visiting.agreed.remove"), () => { draft.followUps.splice(draft.followUps.indexOf(one), 1); save(); render(); })])));
  render();
  return h("div", {}, list,
    button(say("visiting.agreed.add"), () => { draft.followUps.push({ id: newId(), words: "", dueOn: "" }); save(); render(); list.querySelector(".agreement:last-child textarea").focus(); }),
    draft.received[draft.id] ? "" : field("recommendations", say("visiting.recommendations"), area(draft.recommendations, (words) => { draft.recommendations = words; save(); }), { wrong: wrong("recommendations") }));
}
