// What may be done to the wall; every deed is saved at once and can be taken back.
import { tell } from "./notices.js";
import { restore } from "./making.js";
import { ask, get, patch, post } from "./requests.js";
import { act, groupOf, groupOfNote, noteOf } from "./problems_store.js";
import { Steps } from "./undo.js";
import { data, number, say } from "./words.js";

const MOST_TRIES = 6;
const LONG_MS = 20_000;
export const steps = new Steps();

const short = (words) => (words.length > 40 ? `${words.slice(0, 39)}…` : words);
const feature = (properties) => ({ type: "Feature", properties });
const statement = (id) => `/api/v1/problem-statements/${id}`;
/** Let a problem that was seen in one group (`from`) count in another one, or alone (null). */
const move = (problem, from, into) =>
  post(`/api/v1/problems/${problem}/move`, { from_id: from, into_id: into, reason: say("wall.reason", { group: data.event.group }) });

/** Note a step and how it is taken back; a failure there is the step's, so that it stays. */
const note = (key, title, back) => steps.note(say(key, { title: short(title) }), async () => {
  let fault = null;
  await act(() => back().catch((error) => { fault = error; }));
  if (fault) throw fault;
});

/** Put notes into the group of a problem, or let each stand alone (null); one step to take back. */
export function put(ids, into) {
  return act(async () => {
    const backs = [];
    const heads = new Map(); // what groups count for now whose head has gone
    const headOf = (problem) => (heads.has(problem) ? headOf(heads.get(problem)) : problem);
    const title = into === null ? say("wall.alone") : groupOf(into)?.title ?? "";
    try {
      for (const id of ids) {
        const [one, from] = [noteOf(id), groupOfNote(id)];
        if (!one || from.problem_id === into || (into === null && from.notes.length === 1)) continue;
        const seen = headOf(from.problem_id);
        const { body } = await move(one.problem_id, seen, into).catch((error) => elsewhere(error, one, into));
        if (!body) continue;
        if (body.others_id) heads.set(seen, body.others_id);
        const was = body.others_id ?? (one.problem_id === seen ? null : seen);
        backs.unshift(() => move(one.problem_id, groupOfNote(id)?.problem_id ?? one.problem_id, was)); // groups may have another head by then
      }
    } finally {
      if (backs.length) {
        note("wall.step.moved", title, async () => { for (const back of backs) await back(); });
        tell(say("wall.moved", { count: backs.length, title: short(title) }), { undo: () => steps.back() });
      }
    }
  });
}

/** Somebody moved a note meanwhile: it stays where they put it, and whoever was later is told and may put it elsewhere. */
function elsewhere(error, note, into) {
  if (error.status !== 412) throw error;
  tell(say("wall.put_elsewhere", { note: short(note.wording), title: short(error.problem.current.title) }), { also: { text: say("wall.mine_after_all"), press: () => put([note.id], into) }, stays: LONG_MS });
  return {};
}

/** Change a note; `change(current)` gives the fields. Where somebody was quicker the change is made on theirs. */
async function changeNote(id, change) {
  for (let tried = 1; ; tried += 1) {
    const { body, etag } = await get(statement(id));
    try {
      return await patch(statement(id), feature(change(body.properties)), etag);
    } catch (error) {
      if (error.status !== 412 || tried === MOST_TRIES) throw error;
    }
  }
}

const waiting = new Map();

/** Count more or fewer notes on a pile; presses while the last one is being saved are sent together. */
export function count(id, by, show = () => {}) {
  const one = noteOf(id);
  const at = waiting.get(id);
  const votes = one.votes + (at ? at.saved + at.more : 0) + by;
  if (votes < 0) return;
  show(number(votes));
  if (at) { at.more += by; return; }
  const sum = { more: by, saved: 0 };
  waiting.set(id, sum);
  const add = (more) => changeNote(id, (now) => ({ votes: Math.max(now.votes + more, 0) }));
  act(async () => {
    try {
      while (sum.more) {
        const more = sum.more;
        sum.more = 0;
        await add(more);
        sum.saved += more;
      }
    } finally {
      waiting.delete(id);
      if (sum.saved) note("wall.step.counted", one.wording, () => add(-sum.saved));
    }
  });
}

/** Word a note otherwise. Where somebody did so meanwhile nothing is changed and their words are returned. */
export async function reword(id, wording, seen, { anyway = false } = {}) {
  let theirs;
  await act(async () => {
    const { body, etag } = await get(statement(id));
    const before = body.properties.wording;
    if (before === wording) return;
    if (before !== seen && !anyway) { theirs = before; return; }
    await patch(statement(id), feature({ wording }), etag);
    note("wall.step.worded", before, () => changeNote(id, () => ({ wording: before })));
  });
  return theirs;
}

/** Call a group otherwise; its notes keep their words. */
export async function rename(problem, title, seen, { anyway = false } = {}) {
  const address = `/api/v1/problems/${problem}`;
  let theirs;
  await act(async () => {
    const { body, etag } = await get(address);
    const before = body.properties.title;
    if (before === title) return;
    if (before !== seen && !anyway) { theirs = before; return; }
    await patch(address, feature({ title }), etag);
    note("wall.step.renamed", before, async () => patch(address, feature({ title: before }), (await get(address)).etag));
  });
  return theirs;
}

const takeOff = async (id) => {
  const { body, etag } = await get(statement(id));
  await ask("DELETE", `${statement(id)}?${new URLSearchParams({ reason: say("wall.removed_reason") })}`, { version: etag });
  return body;
};

/** Take a note off the wall; taken back, it stands again in its group, as it was. */
export function remove(id) {
  return act(async () => {
    const { properties } = await takeOff(id);
    note("wall.step.removed", properties.wording, () => restore("problem-statements", id));
    tell(say("wall.removed"), { undo: () => steps.back() });
  });
}

/** Note that notes were written, so that they can be taken off again. */
export const wrote = (ids, words) => note("wall.step.written", words, async () => { for (const id of ids) await takeOff(id); });
