// What is saved and what is not: the state of the queue, what the service refused, and other windows with the same sheet.
import { complain, tell } from "./notices.js";
import { say } from "./words.js";

/** Wire it; `begin()` sends what an earlier page left, `share(answer)` tells other windows of this browser, `heard` listens. */
export function wireSaving({ queue, drawings, desk, deeds, readCandidates, readAll, address }) {
  const line = document.getElementById("saved");
  const again = document.getElementById("again");
  const wire = "BroadcastChannel" in window ? new BroadcastChannel(`ayilmap ${address}`) : null;
  const saving = { heard: () => {}, share: (body) => wire?.postMessage(body), begin };

  function show({ waiting, isUnreachable }) {
    line.textContent = isUnreachable ? say("draw.kept", { count: waiting }) : waiting ? say("draw.saving") : say("draw.saved");
    line.parentElement.dataset.state = isUnreachable ? "kept" : waiting ? "saving" : "saved";
    again.hidden = !isUnreachable;
  }
  queue.changed = show;
  again.addEventListener("click", () => queue.again());
  addEventListener("online", () => queue.again());
  addEventListener("beforeunload", (event) => { if (queue.length) event.preventDefault(); });

  /** The service refused: the page was put back; what is stored now is shown beside what was meant. */
  queue.refused = async (deed, error) => {
    complain(error);
    if (error.status !== 409 && error.status !== 412 && error.status !== 404) return;
    const meant = deed.decisions().find((one) => one.do === "accept" || one.do === "change");
    const before = new Map(drawings.all.map((one) => [one.ordinal, `${one.state} ${one.kind}`]));
    await readAll();
    const other = (meant?.ordinals ?? []).map((ordinal) => drawings.get(ordinal)).filter((one) => one?.state === "accepted" && `${one.state} ${one.kind}` !== before.get(one.ordinal));
    if (other.length && meant.kind && other[0].kind !== meant.kind) askWhich(other, meant.kind);
    desk.refresh();
  };

  /** Both versions side by side; the person chooses. */
  function askWhich(ones, mine) {
    const card = document.getElementById("conflict");
    const [theirs] = ones;
    card.querySelector("p").textContent = say("draw.conflict", { theirs: desk.kinds.label(theirs.kind), mine: desk.kinds.label(mine) });
    const [keep, take] = card.querySelectorAll("button");
    keep.textContent = say("draw.conflict_keep", { kind: desk.kinds.label(theirs.kind) });
    take.textContent = say("draw.conflict_take", { kind: desk.kinds.label(mine) });
    keep.onclick = () => { card.hidden = true; };
    take.onclick = () => {
      card.hidden = true;
      deeds.accept(ones.map((one) => one.ordinal), mine);
    };
    card.hidden = false;
    desk.pick(ones.map((one) => one.ordinal));
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
      return false; // to change an object twice changes nothing; what was drawn twice can be seen and taken back
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
    const kept = queue.kept();
    if (!kept.length) return show({ waiting: 0, isUnreachable: false });
    tell(say("draw.resumed", { count: kept.length }));
    return deeds.resume(kept);
  }
  return saving;
}
