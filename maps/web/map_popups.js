// The card of a feature. Everything people typed goes in as text, never as markup.
(function (ayilmap) {
  "use strict";

  function element(tag, className, words) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (words !== undefined) made.textContent = words;
    return made;
  }

  // From votes to visits: every step that was taken, and where the chain ends so far.
  function chainOf(steps, words) {
    const chain = element("ol", "chain");
    chain.setAttribute("aria-label", words.chain);
    for (const step of steps) {
      const item = element("li", step.missing ? "missing" : "");
      item.append(element("span", "chain-heading", step.heading));
      for (const line of step.words) {
        const said = element("span", "chain-words", line);
        said.dir = "auto";
        item.append(said);
      }
      chain.append(item);
    }
    return chain;
  }

  function photosOf(photos, words) {
    const strip = element("div", "card-photos");
    for (const photo of photos) {
      const figure = element("figure");
      const image = element("img");
      image.alt = photo.caption || words.photo;
      image.src = photo.address;
      figure.append(image);
      if (photo.caption) {
        const caption = element("figcaption", "", photo.caption);
        caption.dir = "auto";
        figure.append(caption);
      }
      strip.append(figure);
    }
    return strip;
  }

  // The expected error of a position; an error below one metre is given as one.
  ayilmap.errorInWords = function (metres, words) {
    if (!(metres > 0)) return words.not_known;
    const said = (number, digits) => new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: digits }).format(number);
    const whole = Math.max(1, Math.round(metres));
    return "± " + (whole < 1000 ? words.metres.replace("{number}", said(whole, 0)) : words.kilometres.replace("{number}", said(metres / 1000, 1)));
  };

  ayilmap.card = function (feature, look, data, partners) {
    const words = data.words, { facts, chain, photos } = ayilmap.detailsOf(feature, data);
    const card = element("div", "card");
    const head = element("div", "card-head");
    const sign = element("div");
    sign.innerHTML = look.sign; // from the style tables
    const titles = element("div");
    const title = element("h2", "", feature.name || feature.kind);
    title.dir = "auto";
    titles.append(title);
    const kind = feature.name ? feature.kind : "";
    const layer = feature.layerLabel === feature.kind ? "" : feature.layerLabel;
    titles.append(element("p", "card-kind", [kind, layer].filter(Boolean).join(" · ")));
    head.append(sign, titles);
    card.append(head);
    if (photos.length) card.append(photosOf(photos, words));
    if (chain.length) card.append(chainOf(chain, words));
    if (facts.length) {
      const list = element("dl", "card-facts");
      for (const [heading, said] of facts) {
        const answer = element("dd", "", said === null ? ayilmap.errorInWords(feature.error, words) : said);
        answer.dir = "auto";
        list.append(element("dt", "", heading), answer);
      }
      card.append(list);
    }
    for (const partner of (partners || []).slice(0, 1)) {
      const button = element("button", "partner", words.show_on_other);
      button.type = "button";
      button.onclick = () => ayilmap.goTo(partner);
      card.append(button);
    }
    return card;
  };

  ayilmap.openCard = function (map, feature, look, at, data, partners) {
    const frame = map.getSize();
    const width = Math.min(348, frame.x - 48);
    const reach = feature.points.length ? Math.max(8, look.size / 4) : 0, [right, down] = feature.shift || [0, 0];
    const popup = L.popup({ minWidth: width, maxWidth: width, maxHeight: Math.round(frame.y * (frame.x < 500 ? 0.56 : 0.7)), autoPanPaddingTopLeft: [16, 68], autoPanPaddingBottomRight: [16, 16], offset: [right, down - reach] });
    popup.setLatLng(at).setContent(ayilmap.card(feature, look, data, partners));
    const halo = ayilmap.drawHalo(map, feature, look).addTo(map);
    const marks = [...map.getContainer().querySelectorAll('.sign-marker[data-mark="' + feature.number + '"]')];
    marks.forEach((mark) => mark.classList.add("chosen"));
    popup.on("remove", () => {
      halo.remove();
      marks.forEach((mark) => mark.classList.remove("chosen"));
    });
    popup.openOn(map);
    popup.getElement().querySelector(".leaflet-popup-close-button").setAttribute("aria-label", data.words.close);
    return popup;
  };
})(window.ayilmap);
