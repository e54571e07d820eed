// What is done with a plan: stages, sums, links, new rows, the way into the budget. Each can be taken back.
import { complain, tell } from "./notices.js";
import { board, feature, refresh, steps } from "./plan_board.js";
import { create, restore } from "./making.js";
import { ask, get, patch, post } from "./requests.js";
import { dayThere, say } from "./words.js";

const running = new Set();

/** Do something once, however often it is pressed; what the service refuses is told beside it. */
export async function once(element, act) {
  if (running.has(element)) return;
  running.add(element);
  const said = element.closest("form, .status-form, .editor, .side, .answer-form")?.querySelector(".said");
  if (said) said.textContent = "";
  element.setAttribute("aria-busy", "true");
  try {
    await act();
  } catch (error) {
    if (said && error?.detail) said.textContent = error.detail;
    else complain(error);
  } finally {
    running.delete(element);
    element.removeAttribute("aria-busy");
  }
}

/** Tell what was done, and how to take it back. */
export function done(text, back) {
  steps.note(text, async () => { await back(); await refresh(); });
  tell(text, { undo: () => steps.back() });
  return refresh();
}

export async function setStage(form, stage, name) {
  const { activity, title } = form.dataset;
  const since = form.querySelector("[name=since]").value;
  const before = (await get(`/api/v1/activities/${activity}`)).body.properties;
  const { body } = await create(`/api/v1/activities/${activity}/status`, { status: stage, since, precision: "day" });
  form.closest("details").open = false;
  await done(say("plan_page.stage_set", { title, stage: name }), () => create(`/api/v1/activities/${activity}/status`, { status: before.status, since: before.status_since, precision: before.status_precision, corrects_id: body.entry_id }));
  for (const warning of body.warnings) tell(warning.text);
}

export async function takeStageBack(editor, { last, stage, since, precision }) {
  const { activity, title } = editor.dataset;
  const now = (await get(`/api/v1/activities/${activity}`)).body.properties;
  const { body } = await create(`/api/v1/activities/${activity}/status`, { status: stage, since, precision, corrects_id: last });
  await done(say("plan_page.stage_set", { title, stage: say(`stage.${stage}`) }), () => create(`/api/v1/activities/${activity}/status`, { status: now.status, since: now.status_since, precision: now.status_precision, corrects_id: body.entry_id }));
}

const versionOf = (record) => record.version ?? record.properties.version;

const remove = async (kind, id, version) => {
  const seen = version ?? versionOf((await get(`/api/v1/${kind}/${id}`)).body);
  return ask("DELETE", `/api/v1/${kind}/${id}`, { version: `"${seen}"` });
};

export async function addSum(form, activity) {
  const values = Object.fromEntries(new FormData(form));
  const { body } = await create("/api/v1/contributions", { activity_id: activity, ...values });
  form.reset();
  await done(say("plan_page.added_sum"), () => remove("contributions", body.id));
}

export async function removeSum(line) {
  const { contribution, version } = line.dataset;
  await remove("contributions", contribution, version);
  await done(say("plan_page.removed_sum"), () => restore("contributions", contribution));
}

/** Note that what was promised came. */
export async function keepPromise(line) {
  const promise = (await get(`/api/v1/contributions/${line.dataset.contribution}`)).body;
  const { body } = await create("/api/v1/contributions", { ...pick(promise, ["activity_id", "source", "form", "amount_som", "at_least", "giver"]), state: "received", promise_id: promise.id, on_date: dayThere(new Date()) });
  await done(say("plan_page.added_sum"), () => remove("contributions", body.id));
}

const pick = (record, names) => Object.fromEntries(names.map((name) => [name, record[name]]));

/** Link a problem with an activity that answers it. */
export async function link(problem, activity) {
  const one = board.now.activities.find((other) => other.id === activity);
  const { body } = await create("/api/v1/problem-activities", { problem_id: problem, activity_id: activity });
  await done(say(one?.status === "stopped" ? "plan_page.linked_stopped" : "plan_page.linked", { title: one?.title ?? "" }), () => remove("problem-activities", body.id));
}

export async function unlink(item) {
  const { link: id } = item.dataset;
  await remove("problem-activities", id);
  await done(say("plan_page.unlinked", { title: item.firstChild.textContent.trim() }), () => restore("problem-activities", id));
}

/** Take an activity out of the plan; taking that back puts it there again with its sums, history and links. */
export async function withdraw(editor) {
  const { activity, title } = editor.dataset;
  await remove("activities", activity);
  const address = new URL(location.href);
  address.searchParams.delete("open");
  history.replaceState(null, "", address);
  await done(say("plan_page.removed", { title }), () => restore("activities", activity));
}

export async function addActivity(form) {
  const values = Object.fromEntries(new FormData(form));
  const { body } = await create("/api/v1/activities", feature({ task_id: form.dataset.task, settlement_id: board.now.settlement, ...values }));
  form.reset();
  form.closest("details").open = false;
  await done(say("plan_page.added", { title: values.title }), () => remove("activities", body.id, null));
  return body.id;
}

export async function addTask(form) {
  const { title } = Object.fromEntries(new FormData(form));
  const { body } = await create("/api/v1/tasks", { goal_id: form.dataset.goal, title, ordinal: 1000 });
  form.reset();
  form.closest("details").open = false;
  await done(say("plan_page.added", { title }), () => remove("tasks", body.id));
}

export async function addGoal(form) {
  const { problem_id: problem, problem_statement: words, goal, task } = Object.fromEntries(new FormData(form));
  const chosen = form.elements.problem_id.selectedOptions[0]?.textContent.split(" · ")[0];
  const made = (await create("/api/v1/plan-goals", { plan_id: form.dataset.plan, problem_id: problem || null, problem_statement: words || (problem ? chosen : ""), goal, ordinal: 1000 })).body;
  const first = (await create("/api/v1/tasks", { goal_id: made.id, title: task, ordinal: 1 })).body;
  form.reset();
  form.closest("details").open = false;
  await done(say("plan_page.added", { title: goal }), async () => { await remove("tasks", first.id); await remove("plan-goals", made.id); });
}

export async function enterStep(form) {
  const { taken_on: day, document: paper } = Object.fromEntries(new FormData(form));
  const { step } = form.dataset;
  const name = form.querySelector("h3").textContent;
  await post(`/api/v1/plans/${board.now.plan}/approval-steps`, { step, taken_on: day, document: paper });
  await done(say("plan_page.step_entered", { step: name }), () => post(`/api/v1/plans/${board.now.plan}/approval-steps/take-back`, { step, reason: say("plan_page.undo_reason") }));
}

export async function takeStepBack(form) {
  const { step } = form.dataset;
  await post(`/api/v1/plans/${board.now.plan}/approval-steps/take-back`, { step, reason: new FormData(form).get("reason") });
  await refresh();
}

export async function publish(shown) {
  await post(`/api/v1/plans/${board.now.plan}/publish-all`, { published: shown });
  await done(say(shown ? "plan_page.published" : "plan_page.not_published"), () => post(`/api/v1/plans/${board.now.plan}/publish-all`, { published: !shown }));
}

export { patch };
