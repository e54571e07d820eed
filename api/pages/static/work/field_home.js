// The first view: what is taken along, visits begun, visits to be sent, and what to do when all fails.
import { asDraft, isOfAnother } from "./field_draft.js";
import { kept, takeAlong, takeGround } from "./field_along.js";
import { bringIn, saveAsFile } from "./field_file.js";
import { forgetting } from "./field_forget.js";
import { free } from "./field_ground.js";
import { NotTaken } from "./field_not_taken.js";
import { announce, bytes, button, complain, h, moment, warn } from "./field_parts.js";
import { data, say } from "./words.js";

const { all, alter, clearSent, discard, reopen } = self.fieldDatabase;

/** Show the first view; `actions` are `begin`, `send`, `go`, `install` (or null), `again` (shows this view anew). */
export async function showHome(place, actions) {
  const [along, drafts, visits] = await Promise.all([kept(), all("drafts"), all("visits")]);
  const mine = drafts.filter((one) => one.home === data.home).sort((one, other) => (one.id < other.id ? 1 : -1));
  place.replaceChildren(
    h("h1", { tabindex: -1, id: "heading" }, say("visiting.title"), h("small", {}, `${data.municipality} · ${data.year}`)),
    h("p", { class: "begin" }, button(say("visiting.begin"), actions.begin, "primary large", { disabled: !along })),
    alongCard(along, actions),
    mine.length ? h("section", {}, h("h2", {}, say("visiting.drafts")), mine.map((one) => draftCard(one, along, actions))) : "",
    queueSection(visits, along, actions),
    fileSection(visits, actions),
    along || drafts.length || visits.length ? forgetting({ drafts, visits }, actions) : "",
    actions.install ? h("p", {}, button(say("visiting.install"), actions.install)) : "");
}

function alongCard(along, actions) {
  const told = h("p", { class: "quiet", role: "status" });
  const taking = (take) => async (event) => {
    const press = event.currentTarget;
    press.disabled = true;
    warn("");
    try {
      const { ground } = await take((words) => { told.textContent = words; });
      await actions.again();
      announce(say(ground.missing ? "visiting.along.done_but_ground" : "visiting.along.done"));
    } catch (error) {
      await actions.again();
      if (error instanceof NotTaken) warn(error.message);
      else complain(error);
    }
  };
  return h("section", { class: "card along" },
    h("h2", {}, say(along ? "visiting.along.have" : "visiting.along.first")),
    along ? h("p", { class: "size" }, say("visiting.along.since", { moment: moment(along.at) }), h("br"), sizes(along)) : h("p", {}, say("visiting.along.why")),
    along && !along.isLasting ? h("p", { class: "quiet" }, say("visiting.along.not_lasting")) : "",
    along?.ground.missing ? groundOffer(along.ground, taking(takeGround)) : "",
    told, button(say(along ? "visiting.along.again" : "visiting.along.take"), taking(takeAlong), along ? "secondary" : "primary"));
}

const sizes = ({ activities, features, ground, bytes: own }) => [
  say("visiting.along.activities", { count: activities.length }), say("visiting.along.objects", { count: features.length }),
  ground.count ? say("visiting.along.tiles", { count: ground.count }) : "", bytes(own + ground.bytes)].filter(Boolean).join(" · ");

/** The base map is by far the largest: its size is told before it is fetched. */
function groundOffer({ count, missing }, take) {
  const room = h("span", {});
  free().then((left) => { if (Number.isFinite(left)) room.textContent = ` ${say("visiting.ground.free", { free: bytes(left) })}`; });
  return h("div", { class: "offer" },
    h("p", {}, say(count ? "visiting.ground.rest" : "visiting.ground.offer", { count: missing.count, size: bytes(missing.bytes) }), room),
    button(say("visiting.ground.take", { size: bytes(missing.bytes) }), take, "primary"));
}

function draftCard(draft, along, actions) {
  const isOthers = isOfAnother(draft, along);
  const remove = h("details", { class: "removing" }, h("summary", {}, say("visiting.draft.remove")), h("p", {}, say("visiting.draft.remove.sure")), button(say("visiting.draft.remove.yes"), async () => { await discard(draft.id); await actions.again(); }));
  return h("div", { class: "card draft" }, h("p", {}, h("strong", {}, isOthers ? draft.by : draft.title || say("visiting.untitled")), h("br"), moment(draft.visitedAt)),
    isOthers ? h("p", { class: "quiet" }, say("visiting.draft.of_another", { name: draft.by })) : h("a", { class: "secondary", href: `#/visit/${draft.id}/${draft.step}` }, say("visiting.draft.go_on")),
    isOthers || Object.keys(draft.received).length ? "" : remove);
}

