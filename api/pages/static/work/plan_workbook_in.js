// A workbook read in: first what it would change, row by row; nothing is kept until somebody agrees.
import { tell } from "./notices.js";
import { once } from "./plan_acts.js";
import { board, refresh } from "./plan_board.js";
import { button, paragraph } from "./plan_fields.js";
import { ask } from "./requests.js";
import { say } from "./words.js";

const ORDER = ["unreadable", "changed", "new"];

/** Listen to the file that is chosen. */
export function listenToReading(root) {
  root.addEventListener("change", (event) => { if (event.target.id === "workbook-file" && event.target.files[0]) look(event.target.files[0]); });
  const part = document.getElementById("workbook");
  part?.addEventListener("dragover", (event) => { if (event.dataTransfer.types.includes("Files")) event.preventDefault(); });
  part?.addEventListener("drop", (event) => {
    const [file] = event.dataTransfer.files;
    if (!file || !document.getElementById("workbook-file")) return;
    event.preventDefault();
    look(file);
  });
}

const parts = () => ({ said: document.getElementById("workbook-said"), place: document.getElementById("workbook-preview"), field: document.getElementById("workbook-file") });

function form(file, more = {}) {
  const made = new FormData();
  for (const [name, value] of Object.entries(more)) made.append(name, value);
  made.append("file", file);
  return made;
}

async function look(file) {
  const { said, place, field } = parts();
  said.classList.add("good");
  said.textContent = say("workbook.reading");
  place.replaceChildren();
  try {
    const { body } = await ask("POST", `/api/v1/plans/${board.now.plan}/workbook-readings`, { form: form(file) });
    said.textContent = "";
    show(place, body, file);
  } catch (error) {
    said.classList.remove("good");
    said.textContent = error.detail ?? say("frame.fault");
  } finally {
    field.value = "";
  }
}

function show(place, reading, file) {
  const summary = paragraph(say("workbook.summary", reading));
  summary.className = "summary";
  summary.tabIndex = -1;
  const wouldChange = reading.new + reading.changed > 0;
  const parts = [summary, paragraph(say(wouldChange ? "workbook.looked" : "workbook.nothing"))];
  const rows = reading.rows.filter((one) => one.state !== "same").toSorted((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || a.row - b.row);
  if (rows.length) parts.push(table(rows));
  if (reading.missing.length) parts.push(Object.assign(paragraph(say("workbook.missing", { titles: reading.missing.join("; ") })), { className: "quiet" }));
  place.replaceChildren(...parts, ...(wouldChange ? agreement(place, reading, file) : []));
  summary.focus();
}

function agreement(place, reading, file) {
  const said = paragraph("");
  said.className = "said";
  said.setAttribute("role", "alert");
  const leaveOut = document.createElement("input");
  leaveOut.type = "checkbox";
  const label = document.createElement("label");
  label.className = "leave-out";
  label.append(leaveOut, " ", say("workbook.leave_out"));
  const agree = button(say("workbook.confirm"), () => once(agree, async () => {
    said.textContent = "";
    try {
      const { body } = await ask("POST", `/api/v1/plans/${board.now.plan}/workbook-imports`, { form: form(file, { fingerprint: reading.fingerprint, leave_out_unreadable: String(leaveOut.checked) }) });
      place.replaceChildren();
      tell(say("workbook.imported", body));
      await refresh();
    } catch (error) {
      said.textContent = `${error.problem?.row ? `${say("workbook.row", { row: error.problem.row })}: ` : ""}${error.detail ?? say("frame.fault")}`;
    }
  }));
  agree.className = "primary";
  const drop = button(say("workbook.drop"), () => place.replaceChildren());
  const buttons = document.createElement("p");
  buttons.className = "formats";
  buttons.append(agree, drop);
  return [...(reading.unreadable ? [label] : []), said, buttons];
}

function table(rows) {
  const made = document.createElement("table");
  made.className = "workbook-table";
  const head = made.createTHead().insertRow();
  for (const name of ["row", "activity", "what"]) {
    const cell = document.createElement("th");
    cell.scope = "col";
    cell.textContent = say(`workbook.column.${name}`);
    head.append(cell);
  }
  const body = made.createTBody();
  for (const one of rows) {
    const row = body.insertRow();
    row.className = one.state;
    row.insertCell().textContent = one.row;
    row.insertCell().textContent = one.title;
    const what = row.insertCell();
    const state = document.createElement("strong");
    state.textContent = say(`workbook.${one.state}`);
    what.append(state);
    if (one.reason) what.append(Object.assign(paragraph(one.reason), { className: "warn" }));
    for (const difference of one.differences) {
      if (difference.field === "title" && one.state === "new") continue;
      const line = paragraph(`${difference.label}: ${difference.now || say("plan_page.empty_value")}`);
      if (one.state === "changed") line.append(Object.assign(document.createElement("span"), { className: "quiet", textContent: ` (${say("workbook.was", { value: difference.was || say("plan_page.empty_value") })})` }));
      what.append(line);
    }
  }
  return made;
}
