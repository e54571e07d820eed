// The guided tour of a village's first page: a few steps, by keyboard too (arrows, Esc), left and begun again at will.
import { driver } from "driver.js";
import { locale, say } from "./words.js";

const SEEN = "ayilmap.tour";
const STEPS = [
  ["welcome", null],
  ["spine", ".spine"],
  ["map", "#ground"],
  ["next", "#next"],
  ["priorities", "#priorities"],
  ["plan", "#plan"],
  ["path", "#path"],
  ["language", ".masthead .languages"],
  ["own", ".masthead .brand"],
];

/** Whether this browser has shown the tour to its end, or somebody left it. */
const wasSeen = () => { try { return localStorage.getItem(SEEN) === "1"; } catch { return true; } };
const noteSeen = () => { try { localStorage.setItem(SEEN, "1"); } catch { /* a browser that keeps nothing shows it again */ } };

/** Take away what the library says of the element that it shows: a list is no button that opens something. */
function withoutClaims() {
  for (const one of document.querySelectorAll("[aria-controls='driver-popover-content']")) {
    for (const name of ["aria-expanded", "aria-haspopup", "aria-controls"]) one.removeAttribute(name);
  }
}

function begin() {
  const steps = STEPS.filter(([, place]) => !place || document.querySelector(place)).map(([name, place]) => ({
    element: place ?? undefined,
    popover: { title: say(`tour.${name}.title`), description: say(`tour.${name}.text`), side: "bottom", align: "start" },
  }));
  const tour = driver({
    steps,
    animate: false, // while a step moves, keys are passed by
    smoothScroll: false,
    showProgress: true,
    progressText: say("tour.progress", { number: "{{current}}", of: "{{total}}" }),
    nextBtnText: say("tour.next"),
    prevBtnText: say("tour.back"),
    doneBtnText: say("tour.done"),
    popoverClass: "tour",
    onPopoverRender: (popover) => {
      popover.wrapper.lang = locale.language;
      popover.closeButton.setAttribute("aria-label", say("tour.leave"));
      popover.closeButton.textContent = say("tour.leave");
      // Enter goes on; leaving is one step back with Tab, or Esc.
      requestAnimationFrame(() => {
        popover.nextButton.focus();
        withoutClaims();
      });
    },
    onDestroyed: () => {
      noteSeen();
      document.getElementById("tour")?.focus({ preventScroll: true });
    },
  });
  tour.drive();
}

const asked = new URLSearchParams(location.search).has("tour");
document.getElementById("tour")?.addEventListener("click", begin);
if (asked) {
  // Reloading the page must not begin it anew.
  const address = new URL(location.href);
  address.searchParams.delete("tour");
  history.replaceState(history.state, "", address);
  if (!wasSeen()) begin();
}
