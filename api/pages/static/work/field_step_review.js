// Everything once more before it goes into the queue, and what would make it better evidence.
import { parts, steps } from "./field_draft.js";
import { button, h, moment, named } from "./field_parts.js";
import { data, metres, number, say } from "./words.js";

/** The last step. */
export function review(draft, { along, finished }) {
  const settlement = along.settlements.find((row) => row.id === draft.settlementId);
  const signed = draft.members.filter((one) => one.sign);
  const compared = (planned, actual, unit) => (planned === null && actual === null ? null : `${planned === null ? "–" : number(planned, digits(planned))} → ${actual === null ? "–" : number(actual, digits(actual))} ${unit}`);
  const lines = [
    ["where", data.labels.VisitTopic[draft.topic], [draft.title || draft.service, settlement && named(settlement)].filter(Boolean).join(", ")],
    ["where", say("visiting.place"), draft.place ? (draft.place.by === "hand" ? say("visiting.fix.hand") : say("visiting.place.device", { accuracy: metres(draft.place.accuracy) })) : say("visiting.place.none")],
    ["where", say("visiting.time"), moment(draft.visitedAt)],
    ["see", say("visiting.photos"), String(draft.photos.length)],
    ...draft.findings.map((one) => ["see", data.labels.Severity[one.severity], one.words]),
    ["see", say("visiting.summary"), draft.summary],
    ["compare", say("visiting.quantity"), compared(draft.plannedQuantity, draft.actualQuantity, draft.quantityUnit)],
    ["compare", say("visiting.money"), compared(draft.plannedSom, draft.actualSom, say("visiting.som"))],
    ["compare", say("visiting.standard"), draft.standardMet === null ? null : say(draft.standardMet ? "visiting.yes" : "visiting.no")],
    ["checklist", say("visiting.step.checklist"), scored(draft)],
    ...draft.followUps.map((one) => ["agreed", say("visiting.agreed.short"), [one.words, one.dueOn].filter(Boolean).join(" · ")]),
    ["agreed", say("visiting.recommendations"), draft.recommendations],
    ["members", say("visiting.step.members"), signed.map((one) => one.name).join(", ")],
  ].filter(([, , words]) => words);
  const available = steps(draft);
  const missing = draft.received[draft.id] ? [] : lacks(draft);
  const advice = draft.received[draft.id] ? [] : advises(draft, signed);
  const press = button(say("visiting.save"), () => finished(press), "primary save", { disabled: missing.length > 0 });
  return h("div", {},
    h("dl", { class: "card lines" }, lines.map(([step, term, words]) => h("div", {}, h("dt", {}, available.includes(step) ? h("a", { href: `#/visit/${draft.id}/${step}` }, term) : term), h("dd", {}, words)))),
    missing.length ? h("ul", { class: "said", role: "alert" }, missing.map(([step, words]) => h("li", {}, h("a", { href: `#/visit/${draft.id}/${step}` }, words)))) : "",
    advice.length ? h("ul", { class: "advice" }, advice.map((words) => h("li", {}, words))) : "",
    press, h("p", { class: "quiet hint" }, say("visiting.save.hint", { count: parts(draft).length })));
}

const digits = (value) => (Number.isInteger(value) ? 0 : 2);

function scored(draft) {
  const given = Object.values(draft.scores).filter((one) => one.score !== null);
  return draft.topic === "service" && given.length ? `${given.reduce((sum, one) => sum + one.score, 0)} / ${data.mostPoints} (${given.length} / ${data.checklist.length})` : null;
}

/** What the service would refuse for certain: said here, while the group is still on the spot. */
function lacks(draft) {
  const found = [];
  if (draft.topic === "activity" && !draft.activity) found.push(["where", say("visiting.lacks.activity")]);
  if (draft.topic === "service" && !draft.featureId && !draft.service.trim()) found.push(["where", say("visiting.lacks.service")]);
  if (!draft.settlementId) found.push(["where", say("visiting.lacks.settlement")]);
  const amounts = [draft.plannedQuantity, draft.actualQuantity, draft.plannedSom, draft.actualSom].filter((value) => value !== null);
  if (amounts.some((value) => !(value >= 0)) || [draft.plannedSom, draft.actualSom].some((value) => value !== null && !Number.isInteger(value))) found.push(["compare", say("visiting.lacks.number")]);
  if ((draft.plannedQuantity !== null || draft.actualQuantity !== null) && !draft.quantityUnit.trim()) found.push(["compare", say("visiting.lacks.unit")]);
  if (draft.topic === "service" && Object.values(draft.scores).some((one) => one.score !== null && !one.comment.trim())) found.push(["checklist", say("visiting.lacks.comment")]);
  return found;
}

function advises(draft, signed) {
  return [
    signed.length < 2 && say("visiting.advice.alone"),
    draft.members.length > signed.length && say("visiting.advice.unsigned"),
    !draft.place && say("visiting.advice.no_point"),
    draft.place?.by === "device" && draft.place.accuracy > data.coarseM && say("visiting.advice.coarse"),
    !draft.photos.length && say("visiting.advice.no_photo"),
  ].filter(Boolean);
}
