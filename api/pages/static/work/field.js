// The field app: shows the view of the address, keeps the chip of the queue, sends when it can.
import { kept } from "./field_along.js";
import { begin, keep } from "./field_draft.js";
import { showHome } from "./field_home.js";
import { announce, button, complain, h, warn } from "./field_parts.js";
import { showVisit } from "./field_visit.js";
import { data, locale, say } from "./words.js";

const { all, clearSent, remove } = self.fieldDatabase;
const { send, wakeLater } = self.fieldSending;
const WEEK_MS = 7 * 24 * 3_600_000;
const LOOK_MS = 5_000;
const main = document.getElementById("main");
const chip = document.getElementById("chip");
let leave = null;
let installing = null;
let registration = null;
let showing = Promise.resolve();

const go = (hash) => { if (location.hash === hash) return show(); location.hash = hash; return undefined; };
const actions = {
  go, again: () => show(), send: sendNow, install: null,
  async begin() {
    try {
      const draft = begin(await kept());
      await keep(draft);
      go(`#/visit/${draft.id}/where`);
    } catch (error) {
      complain(error);
    }
  },
};

/** Show what the address names; one view after the other. */
function show() {
  showing = showing.then(view, view);
  return showing;
}
async function view() {
  const [, what, id, step] = location.hash.split("/");
  leave?.();
  leave = null;
  const along = await kept();
  if (what === "visit" && id && along) leave = (await showVisit(main, id, step, { along, go, saved })) ?? null;
  else {
    await showHome(main, actions);
    if (location.hash === "#/queue") document.getElementById("queue").scrollIntoView();
  }
  await showChip();
}

async function saved() {
  go("#/queue");
  announce(say("visiting.saved"));
  await showChip();
  await wakeLater(registration);
  await sendNow();
}

/** What somebody else took along is not for who is signed in now, whose rights may be others; visits and drafts stay. */
async function letGoOfOthers() {
  const taken = (await all("kept")).filter((along) => along.account);
  if (!taken.length || !navigator.onLine) return;
  const me = await fetch("/api/v1/me", { headers: { Accept: "application/json" }, cache: "no-store" }).then((answer) => (answer.ok ? answer.json() : null)).catch(() => null);
  const others = me?.account_id ? taken.filter((along) => along.account !== me.account_id) : [];
  for (const along of others) await remove("kept", along.key);
  if (others.length) await show();
}

async function showChip() {
  const visits = await all("visits");
  const open = visits.filter((one) => one.state !== "sent");
  const stuck = open.filter((one) => one.state !== "waiting").length;
  chip.textContent = stuck ? say("visiting.chip.stuck", { count: stuck }) : open.length ? say("visiting.chip.waiting", { count: open.length }) : say(visits.length ? "visiting.chip.sent" : "visiting.chip.none");
  chip.className = stuck ? "chip stuck" : open.length ? "chip waiting" : "chip";
}

async function sendNow() {
  warn("");
  try {
    const { done } = await send({ now: true });
    // A browser gives up waking after a few failures: ask it anew, for when this page is closed.
    if (!done) await wakeLater(registration);
  } catch (error) {
    complain(error);
  }
}

/** While something waits, look whether it is time to try again. */
setInterval(() => { if (navigator.onLine) send().catch(complain); }, LOOK_MS);
addEventListener("online", () => sendNow());
addEventListener("hashchange", () => { warn(""); show(); });
new BroadcastChannel("ayilmap-field").addEventListener("message", async ({ data: what }) => {
  if (what.sending) announce(say("visiting.sending"));
  if (what.forgotten && location.hash.startsWith("#/visit/")) return go("#/");
  if ("ended" in what) announce(what.ended ? "" : say("visiting.all_sent"));
  await showChip();
  if (!location.hash.startsWith("#/visit/")) await show();
  if ("ended" in what) await offerUpdate();
  return undefined;
});
addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  installing = event;
  actions.install = async () => { await installing.prompt(); actions.install = null; await show(); };
  if (!location.hash.startsWith("#/visit/")) show();
});

/** A newer worker waits until nothing waits to be sent and nothing is half written, then until it is asked for. */
async function offerUpdate() {
  const place = document.getElementById("update");
  const waiting = registration?.waiting;
  place.hidden = !waiting;
  if (!waiting) return;
  const open = (await all("visits")).some((one) => one.state !== "sent") || (await all("drafts")).length > 0;
  const take = () => { navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true }); waiting.postMessage({ do: "take over" }); };
  place.replaceChildren(h("span", {}, say(open ? "visiting.update.waits" : "visiting.update.ready")), open ? "" : button(say("visiting.update.take"), take));
}

async function register() {
  if (!navigator.serviceWorker) return warn(say("visiting.no_worker"));
  try {
    registration = await navigator.serviceWorker.register("/field/worker.js", { scope: "/field/" });
  } catch (error) {
    if (navigator.onLine) console.warn(error);
    registration = (await navigator.serviceWorker.getRegistration("/field/")) ?? null;
    return undefined;
  }
  registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", offerUpdate));
  return offerUpdate();
}

await register();
if (self.caches) await (await caches.open("ayilmap-field-ground")).put("/field/language", new Response(locale.language)).catch(complain);
await clearSent(Date.now() - WEEK_MS);
await show();
document.documentElement.dataset.build = data.build;
document.documentElement.dataset.ready = "1";
await letGoOfOthers();
await sendNow();
