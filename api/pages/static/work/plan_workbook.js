// The plan as a workbook: taken out in any language; read in with a look at what would change before it does.
import { listenToReading } from "./plan_workbook_in.js";
import { once } from "./plan_acts.js";
import { board } from "./plan_board.js";
import { done, post } from "./requests.js";
import { number, say } from "./words.js";

/** Listen to the buttons of the workbook part. */
export function listenToWorkbook(root) {
  root.addEventListener("click", (event) => {
    const press = event.target.closest(".export");
    if (press) once(press, () => takeOut(press.dataset.language));
  });
  listenToReading(root);
}

async function takeOut(language) {
  const said = document.getElementById("export-said");
  said.classList.add("good");
  const asked = { kind: "form", format: "xlsx", language, audience: "internal", parameters: { form: "joint_action_plan", municipality_id: board.now.municipality, year: board.now.year } };
  let { body } = await post("/api/v1/renderings", asked);
  if (!body.file) {
    await done(`/api/v1/jobs/${body.job_id}`, (part) => { said.textContent = say("workbook.making", { percent: number(100 * part) }); });
    ({ body } = await post("/api/v1/renderings", asked));
  }
  said.textContent = say("workbook.made", { name: body.name });
  const link = Object.assign(document.createElement("a"), { href: `${body.file}?download=true`, download: body.name });
  link.click();
}