function queueSection(visits, along, actions) {
  const sorted = visits.sort((one, other) => (one.id < other.id ? 1 : -1));
  const open = sorted.filter((one) => one.state !== "sent");
  const sent = sorted.filter((one) => one.state === "sent");
  return h("section", { id: "queue", "aria-labelledby": "queue-title" },
    h("h2", { id: "queue-title", tabindex: -1 }, say("visiting.queue")),
    visits.length ? "" : h("p", { class: "empty" }, say("visiting.queue.empty")),
    open.some((one) => one.state === "waiting") ? h("p", {}, button(say("visiting.queue.send"), () => actions.send(), "primary")) : "",
    open.map((one) => visitCard(one, along, actions)),
    sent.length ? h("details", { open: !open.length }, h("summary", {}, say("visiting.queue.sent", { count: sent.length })), sent.map((one) => visitCard(one, along, actions)), button(say("visiting.queue.clear"), async () => { await clearSent(); await actions.again(); })) : "");
}

function visitCard(visit, along, actions) {
  const received = visit.parts.filter((part) => part.receipt).length;
  const state = visit.state === "sent" ? say("visiting.state.sent", { moment: moment(visit.sentAt) }) : received ? say("visiting.state.partly", { done: received, all: visit.parts.length }) : say(`visiting.state.${visit.state}`);
  const mend = async () => { await reopen(visit, asDraft(visit)); actions.go(`#/visit/${visit.id}/${asDraft(visit).refusal?.step ?? "where"}`); };
  const again = async () => { await alter(visit.id, (one) => { Object.assign(one, { state: "waiting", nextTry: 0 }); if (one.activity) one.activity.agreed = true; }); await actions.send(); };
  const inMyName = async () => { await alter(visit.id, (one) => { Object.assign(one, { account: null, trouble: null, nextTry: 0 }); }); await actions.send(); };
  return h("article", { class: `card visit ${visit.state}`, data: { visit: visit.id } },
    h("h3", {}, visit.title || say("visiting.untitled")), h("p", { class: "quiet" }, moment(visit.draft.visitedAt)),
    h("p", { class: "state" }, state), troubleOf(visit),
    visit.state === "waiting" && visit.trouble?.reason === "other_account" ? h("div", { class: "tools" }, button(say("visiting.other_account.send"), inMyName)) : "",
    visit.state === "refused" ? h("div", { class: "tools" }, isOfAnother(visit, along) ? "" : button(say("visiting.mend"), mend, "primary"), button(say("visiting.queue.again"), again)) : "",
    visit.state === "plan_changed" ? h("div", { class: "tools" }, isOfAnother(visit, along) ? "" : button(say("visiting.plan.mend"), mend, "primary"), button(say("visiting.plan.as_is"), again)) : "",
    received ? h("details", {}, h("summary", {}, say("visiting.receipts")), h("ul", { class: "receipts" }, visit.parts.map((part) => h("li", {}, say(`visiting.part.${part.name.replaceAll("-", "_")}`), ": ", part.receipt ? h("code", {}, `${part.receipt.id.slice(0, 8)} · v${part.receipt.version} · ${moment(part.receipt.at)}`) : say("visiting.part.waits"))))) : "");
}

function troubleOf(visit) {
  const trouble = visit.trouble;
  if (!trouble || visit.state === "sent") return "";
  if (trouble.reason === "signed_out") return h("p", { class: "said" }, say("visiting.signed_out"), " ", h("a", { href: `/sign-in?next=${encodeURIComponent(data.home)}` }, say("visiting.sign_in")));
  if (trouble.reason === "other_account") return h("p", { class: "said" }, say("visiting.other_account", { name: visit.by }));
  if (trouble.problem?.key === "photo_lost") return h("p", { class: "said" }, say("visiting.photo.lost"));
  if (trouble.reason === "refused") return h("p", { class: "said" }, say("visiting.refused", { words: trouble.problem?.detail ?? "" }));
  if (trouble.reason === "plan_changed") return h("p", { class: "said" }, trouble.problem.withdrawn ? say("visiting.plan.withdrawn") : say("visiting.plan.changed", { now: Object.values(trouble.problem.now).map((value) => value ?? "–").join(", ") }));
  return h("p", { class: "quiet" }, trouble.problem?.detail || say("visiting.unreachable"));
}

function fileSection(visits, actions) {
  const unsent = visits.filter((one) => one.state !== "sent");
  const choose = h("input", { type: "file", accept: "application/json,.json", class: "unseen", onchange: async (event) => {
    const [file] = event.target.files;
    event.target.value = "";
    try {
      const count = await bringIn(file);
      announce(say("visiting.file.brought", { count }));
      await actions.again();
      await actions.send();
    } catch (error) {
      if (error.told) warn(error.message);
      else complain(error);
    }
  } });
  return h("details", { class: "fallback" }, h("summary", {}, say("visiting.file")),
    h("p", {}, say("visiting.file.why")),
    h("div", { class: "tools" }, button(say("visiting.file.save"), () => saveAsFile(unsent), "secondary", { disabled: !unsent.length }), h("label", { class: "button secondary" }, say("visiting.file.bring"), choose)));
}
