// Somebody else changed an object meanwhile: what goes together is put together; of the rest both are told.
import { answerWords } from "./draw_answers.js";
import { eachPosition, isSameShape } from "./draw_store.js";
import { number, say } from "./words.js";

const HELD = { kind: "kind", name_ky: "name", geometry: "geometry" };

/**
 * Put a change of an object together with what somebody else made of it: `known` is the object that the change was made
 * on, `now` as it stands. Returns `{ change, rows }`, the rows where both said something and not the same.
 */
export function putTogether(wanted, known, now, { kinds, questions }) {
  const change = { ...wanted }, rows = [];
  const tell = { kind: (kind) => kinds.label(kind), name_ky: (name) => name || "—", geometry: (shape) => say("draw.conflict.corners", { number: number(cornersOf(shape)) }) };
  for (const [field, held] of Object.entries(HELD)) {
    if (wanted[field] === undefined || isSame(now[held], known[held]) || isSame(now[held], wanted[field])) continue;
    rows.push({ what: say(`draw.conflict.${field}`), ...both(tell[field](now[held]), tell[field](wanted[field])) });
  }
  if (wanted.attributes) {
    const [before, theirs, mine] = [known.attributes ?? {}, now.attributes ?? {}, wanted.attributes];
    change.attributes = { ...theirs };
    for (const name of new Set([...Object.keys(before), ...Object.keys(mine)])) {
      if (isSame(mine[name], before[name])) continue;
      if (mine[name] === undefined) delete change.attributes[name];
      else change.attributes[name] = mine[name];
      if (isSame(theirs[name], before[name]) || isSame(theirs[name], mine[name])) continue;
      rows.push({ what: say(`attribute.${name}`), ...both(answerWords(name, theirs[name], { kinds, questions }), answerWords(name, mine[name], { kinds, questions })) });
    }
  }
  return { change, rows };
}

const both = (theirs, mine) => ({ theirs: say("draw.conflict_theirs", { value: theirs }), mine: say("draw.conflict_mine", { value: mine }) });

function cornersOf(shape) {
  let count = 0;
  eachPosition(shape, () => { count += 1; });
  return count;
}

const isSame = (one, other) => (one?.type && other?.type ? isSameShape(one, other) : JSON.stringify(one ?? null) === JSON.stringify(other ?? null));
