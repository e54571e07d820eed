// Asking the service: every answer is JSON, every error a problem (RFC 9457) with a text for the reader.
import { say } from "./words.js";

const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content ?? "";

/** An error that the service told, or that it could not be reached; `detail` is for people. */
export class Told extends Error {
  constructor(status, problem, etag = null) {
    super(problem.detail);
    Object.assign(this, { status, etag, detail: problem.detail, key: problem.key ?? "", params: problem.params ?? {}, fields: problem.fields ?? [], problem });
  }
}

/**
 * Ask the service; returns `{ body, etag, status, headers }`.
 * `json` or `form` is sent along; `version` is the ETag that was read (If-Match).
 */
export async function ask(method, path, { json, form, version, signal, headers = {} } = {}) {
  const sent = { Accept: "application/json", ...headers };
  if (method !== "GET" && meta("csrf-token")) sent[meta("csrf-header")] = meta("csrf-token");
  if (json !== undefined) sent["Content-Type"] = "application/json";
  if (version) sent["If-Match"] = version;
  let answer;
  try {
    // Never from the browser's memory: a job tells how far it is without a new version, and would be "not modified".
    answer = await fetch(path, { method, headers: sent, body: json === undefined ? form : JSON.stringify(json), signal, credentials: "same-origin", cache: "no-store" });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Told(0, { detail: say("frame.unreachable"), key: "frame.unreachable" });
  }
  const kind = answer.headers.get("Content-Type") ?? "";
  const body = kind.includes("json") ? await answer.json() : null;
  if (!answer.ok) throw new Told(answer.status, body ?? { detail: say("frame.unexpected", { status: answer.status }) }, answer.headers.get("ETag"));
  return { body, etag: answer.headers.get("ETag"), status: answer.status, headers: answer.headers };
}

export const get = (path, options) => ask("GET", path, options);
export const post = (path, json, options) => ask("POST", path, { json, ...options });
export const put = (path, json, options) => ask("PUT", path, { json, ...options });
export const patch = (path, json, version, options) => ask("PATCH", path, { json, version, ...options });

/** Wait for a job to be done; `told(progress, step)` hears how far it is. Rejects with what the job tells. */
export async function done(location, told = () => {}, { signal, everyMs = 400 } = {}) {
  for (;;) {
    const { body } = await get(location, { signal });
    told(body.progress ?? 0, body.step_text ?? body.step ?? "");
    if (body.is_finished) {
      if (body.state !== "done") throw new Told(422, { detail: body.error_text || body.detail || say("frame.unexpected", { status: body.state }), key: body.error_key ?? "" });
      return body;
    }
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
