// The checklist of a service: 18 items, at most 30 points, a comment for every score.
import { area, choice, field, h } from "./field_parts.js";
import { newId } from "./new_id.js";
import { data, say } from "./words.js";

/** The step of the checklist; it may stay partial. */
export function checklist(draft, { save, wrongPart }) {
  const total = h("p", { class: "total", role: "status" });
  const count = () => {
    const given = Object.values(draft.scores).filter((one) => one.score !== null);
    total.textContent = say("visiting.checklist.total", { points: given.reduce((sum, one) => sum + one.score, 0), most: data.mostPoints, scored: given.length, items: data.checklist.length });
  };
  const row = ({ number, label, most }) => {
    const entry = (draft.scores[number] ??= { id: newId(), score: null, comment: "" });
    if (entry.id in draft.received) return h("p", { class: "card" }, `${number}. ${label}: ${entry.score}`, h("small", { class: "quiet" }, ` · ${say("visiting.received")}`));
    const comment = field("comment", say("visiting.checklist.comment"), area(entry.comment, (words) => { entry.comment = words; save(); }, { rows: 2 }), { wrong: wrongPart(entry.id) });
    comment.hidden = entry.score === null;
    const points = [...Array.from({ length: most + 1 }, (_, score) => [score, String(score)]), [null, "–"]];
    return h("div", { class: "item", data: { item: number } },
      choice("score", `${number}. ${label}`, points, entry.score, (score) => { entry.score = score; comment.hidden = score === null; save(); count(); }), comment);
  };
  const rows = data.checklist.map(row);
  count();
  return h("div", {}, h("p", { class: "quiet" }, say("visiting.checklist.hint")), total, rows);
}
