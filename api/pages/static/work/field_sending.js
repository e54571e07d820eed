// Sends visits until the service has given a receipt for each part (classic script: page and worker share it).
// A part keeps its UUIDv7 for ever and is PUT, a photo is known by its bytes: sent twice, it is stored once.
(() => {
  const { all, alter, one } = self.fieldDatabase;
  const LOCK = "ayilmap-field-sending";
  const FIRST_WAIT_MS = 5_000;
  const LONGEST_WAIT_MS = 30 * 60_000;
  const LONGEST_ANSWER_MS = 5 * 60_000; // a photo over a slow line
  const PATHS = { "monitoring-visits": "/api/v1/monitoring-visits/", findings: "/api/v1/findings/", "follow-ups": "/api/v1/follow-ups/", "checklist-scores": "/api/v1/checklist-scores/" };
  const told = new BroadcastChannel("ayilmap-field");

  /** Tell every open page that the queue has changed. */
  const tell = (what) => told.postMessage(what);

  class Stopped extends Error {
    constructor(reason, problem) {
      super(problem?.detail ?? reason);
      Object.assign(this, { reason, problem });
    }
  }

  async function ask(path, options) {
    let answer;
    try {
      answer = await fetch(path, { credentials: "same-origin", cache: "no-store", redirect: "error", signal: AbortSignal.timeout(LONGEST_ANSWER_MS), ...options });
    } catch {
      throw new Stopped("unreachable");
    }
    let body = null;
    try {
      if ((answer.headers.get("Content-Type") ?? "").includes("json")) body = await answer.json();
    } catch {
      throw new Stopped("unreachable"); // cut off in the middle of the answer
    }
    return { status: answer.status, ok: answer.ok, body };
  }

  /** Who sends, and the token that our pages write with; a session that is over is told, nothing is lost. */
  async function session() {
    const me = await ask("/api/v1/me", { headers: { Accept: "application/json" } });
    if (!me.ok || !me.body) throw new Stopped("unreachable");
    if (me.body.is_public) throw new Stopped("signed_out");
    return { account: me.body.account_id, headers: { Accept: "application/json", ...(me.body.csrf_token ? { "X-CSRF-Token": me.body.csrf_token } : {}) } };
  }

  async function sendPart(visit, part, headers) {
    if (part.name !== "photos") return ask(PATHS[part.name] + part.id, { method: "PUT", headers: { ...headers, "Content-Type": "application/json" }, body: JSON.stringify(part.body) });
    const photo = await one("photos", part.id);
    if (!photo) throw new Stopped("refused", { detail: "", key: "photo_lost" });
    const form = new FormData();
    form.append("id", part.id);
    form.append("caption", part.body.caption ?? "");
    form.append("file", new File([photo.blob], `${part.id}.jpg`, { type: "image/jpeg" }));
    return ask(`/api/v1/monitoring-visits/${visit.id}/photos`, { method: "POST", headers, body: form });
  }

  /** Compare the activity with what was taken along: who planned may have changed or withdrawn it meanwhile. */
  async function checkPlan(visit, headers) {
    const planned = visit.activity;
    if (!planned || planned.agreed || visit.parts[0].receipt) return;
    const now = await ask(`/api/v1/activities/${planned.id}`, { headers });
    if (now.status === 404 || now.status === 410) throw new Stopped("plan_changed", { withdrawn: true });
    if (!now.ok) return; // the sending itself will be told what is wrong
    const values = now.body.properties ?? now.body;
    const differs = ["title", "quantity", "quantity_unit", "deadline_to", "need_som"].filter((name) => (planned[name] ?? null) !== (values[name] ?? null));
    if (differs.length) throw new Stopped("plan_changed", { withdrawn: false, differs, now: Object.fromEntries(differs.map((name) => [name, values[name]])) });
  }

  async function sendVisit(visit, { account, headers }) {
    // On a phone that several people share nobody reports in the name of another one without saying so.
    if (visit.account && account && visit.account !== account) throw new Stopped("other_account");
    await checkPlan(visit, headers);
    for (const [place, part] of visit.parts.entries()) {
      if (part.receipt) continue;
      const answer = await sendPart(visit, part, headers);
      if (answer.status === 401) throw new Stopped("signed_out");
      if (answer.status === 429 || answer.status >= 500) throw new Stopped("unreachable", answer.body);
      if (!answer.ok) throw new Stopped("refused", { ...(answer.body ?? { detail: "" }), status: answer.status, part: place });
      const said = answer.body?.properties ?? answer.body;
      const id = answer.body?.id ?? said?.id;
      if (!id || (part.name !== "photos" && id !== part.id)) throw new Stopped("unreachable"); // an answer of somebody between us
      const receipt = { id, version: said.version, at: new Date().toISOString(), isNew: answer.status === 201 };
      await alter(visit.id, (stored) => { stored.parts[place].receipt = receipt; stored.tries = 0; });
      tell({ sent: visit.id, part: place });
    }
    await alter(visit.id, (stored) => { Object.assign(stored, { state: "sent", sentAt: new Date().toISOString(), trouble: null }); });
  }

  const waitMs = (tries) => Math.min(FIRST_WAIT_MS * 2 ** Math.min(tries, 10), LONGEST_WAIT_MS);

  /** Send what waits, one visit after the other; only one page or worker does so at a time. `now`: whatever the waiting time. */
  async function send({ now = false } = {}) {
    return navigator.locks.request(LOCK, { ifAvailable: !now }, async (lock) => {
      if (!lock) return { done: false, reason: "busy" };
      const due = (await all("visits")).filter((visit) => visit.state === "waiting" && (now || (visit.nextTry ?? 0) <= Date.now()));
      if (!due.length) return { done: true };
      due.sort((one, other) => (one.id < other.id ? -1 : 1));
      tell({ sending: due.length });
      let stopped = null;
      try {
        const sender = await session();
        for (const visit of due) stopped = (await attempt(visit, sender)) ?? stopped;
      } catch (error) {
        if (!(error instanceof Stopped)) throw error;
        stopped = error.reason;
        for (const visit of due) await note(visit.id, error);
      }
      tell({ ended: stopped });
      return { done: stopped === null, reason: stopped };
    });
  }

  async function attempt(visit, sender) {
    try {
      await sendVisit(visit, sender);
      return null;
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
      await note(visit.id, error);
      if (error.reason === "unreachable" || error.reason === "signed_out") throw error; // the next would fare no better
      return error.reason;
    }
  }

  async function note(id, error) {
    await alter(id, (stored) => {
      if (stored.state !== "waiting") return;
      const tries = (stored.tries ?? 0) + 1;
      stored.trouble = { reason: error.reason, at: new Date().toISOString(), problem: error.problem ?? null };
      if (error.reason === "refused" || error.reason === "plan_changed") stored.state = error.reason;
      else Object.assign(stored, { tries, nextTry: Date.now() + waitMs(tries - 1) });
    });
  }

  /** Ask the browser to wake the worker when there is a connection again, where it can. */
  async function wakeLater(registration) {
    try {
      await registration?.sync?.register("ayilmap-field-send");
    } catch { /* not allowed or not there: opening the page sends as well */ }
  }

  /** Do something while nobody sends. */
  const alone = (work) => navigator.locks.request(LOCK, work);

  self.fieldSending = { send, wakeLater, alone, tell };
})();
