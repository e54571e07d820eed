// Writing notes: one after the other with Enter, or many lines at once.
import { wrote } from "./problems_deeds.js";
import { make } from "./elements.js";
import { act, EVENT } from "./problems_store.js";
import { complain, tell } from "./notices.js";
import { newId } from "./new_id.js";
import { post } from "./requests.js";
import { say } from "./words.js";

const LONGEST = 500;
const MOST_LINES = 1000;
const byId = (id) => document.getElementById(id);

const note = (id, { words, votes }) => ({ type: "Feature", id, geometry: null, properties: { event_id: EVENT, wording: words, votes } });

/**
 * Read lines as notes: a number before or after the words is their votes, equal lines are one pile.
 * Lines without a letter are nothing that somebody said.
 */
export function readLines(text) {
  const piles = new Map();
  for (const line of text.split(/[\r\n]+/).slice(0, MOST_LINES)) {
    // Control and direction characters come along from documents and tables, and say nothing.
    const clean = line.replace(/\t/g, " ; ").replace(/[\p{Cc}\p{Cf}]/gu, "").replace(/^[\s•▪◦*·–—-]+/u, "").replace(/\s+/g, " ").trim();
    const [, before, rest] = /^(\d{1,4})\s*(?:[.;×x]\s*)+(.*)$/u.exec(clean) ?? [null, null, clean];
    const [, words, after] = /^(.*?)\s*[;,:—–-]\s*(\d{1,4})$/u.exec(rest) ?? [null, rest, null];
    if (!/\p{L}/u.test(words)) continue;
    const numbered = before !== null && /^\d+\s*\./.test(clean); // "3. Жол начар" is the third line, not three votes
    const votes = Number(after ?? (numbered ? 1 : before) ?? 1);
    const key = words.toLocaleLowerCase().slice(0, LONGEST);
    const pile = piles.get(key) ?? { words: words.slice(0, LONGEST), votes: 0 };
    pile.votes += votes;
    piles.set(key, pile);
  }
  return [...piles.values()];
}

let queue = Promise.resolve();

/** Let notes be written. */
export function typeable() {
  const field = byId("wording");
  byId("type").addEventListener("submit", (event) => {
    event.preventDefault();
    const words = field.value.replace(/\s+/g, " ").trim();
    if (!words) return;
    field.value = "";
    field.focus();
    write({ words, votes: 1 }, newId());
  });
  field.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!/[\r\n]/.test(text.trim())) return;
    event.preventDefault();
    byId("many").open = true;
    byId("lines").value = text;
    showLines();
    byId("put-lines").focus();
  });
  byId("lines").addEventListener("input", showLines);
  byId("put-lines").addEventListener("click", putLines);
}

/** Write one note after those before it; one that is refused stays in sight with the reason. */
function write(one, id) {
  queue = queue.then(() => act(async () => {
    try {
      const { body } = await post("/api/v1/problem-statements", note(id, one));
      byId("hint").textContent = (body.warnings ?? []).filter((warned) => warned.key === "gallery.stated_as_remedy").map((warned) => warned.text).join(" ");
      wrote([id], one.words);
    } catch (error) {
      if (error.status === 409) return; // it came through before
      refuse(one, id, error);
    }
  }));
}

function refuse(one, id, error) {
  const line = make("li", {}, make("strong", { text: one.words }), make("span", { text: error.detail ?? say("frame.fault") }),
    make("button", { type: "button", className: "secondary", text: say("wall.again"), on: { click: () => { line.remove(); write(one, id); } } }),
    make("button", { type: "button", className: "plain", text: say("wall.drop_it"), on: { click: () => line.remove() } }));
  byId("refused").append(line);
}

function showLines() {
  const piles = readLines(byId("lines").value);
  const votes = piles.reduce((sum, one) => sum + one.votes, 0);
  byId("lines-count").textContent = byId("lines").value.trim() ? say("wall.lines", { lines: piles.length, votes }) : "";
}

async function putLines() {
  const piles = readLines(byId("lines").value);
  const button = byId("put-lines");
  if (!piles.length) { byId("lines-count").textContent = say("wall.no_lines"); return; }
  button.disabled = true;
  const ids = piles.map(newId);
  const words = say("wall.step.lines", { count: piles.length });
  queue = queue.then(() => act(async () => {
    try {
      await post("/api/v1/problem-statements/bulk", piles.map((one, index) => note(ids[index], one)));
      byId("lines").value = "";
      byId("lines-count").textContent = "";
      byId("many").open = false;
      wrote(ids, words);
      tell(words);
    } catch (error) {
      if (!error.detail) throw error;
      byId("lines-count").textContent = error.problem?.row ? say("wall.in_line", { line: piles[error.problem.row - 1].words, text: error.detail }) : error.detail;
    }
  }).catch(complain).finally(() => { button.disabled = false; }));
}
