// Finding an answer to a problem: what the program proposes with its reasons, or any activity of the plan.
import { button, paragraph } from "./plan_fields.js";
import { link, once } from "./plan_acts.js";
import { board, refresh } from "./plan_board.js";
import { post } from "./requests.js";
import { number, say } from "./words.js";

/** Fill the form of a problem that is opened. */
export async function offerAnswers(form) {
  const { problem } = form.dataset;
  form.dataset.morph = "keep";
  const chosen = chooseAny(problem);
  form.replaceChildren(chosen);
  const { body } = await post(`/api/v1/problems/${problem}/activity-proposals`);
  const here = new Map(board.now.activities.map((one) => [one.id, one]));
  const open = body.filter((one) => one.state === "proposed" && here.has(one.activity_id));
  const head = paragraph(say(open.length ? "plan_page.proposals" : "plan_page.no_proposals"));
  form.replaceChildren(head, ...open.map((one) => proposal(one, here.get(one.activity_id))), chosen);
}

function proposal(link, activity) {
  const box = document.createElement("div");
  box.className = "proposal";
  const far = link.distance_m === null ? "" : ` · ${number(link.distance_m)} м`;
  box.append(paragraph(`${activity.number}. ${activity.title}${far}`));
  if (link.reason) box.append(Object.assign(paragraph(link.reason), { className: "quiet" }));
  const buttons = document.createElement("div");
  buttons.className = "buttons";
  const yes = button(say("plan_page.proposal_confirm"), () => once(yes, () => decide(link, "confirmed", "")));
  const no = button(say("plan_page.proposal_reject"), () => {
    const label = document.createElement("label");
    const why = document.createElement("input");
    const send = button(say("plan_page.proposal_reject"), () => once(send, () => decide(link, "rejected", why.value)));
    label.append(say("plan_page.proposal_reason"), " ", why);
    buttons.replaceChildren(label, send);
    why.focus();
  });
  buttons.append(yes, no);
  const said = paragraph("");
  said.className = "said";
  said.setAttribute("role", "alert");
  box.append(buttons, said);
  return box;
}

async function decide(link, state, reason) {
  await post(`/api/v1/problem-activities/${link.id}/decision`, { state, reason });
  await refresh();
  const form = document.querySelector(`.answer-form[data-problem="${link.problem_id}"]`);
  if (form) await offerAnswers(form);
}

function chooseAny(problem) {
  const label = document.createElement("label");
  const choice = document.createElement("select");
  choice.append(new Option("–", ""), ...board.now.activities.filter((one) => one.status !== "stopped").map((one) => new Option(`${one.number}. ${one.title}`, one.id)));
  choice.addEventListener("change", () => choice.value && once(choice, () => link(problem, choice.value)));
  label.append(say("plan_page.or_choose"), " ", choice);
  return label;
}
