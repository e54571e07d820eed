// Writing a visit down, one step after the other; every change is kept at once, so that a restart loses nothing.
import { asVisit, isOfAnother, keep, steps, written } from "./field_draft.js";
import { button, complain, h, warn } from "./field_parts.js";
import { agreed } from "./field_step_agreed.js";
import { checklist } from "./field_step_checklist.js";
import { compare } from "./field_step_compare.js";
import { members } from "./field_step_members.js";
import { review } from "./field_step_review.js";
import { see } from "./field_step_see.js";
import { where } from "./field_step_where.js";
import { say } from "./words.js";

const { finish, one } = self.fieldDatabase;
const VIEWS = { where, see, compare, checklist, agreed, members, review };

/** Show a step of a draft in `place`; `go(hash)` leads on, `saved()` is called when the visit is in the queue. */
export async function showVisit(place, id, wish, { along, go, saved }) {
  const draft = await one("drafts", id);
  if (!draft || isOfAnother(draft, along)) return go("#/");
  const all = steps(draft);
  const step = all.includes(wish) ? wish : all.includes(draft.step) ? draft.step : all[0];
  const noted = h("p", { class: "saved-note", role: "status" });
  const context = context_of(draft, along, noted);
  const at = all.indexOf(step);
  draft.step = step;
  await context.save();
  const back = at > 0 ? `#/visit/${id}/${all[at - 1]}` : "#/";
  const onward = async () => {
    await written();
    const now = steps(draft);
    go(`#/visit/${id}/${now[now.indexOf(step) + 1]}`);
  };
  const finished = async (press) => {
    press.disabled = true;
    try {
      await written();
      await finish(asVisit(draft, along));
    } catch (error) {
      press.disabled = false;
      return complain(error);
    }
    return saved(draft);
  };
  const view = await VIEWS[step](draft, { ...context, go, finished });
  const told = draft.refusal?.words && (draft.refusal.step === step || step === "review") ? h("p", { class: "said refusal", role: "alert" }, say("visiting.refused.words", { words: draft.refusal.words })) : null;
  place.replaceChildren(
    h("nav", { class: "steps", "aria-label": say("visiting.steps") },
      h("ol", {}, all.map((name, number) => h("li", {}, h("a", { href: `#/visit/${id}/${name}`, "aria-current": name === step ? "step" : null, class: number < at ? "past" : null, "aria-label": `${number + 1}. ${say(`visiting.step.${name}`)}` }, number + 1))))),
    h("h1", { tabindex: -1, id: "heading" }, say(`visiting.step.${step}`)),
    noted, told ?? "", view.element ?? view,
    h("div", { class: "onward no-print" },
      h("a", { class: "secondary", href: back }, say(at > 0 ? "visiting.back" : "visiting.later")),
      step === "review" ? "" : button(say("visiting.next"), onward, "primary next")),
  );
  scrollTo(0, 0);
  document.getElementById("heading").focus({ preventScroll: true });
  view.shown?.();
  return view.leave;
}

function context_of(draft, along, noted) {
  return {
    along,
    save: () => keep(draft).then(() => { warn(""); noted.textContent = `✓ ${say("visiting.kept")}`; }, (error) => { noted.textContent = ""; complain(error); }),
    wrong: (name) => draft.refusal?.fields[name] ?? "",
    wrongPart: (id) => (draft.refusal?.part === id ? draft.refusal.words : ""),
  };
}
