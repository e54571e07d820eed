// A visit being written down, and what is sent of it in the end.
import { newId } from "./new_id.js";
import { data } from "./words.js";

const { put } = self.fieldDatabase;

/** A new draft of whoever took the plan along: it stays theirs, also where somebody else signs in on this phone. */
export const begin = ({ account, by }) => ({
  id: newId(), account: account ?? null, by: by ?? "", home: data.home, municipalityId: data.municipalityId, year: data.year, step: "where", visitedAt: new Date().toISOString(),
  topic: "activity", activity: null, featureId: null, settlementId: null, service: "", method: "observation", place: null,
  photos: [], findings: [], quantityUnit: "", plannedQuantity: null, actualQuantity: null, plannedSom: null, actualSom: null,
  plannedOn: null, actualOn: null, standardMet: null, summary: "", recommendations: "", scores: {}, followUps: [], members: [], groupId: null,
  received: {}, refusal: null, changedAt: null,
});

let writing = Promise.resolve();
/** Keep a draft as it is now; one after the other, so that the last word stands. Rejects where the phone is full. */
export function keep(draft) {
  draft.changedAt = new Date().toISOString();
  const copy = structuredClone(draft);
  writing = writing.catch(() => {}).then(() => put("drafts", copy));
  return writing;
}

/** Resolves when everything so far is written. */
export const written = () => writing.catch(() => {});

/** Of an activity, what the visit is compared with, as it was taken along. */
export const planned = (row) => ({ id: row.id, version: row.version, title: row.title, quantity: row.quantity, quantity_unit: row.quantity_unit, deadline_to: row.deadline_to, need_som: row.need_som, agreed: false });

/** The steps of a visit; the checklist is of services alone. What the service has received can't be changed any more. */
export function steps(draft) {
  const all = ["where", "see", "compare", ...(draft.topic === "service" ? ["checklist"] : []), "agreed", "members", "review"];
  if (!draft.received[draft.id]) return all;
  return all.filter((step) => ["see", "checklist", "agreed", "review"].includes(step));
}

/** The parts of a visit in the order in which they are sent: the visit, then what hangs on it, photos last. */
export function parts(draft) {
  const made = [
    { name: "monitoring-visits", id: draft.id, body: visitBody(draft) },
    ...draft.findings.filter((one) => one.words.trim()).map((one) => ({ name: "findings", id: one.id, body: { type: "Feature", geometry: null, properties: { visit_id: draft.id, severity: one.severity, words: one.words.trim() } } })),
    ...draft.followUps.filter((one) => one.words.trim()).map((one) => ({ name: "follow-ups", id: one.id, body: { visit_id: draft.id, words: one.words.trim(), due_on: one.dueOn || null } })),
    ...Object.entries(draft.scores).filter(([, one]) => one.score !== null).map(([item, one]) => ({ name: "checklist-scores", id: one.id, body: { visit_id: draft.id, item: Number(item), score: one.score, comment: one.comment.trim() } })),
    ...draft.photos.map((one) => ({ name: "photos", id: one.id, body: { caption: one.caption.trim() } })),
  ];
  return made.map((part) => draft.received[part.id] ?? { ...part, receipt: null });
}

