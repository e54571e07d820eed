// Forgetting everything that this phone keeps: before it is handed on, or lent back. Signing out alone leaves it here.
import { saveAsFile } from "./field_file.js";
import { announce, button, complain, h } from "./field_parts.js";
import { data, say } from "./words.js";

const { forgetAll } = self.fieldDatabase;
const { alone, tell } = self.fieldSending;

/** The last section of the first view; what was never sent is offered as a file first, and must be given up by a tick. */
export function forgetting({ drafts, visits }, actions) {
  const unsent = visits.filter((one) => one.state !== "sent");
  const press = button(say("visiting.forget.yes"), forget, "primary", { disabled: unsent.length + drafts.length > 0 });
  const tick = h("input", { type: "checkbox", onchange: () => { press.disabled = !tick.checked; } });
  async function forget() {
    press.disabled = true;
    try {
      await alone(forgetAll); // not in the middle of sending
      for (const name of await caches.keys()) if (/^ayilmap-field-(ground|pages-)/.test(name)) await caches.delete(name);
    } catch (error) {
      press.disabled = false;
      return complain(error);
    }
    tell({ forgotten: true });
    await actions.again();
    announce(say("visiting.forget.done"));
    return undefined;
  }
  return h("details", { class: "fallback forget" }, h("summary", {}, say("visiting.forget")),
    h("p", {}, say("visiting.forget.why")),
    unsent.length || drafts.length ? h("div", { class: "said" },
      h("p", {}, say("visiting.forget.lost", { visits: unsent.length, drafts: drafts.length })),
      unsent.length ? button(say("visiting.file.save"), () => saveAsFile(unsent)) : "",
      h("label", { class: "tick" }, tick, h("span", {}, say("visiting.forget.sure")))) : "",
    h("div", { class: "tools" }, press, h("a", { class: "button secondary", href: `/sign-in?next=${encodeURIComponent(data.home)}` }, say("visiting.forget.sign_out"))));
}
