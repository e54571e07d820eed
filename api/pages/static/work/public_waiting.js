// A paper that is still being drawn: asks until it is there, then opens it; where something is wrong, says what.
import { data, say } from "./words.js";

const step = document.getElementById("step");
const bar = document.querySelector("progress");
document.documentElement.dataset.ready = "1";

for (;;) {
  let answer;
  try {
    answer = await fetch(data.address, { headers: { Accept: "application/json" }, credentials: "same-origin" });
  } catch {
    tell(say("frame.unreachable"));
    break;
  }
  if (answer.ok) {
    await answer.body?.cancel();
    tell(say("public.waiting.done"));
    location.replace(data.address);
    break;
  }
  const problem = await answer.json().catch(() => ({}));
  if (answer.status !== 503) {
    tell(problem.detail ?? say("frame.unexpected", { status: answer.status }));
    break;
  }
  step.textContent = problem.detail;
  await new Promise((resolve) => setTimeout(resolve, 1000 * Number(answer.headers.get("Retry-After") ?? 5)));
}

function tell(words) {
  step.textContent = words;
  bar.hidden = true;
}
