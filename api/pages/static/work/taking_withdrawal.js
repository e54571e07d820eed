// Sheets taken away from a meeting, and brought back.
import { make } from "./elements.js";
import { complain, tell } from "./notices.js";
import { ask, post } from "./requests.js";
import { Steps } from "./undo.js";
import { data, say } from "./words.js";

const steps = new Steps();

/** Put a sheet back, with the objects that left with it. */
export async function restore(sheet, renew) {
  await post(`/api/v1/sheets/${sheet}/restore`);
  await renew();
}

/** Let the buttons of the cards withdraw their sheets; `renew(event)` shows a meeting as it is stored. */
export function wireWithdrawal(renew) {
  if (!data.can_withdraw) return;
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-withdraw]");
    if (button) withdraw(button, { renew });
  });
  steps.listen();
}

async function withdraw(button, { renew, withFeatures = false }) {
  if (button.disabled) return; // pressed twice
  button.disabled = true;
  const card = button.closest("[data-sheet]");
  const { sheet, version } = card.dataset;
  const event = card.closest("[data-event]").dataset.event;
  const title = card.querySelector("h3").textContent;
  try {
    await ask("DELETE", `/api/v1/sheets/${sheet}${withFeatures ? "?with_features=true" : ""}`, { version: `"${version}"` });
    const words = say("taking.withdrawn", { title });
    steps.note(words, () => restore(sheet, () => renew(event)));
    await renew(event);
    tell(words, { undo: () => steps.back() });
  } catch (error) {
    button.disabled = false;
    if (error.key === "sheets.features_stand") return void askWhether(card, error, { renew, button });
    if (error.status === 412 || error.status === 404) await renew(event);
    complain(error);
  }
}

/** Objects on the map come from it: whether they go with it is asked in the card. */
function askWhether(card, error, { renew, button }) {
  card.querySelector(".withdrawing")?.remove();
  const close = () => { row.remove(); button.focus(); };
  const all = make("button", { type: "button", class: "primary", onclick: () => withdraw(all, { renew, withFeatures: true }) }, say("taking.withdraw_with", { features: error.params.features }));
  const row = make("div", { class: "withdrawing", role: "alert" }, make("p", {}, error.detail), all, " ", make("button", { type: "button", class: "secondary", onclick: close }, say("taking.keep_sheet")));
  card.querySelector(".about").append(row);
  all.focus();
}
