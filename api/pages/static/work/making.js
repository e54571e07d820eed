// Making records so that an answer that is lost on the way makes no second one, and putting them back.
import { newId } from "./new_id.js";
import { post } from "./requests.js";

const AGAIN_MS = 800;
const asked = new Map(); // ids of what was sent and not answered yet, by address and content

/**
 * Make a record under an id of its own. Sent again, also by a second press, the same content is the same record;
 * where no answer came it is asked once more at once.
 */
export async function create(path, json) {
  const what = `${path} ${JSON.stringify(json)}`;
  if (!asked.has(what)) asked.set(what, newId());
  const sent = { ...json, id: asked.get(what) };
  try {
    const answer = await post(path, sent).catch(async (error) => {
      if (error.status !== 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      return post(path, sent);
    });
    asked.delete(what);
    return answer;
  } catch (error) {
    // What the service refused is not there; of anything else nobody knows, and the id is kept for the next try.
    if (error.status >= 400 && error.status < 500) asked.delete(what);
    throw error;
  }
}

/** Put a record back that was withdrawn, under its own id and with what was withdrawn with it. */
export const restore = async (kind, id) => post(`/api/v1/${kind}/${id}/restore`);
