// Buttons that have a drawing or paper made and fetch it: data-kind, data-format, data-parameters (JSON).
import { complain } from "./notices.js";
import { get, post } from "./requests.js";
import { say } from "./words.js";

const EVERY_MS = 500;

/** Let every button below an element make its file; `making` is the key of the words meanwhile. */
export function offerFiles(element, making) {
  for (const button of element.querySelectorAll("button[data-kind][data-format]")) button.addEventListener("click", () => fetchFile(button, making));
}

async function fetchFile(button, making) {
  const words = button.textContent;
  button.disabled = true;
  button.textContent = say(making);
  try {
    let { body } = await post("/api/v1/renderings", { kind: button.dataset.kind, format: button.dataset.format, audience: "internal", parameters: JSON.parse(button.dataset.parameters) });
    while (!body.file) {
      if (body.problem) throw Object.assign(new Error(body.problem), { detail: body.problem });
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
      ({ body } = await get(`/api/v1/renderings/${encodeURIComponent(body.id)}`));
    }
    const link = document.createElement("a");
    link.href = `${body.file}?download=true`;
    link.download = body.name ?? "";
    document.body.append(link);
    link.click();
    link.remove();
  } catch (error) {
    complain(error);
  } finally {
    button.disabled = false;
    button.textContent = words;
  }
}
