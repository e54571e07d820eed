// The card of a feature. Everything people typed goes in as text, never as markup.
(function (ayilmap) {
  "use strict";

  function element(tag, className, words) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (words !== undefined) made.textContent = words;
    return made;
  }

  ayilmap.card = function (feature, look) {
    const card = element("div", "card");
    const head = element("div", "card-head");
    const sign = element("div");
    sign.innerHTML = look.sign; // from the style tables
    const titles = element("div");
    titles.append(element("h2", "", feature.name || feature.kind));
    const kind = feature.name ? feature.kind : "";
    const layer = feature.layerLabel === feature.kind ? "" : feature.layerLabel;
    titles.append(element("p", "card-kind", [kind, layer].filter(Boolean).join(" · ")));
    head.append(sign, titles);
    const facts = element("dl", "card-facts");
    for (const [heading, words] of feature.facts) facts.append(element("dt", "", heading), element("dd", "", words));
    card.append(head, facts);
    return card;
  };

  ayilmap.openCard = function (map, feature, look, at, words) {
    const frame = map.getSize();
    const width = Math.min(348, frame.x - 48);
    const popup = L.popup({ minWidth: width, maxWidth: width, maxHeight: Math.round(frame.y * (frame.x < 500 ? 0.62 : 0.75)), autoPanPadding: [16, 16], offset: [0, feature.points.length ? -8 : 0] });
    popup.setLatLng(at).setContent(ayilmap.card(feature, look));
    const halo = ayilmap.drawHalo(map, feature, look).addTo(map);
    const marks = [...document.querySelectorAll(".sign-marker")].filter((mark) => mark.dataset.feature === feature.id);
    marks.forEach((mark) => mark.classList.add("chosen"));
    popup.on("remove", () => {
      halo.remove();
      marks.forEach((mark) => mark.classList.remove("chosen"));
    });
    popup.openOn(map);
    popup.getElement().querySelector(".leaflet-popup-close-button").setAttribute("aria-label", words.close);
    return popup;
  };
})(window.ayilmap);
