// What is saved and what is not: the state of the queue, what the service refused, and other windows with the same sheet.
import { putTogether } from "./draw_conflict.js";
import { complain, tell } from "./notices.js";
import { get } from "./requests.js";
import { say } from "./words.js";

/** Wire it; `begin()` sends what an earlier page left, `share(answer)` tells other windows of this browser, `heard` listens. */
export function wireSaving({ queue, drawings, desk, deeds, conflicts, readCandidates, readAll, address }) {
  const line = document.getElementById("saved");
  const again = document.getElementById("again");
  const wire = "BroadcastChannel" in window ? new BroadcastChannel(`ayilmap ${address}`) : null;
  const saving = { heard: () => {}, share: (body) => wire?.postMessage(body), begin };

  let settling = 0; // refused, and not decided yet what is to hold

  function show({ waiting, isUnreachable }) {
    line.textContent = isUnreachable ? say("draw.kept", { count: waiting }) : waiting ? say("draw.saving") : settling ? say("draw.asking") : say("draw.saved");
    line.parentElement.dataset.state = isUnreachable ? "kept" : waiting ? "saving" : settling ? "asking" : "saved";
    again.hidden = !isUnreachable;
  }
  queue.changed = show;
  queue.stopped = () => complain({ detail: say("draw.signed_out") });
  queue.isSomebodyElse = async () => {
    try {
      return (await get("/api/v1/me")).body.account_id !== queue.account.id;
    } catch (error) {
      return error.status === 401;
    }
  };
  again.addEventListener("click", () => queue.again());
  addEventListener("online", () => queue.again());
  addEventListener("beforeunload", (event) => { if (queue.length || settling) event.preventDefault(); });

  /** The service refused: the page was put back; what is stored now is shown beside what was meant. */
  queue.refused = async (deed, error) => {
    if (error.status !== 412) complain(error);
    if (error.status !== 409 && error.status !== 412 && error.status !== 404) return;
    const meant = deed.decisions();
    const before = drawings.all;
    settling += 1;
    try {
      await readAll();
      desk.refresh();
      if (error.status === 412) await bothChanged(deed, meant, before);
      else await bothSaid(meant.find((one) => one.do === "accept"), before);
    } catch (fault) {
      complain(fault);
    } finally {
      settling -= 1;
      show({ waiting: queue.length, isUnreachable: queue.isUnreachable });
    }
  };

  /** Somebody else said what these are. */
  async function bothSaid(meant, before) {
    const known = new Map(before.map((one) => [one.ordinal, one]));
    const ones = (meant?.ordinals ?? []).map((ordinal) => drawings.get(ordinal)).filter((one) => one?.state === "accepted" && (known.get(one.ordinal)?.state !== "accepted" || known.get(one.ordinal).kind !== one.kind));
    const [theirs] = ones;
    if (!theirs || theirs.kind === meant.kind) return;
    const [kind, mine] = [desk.kinds.label(theirs.kind), desk.kinds.label(meant.kind)];
    const ordinals = ones.map((one) => one.ordinal);
    const isMine = await conflicts.ask({ words: say("draw.conflict", { theirs: kind, mine }), keep: say("draw.conflict_keep", { kind }), take: say("draw.conflict_take", { kind: mine }), shown: () => desk.pick(ordinals) });
    if (isMine) deeds.accept(ordinals, meant.kind);
  }

  /** Somebody else changed an object that was changed here. */
  async function bothChanged(deed, meant, before) {
    const known = new Map(before.filter((one) => one.featureId).map((one) => [one.featureId, one]));
    const rows = [], changed = [];
    const decisions = meant.map((one) => {
      const now = drawings.all.find(({ featureId }) => featureId === one.feature_id);
      if (one.do !== "change" || !now) return one;
      const found = putTogether(one, known.get(one.feature_id) ?? now, now, { kinds: desk.kinds, questions: desk.panel.questions });
      rows.push(...found.rows);
      if (found.rows.length) changed.push(now);
      return found.change;
    });
    desk.panel.refresh(desk.picked);
    const what = changed[0]?.name || desk.kinds.label(changed[0]?.kind);
    const isMine = !rows.length || (await conflicts.ask({ words: say("draw.conflict_changed", { what }), rows, keep: say("draw.conflict_keep_theirs"), take: say("draw.conflict_take_mine"), shown: () => desk.pick(changed.map((one) => one.ordinal)) }));
    if (isMine) deeds.redo(deed, decisions);
  }

  /** After the connection was lost while sending: all or none was stored, so one decision tells it for all. */
  queue.isStored = async (sent) => {
    const now = new Map((await readCandidates()).map(({ properties, geometry }) => [properties.ordinal, { ...properties, geometry }]));
    const isThere = (one) => {
      const states = (one.ordinals ?? [one.ordinal]).map((ordinal) => now.get(ordinal)?.state);
      if (one.do === "accept") return states.every((state) => state === "accepted");
      if (one.do === "reject") return states.every((state) => state === "rejected");
      if (one.do === "reopen") return states.every((state) => state === "proposed");
      if (one.do === "merge" || one.do === "split") return states.every((state) => state === "merged" || state === undefined);
      return false; // a change that stands already is no other one; what was drawn twice can be seen and taken back
    };
    const isStored = sent.flatMap((deed) => deed.decisions()).every(isThere);
    if (isStored) await readAll();
    return isStored;
  };

  wire?.addEventListener("message", async ({ data: body }) => {
    drawings.take(body.candidates);
    drawings.takeObjects(body.features, body.withdrawn);
    desk.refresh();
    await saving.heard(body);
  });

  // Another computer may have worked on the sheet while this window was out of sight.
  document.addEventListener("visibilitychange", async () => {
    if (document.hidden || queue.length) return;
    try {
      await readAll();
      desk.refresh();
    } catch { /* the next decision tells */ }
  });

  function begin() {
    const others = queue.ofOthers();
    const told = document.getElementById("others-wait");
    told.hidden = !others.length;
    told.textContent = others.map(({ name, count }) => say("draw.others_wait", { name, count })).join(" ");
    const kept = queue.kept();
    if (!kept.length) return show({ waiting: 0, isUnreachable: false });
    tell(say("draw.resumed", { count: kept.length }));
    return deeds.resume(kept);
  }
  return saving;
}
