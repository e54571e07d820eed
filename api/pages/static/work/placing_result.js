// What the service says of the points: how exact each method is, what to do, which points do not belong.
import { data, number, say } from "./words.js";

const by = (id) => document.getElementById(id);
const digits = (value) => (value < 10 ? 1 : 0);
const NEXT_TO_NOTHING_M = 1e-6;

/** Whether a method meets every point by its nature: then its residuals say nothing. */
export const meetsPoints = (one) => one.method === "thin_plate_spline" || one.loo_rmse_m == null || (one.rmse_m ?? 0) < NEXT_TO_NOTHING_M;

export class Result {
  /** `take(method)` hears which method somebody wants. */
  constructor({ take }) {
    this.take = take;
    by("method").addEventListener("change", () => take(by("method").value));
  }

  /** Show an answer, or why there is none. `wanted` is the method that is asked for, "" for the program's choice. */
  show({ result, error, wanted }) {
    const told = result ?? error?.problem ?? {};
    by("no-result").hidden = Boolean(result || error);
    by("fault").hidden = !error;
    by("fault").textContent = error?.detail ?? "";
    this.#advise(result?.advice ?? []);
    this.#compare(told.methods ?? [], result?.method ?? wanted);
    const auto = by("method").options[0];
    auto.textContent = result?.is_chosen_by_program ? say("georef.auto_is", { method: nameOf(result) }) : say("georef.auto");
    by("method").value = wanted;
    this.#judge(result);
  }

  #judge(result) {
    const verdict = by("verdict");
    verdict.className = `verdict ${result?.verdict ?? "unplaced"}`;
    if (!result) return void (verdict.textContent = say("taking.not_placed"));
    const error = result.position_error_m;
    const exactness = error == null ? say("georef.unknown_error") : say("taking.error", { metres: number(error, digits(error)) });
    verdict.textContent = `${say(result.verdict === "doubtful" ? "taking.doubtful" : "taking.good")} · ${exactness}`;
    if (error == null) verdict.className = "verdict doubtful";
  }

  #advise(advice) {
    by("advice").replaceChildren(...advice.map((one) => {
      const item = document.createElement("li");
      item.textContent = one;
      return item;
    }));
  }

  #compare(methods, chosen) {
    by("methods").hidden = methods.length === 0;
    by("exact-note").hidden = !methods.some((one) => one.rmse_m != null && meetsPoints(one));
    by("methods").tBodies[0].replaceChildren(...methods.map((one) => {
      const row = document.createElement("tr");
      const isChosen = one.method === chosen;
      row.classList.toggle("chosen", isChosen);
      row.classList.toggle("unusable", !one.usable);
      const head = document.createElement("th");
      head.scope = "row";
      const button = document.createElement("button");
      button.type = "button";
      button.className = "plain take";
      button.textContent = one.label ?? nameOf(one);
      button.setAttribute("aria-label", say("georef.take", { method: button.textContent }));
      button.setAttribute("aria-pressed", String(isChosen));
      button.addEventListener("click", () => this.take(one.method));
      head.append(button);
      const note = document.createElement("small");
      note.textContent = isChosen && one.usable ? say("georef.chosen") : one.reason;
      head.append(note);
      row.append(head, cell(one.loo_rmse_m), cell(meetsPoints(one) ? null : one.rmse_m));
      return row;
    }));
  }
}

const nameOf = (one) => data.methods[one.method] ?? one.method;

function cell(value) {
  const made = document.createElement("td");
  made.className = "number";
  made.textContent = value == null ? "—" : number(value, digits(value));
  return made;
}
