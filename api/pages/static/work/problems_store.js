// What stands on the wall of a session as it was read last, and how it is kept fresh.
import { complain } from "./notices.js";
import { get } from "./requests.js";
import { data } from "./words.js";

export const EVENT = data.event?.id;
const ADDRESS = `/api/v1/events/${EVENT}/wall`;
const state = { wall: data.wall, etag: null, busy: 0, dragging: false };
let shown = () => {};

export const wall = () => state.wall;
export const groupOf = (problem) => state.wall.groups.find((one) => one.problem_id === problem);
export const noteOf = (id) => groupOfNote(id)?.notes.find((one) => one.id === id);
export const groupOfNote = (id) => state.wall.groups.find((one) => one.notes.some((note) => note.id === id));
export const isBusy = () => state.busy > 0 || state.dragging;

/** Say who draws the wall whenever it was read. */
export function onRead(drawer) { shown = drawer; }

/** Read the wall again; an answer that overtook a deed, and any while somebody drags, waits for the next. */
export async function refresh() {
  try {
    const { body, etag } = await get(ADDRESS, { headers: state.etag ? { "If-None-Match": state.etag } : {} });
    if (state.busy) return;
    Object.assign(state, { wall: body, etag });
    if (!state.dragging) shown();
  } catch (error) {
    if (error.status !== 304) throw error;
    state.etag = error.etag ?? state.etag; // the same wall, known to be so as of now
  }
}

/** Do something to the wall and read it again; what is refused is told, and what was drawn too early goes back. */
export async function act(work) {
  state.busy += 1;
  try {
    return await work();
  } catch (error) {
    state.etag = null;
    complain(error);
    return undefined;
  } finally {
    state.busy -= 1;
    if (!state.busy) await refresh().catch(complain);
  }
}

/** Somebody begins or ends to drag: the wall stands still meanwhile. */
export function dragging(yes) {
  state.dragging = yes;
  if (!yes && !state.busy) shown();
}
