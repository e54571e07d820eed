// What I see: photos first, then what was found, in words.
import { smaller } from "./field_photo.js";
import { announce, area, button, bytes, choice, complain, field, h, input, warn } from "./field_parts.js";
import { newId } from "./new_id.js";
import { data, metres, say } from "./words.js";

const { photosOf, put, remove } = self.fieldDatabase;

/** The step of photos and findings. */
export async function see(draft, { save, wrong, wrongPart }) {
  const stored = new Map((await photosOf(draft.id)).map((photo) => [photo.id, photo]));
  const addresses = [];
  const gallery = h("div", { class: "photos" });
  const findings = h("div", { class: "findings" });
  const isFixed = (id) => id in draft.received;

  async function take(files) {
    for (const file of files) {
      announce(say("visiting.photo.reading"));
      let made;
      try {
        made = await smaller(file, { fix: draft.place?.by === "device" ? draft.place : null });
      } catch (error) {
        console.warn(error);
        warn(say("visiting.photo.unreadable"));
        continue;
      }
      const photo = { id: newId(), visit: draft.id, ...made };
      try {
        await put("photos", photo);
      } catch (error) {
        complain(error);
        return;
      }
      stored.set(photo.id, photo);
      draft.photos.push({ id: photo.id, caption: "", takenAt: made.takenAt });
      await save();
      renderPhotos();
    }
  }

  function renderPhotos() {
    for (const address of addresses.splice(0)) URL.revokeObjectURL(address);
    gallery.replaceChildren(...draft.photos.map((one, place) => {
      const photo = stored.get(one.id);
      const drop = button(say("visiting.photo.remove"), async () => { draft.photos = draft.photos.filter((other) => other !== one); await save(); await remove("photos", one.id); stored.delete(one.id); renderPhotos(); });
      if (!photo) return isFixed(one.id) ? "" : h("div", { class: "card" }, h("p", { class: "said" }, say("visiting.photo.lost")), drop);
      const address = URL.createObjectURL(photo.blob);
      addresses.push(address);
      return h("figure", { data: { photo: one.id } },
        h("img", { src: address, alt: one.caption || say("visiting.photo.alt", { number: place + 1 }) }),
        h("figcaption", {},
          h("p", { class: "quiet" }, [photo.takenAt.slice(0, 16).replace("T", " "), photo.accuracy ? `± ${metres(photo.accuracy)}` : say(photo.lonlat ? "visiting.photo.placed" : "visiting.photo.no_place"), bytes(photo.blob.size)].join(" · ")),
          isFixed(one.id) ? h("p", { class: "quiet" }, say("visiting.received")) : [
            field("caption", say("visiting.photo.caption"), input(one.caption, (words) => { one.caption = words; save(); }), { wrong: wrongPart(one.id) }),
            drop]));
    }));
  }

  function renderFindings() {
    findings.replaceChildren(...draft.findings.map((one, place) => h("div", { class: "card finding", data: { finding: one.id } },
      isFixed(one.id) ? h("p", {}, one.words, h("small", { class: "quiet" }, ` · ${say("visiting.received")}`)) : [
        field("words", say("visiting.finding", { number: place + 1 }), area(one.words, (words) => { one.words = words; save(); }), { wrong: wrongPart(one.id) }),
        choice("severity", say("visiting.severity"), Object.entries(data.labels.Severity), one.severity, (severity) => { one.severity = severity; save(); }),
        button(say("visiting.finding.remove"), () => { draft.findings.splice(draft.findings.indexOf(one), 1); save(); renderFindings(); })])));
  }

  // Two ways: the camera at once, or a picture that is on the phone already.
  const picker = (words, capture, kind) => {
    const choose = h("input", { type: "file", accept: "image/*", class: "unseen", multiple: !capture, capture: capture ? "environment" : null, onchange: async (event) => { const files = [...event.target.files]; await take(files); event.target.value = ""; } });
    return h("label", { class: `button ${kind}` }, words, choose);
  };
  renderPhotos();
  renderFindings();
  return {
    leave: () => addresses.forEach((address) => URL.revokeObjectURL(address)),
    element: h("div", {},
      h("div", { class: "tools" }, picker(say("visiting.photo.take"), true, "primary"), picker(say("visiting.photo.pick"), false, "secondary")),
      h("p", { class: "quiet hint" }, say("visiting.photo.hint")),
      gallery,
      h("h2", {}, say("visiting.findings")), findings,
      button(say("visiting.finding.add"), () => { draft.findings.push({ id: newId(), severity: "note", words: "" }); save(); renderFindings(); findings.querySelector(".finding:last-child textarea").focus(); }),
      draft.received[draft.id] ? "" : field("summary", say("visiting.summary"), area(draft.summary, (words) => { draft.summary = words; save(); }), { wrong: wrong("summary") })),
  };
}