function visitBody(draft) {
  const isDevice = draft.place?.by === "device";
  const hasQuantity = draft.plannedQuantity !== null || draft.actualQuantity !== null;
  return {
    type: "Feature",
    geometry: draft.place ? { type: "Point", coordinates: draft.place.lonlat } : null,
    properties: {
      settlement_id: draft.settlementId,
      activity_id: draft.topic === "activity" ? draft.activity?.id ?? null : null,
      feature_id: draft.topic === "service" ? draft.featureId : null,
      group_id: draft.groupId,
      topic: draft.topic,
      service: draft.topic === "service" ? draft.service.trim() : "",
      method: draft.method,
      visited_at: draft.visitedAt,
      // A point set by hand was read by no device: it has neither its time nor its accuracy.
      located_at: isDevice ? draft.place.at : null,
      accuracy_m: isDevice ? draft.place.accuracy : null,
      members: draft.members.filter((one) => one.sign).map((one) => one.name.trim()),
      member_count: draft.members.filter((one) => one.sign).length || null,
      signs: draft.members.filter((one) => one.sign).map((one) => ({ name: one.name.trim(), strokes: one.sign.strokes ?? [] })),
      quantity_unit: hasQuantity ? draft.quantityUnit.trim() : "",
      planned_quantity: draft.plannedQuantity,
      actual_quantity: draft.actualQuantity,
      planned_som: draft.plannedSom,
      actual_som: draft.actualSom,
      planned_on: draft.plannedOn || null,
      actual_on: draft.actualOn || null,
      standard_met: draft.standardMet,
      summary: draft.summary.trim(),
      recommendations: draft.recommendations.trim(),
    },
  };
}

const FIELD_OF_KEY = {
  "visit.activity_missing": "activity_id", "visit.activity_of_other_municipality": "activity_id", "visit.service_missing": "service", "visit.in_future": "visited_at",
  "visit.accuracy_without_point": "geometry", "visit.accuracy_impossible": "geometry", "visit.member_empty": "members", "visit.member_twice": "members", "visit.member_count": "members", "visit.sign_of_nobody": "members", "visit.sign_too_long": "members", "visit.sign_outside": "members",
  "visit.settlement_without_municipality": "settlement_id", "visit.feature_of_other_municipality": "feature_id", "visit.unit_missing": "quantity_unit", "visit.amount_impossible": "actual_quantity",
};
const STEP_OF_FIELD = {
  settlement_id: "where", activity_id: "where", feature_id: "where", service: "where", topic: "where", visited_at: "where", located_at: "where", accuracy_m: "where", geometry: "where", method: "where",
  summary: "see", quantity_unit: "compare", planned_quantity: "compare", actual_quantity: "compare", planned_som: "compare", actual_som: "compare", planned_on: "compare", actual_on: "compare", standard_met: "compare",
  recommendations: "agreed", members: "members", member_count: "members", signs: "members", group_id: "members",
};
const STEP_OF_PART = { findings: "see", photos: "see", "follow-ups": "agreed", "checklist-scores": "checklist" };

/** What a refused visit is mended from: `{ step, part, fields: { name: words }, words }`. */
export function refusalOf(visit) {
  const problem = visit.trouble?.problem ?? {};
  const part = visit.parts[problem.part ?? 0];
  const fields = Object.fromEntries((problem.fields ?? []).map((one) => [one.field.split(".").at(-1), one.text]));
  if (FIELD_OF_KEY[problem.key]) fields[FIELD_OF_KEY[problem.key]] = problem.detail;
  const first = Object.keys(fields).find((name) => STEP_OF_FIELD[name]);
  const step = STEP_OF_PART[part.name] ?? STEP_OF_FIELD[first] ?? "review";
  return { step, part: part.id, partName: part.name, fields, words: problem.detail ?? "" };
}

/** A finished visit as a draft again; parts that were received stay as they are. */
export const asDraft = (visit) => ({
  ...visit.draft,
  refusal: visit.state === "refused" ? refusalOf(visit) : null,
  received: Object.fromEntries(visit.parts.filter((part) => part.receipt).map((part) => [part.id, part])),
});

/** Whether somebody else than who took the plan along has written this, a draft or a visit. */
export const isOfAnother = (one, along) => Boolean(one.account && along?.account && one.account !== along.account);

/** A draft as a finished visit, waiting to be sent. */
export const asVisit = (draft, along) => ({
  id: draft.id, account: draft.account ?? along.account ?? null, by: draft.by || along.by || "", home: draft.home, state: "waiting", savedAt: new Date().toISOString(), tries: 0, nextTry: 0, trouble: null,
  title: draft.title ?? "", activity: draft.topic === "activity" ? draft.activity : null,
  parts: parts(draft), draft: { ...draft, refusal: null },
});
