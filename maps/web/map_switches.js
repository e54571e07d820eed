// Layers, groups and whatever else a map switches, each on its own.
(function (ayilmap) {
  "use strict";

  const chosen = (name) => new Set([...document.querySelectorAll('input[name="' + name + '"]:checked')].map((box) => box.value));

  // A mark shows when, of every switch it is subject to, its own option is on.
  ayilmap.wireSwitches = function (pages, data) {
    const boxes = data.switches.flatMap(({ name }) => [...document.querySelectorAll('input[name="' + name + '"]')]);
    const rowsOf = [...document.querySelectorAll(".legend li")];

    function apply() {
      const on = data.switches.map(({ name, values }) => { const picked = chosen(name); return values.map((value) => picked.has(value)); });
      const shows = (mark) => mark.tags.every((option, place) => option < 0 || on[place][option]);
      const rows = new Set();
      let shown = 0, total = 0;
      for (const page of pages) {
        page.visible = page.marks.filter(shows);
        for (const mark of page.visible) rows.add(data.looks[mark.look].row);
        shown += page.visible.length;
        total += page.marks.length;
        page.draw(page.visible);
        for (const { option, layer } of page.sheets) {
          const place = data.switches.findIndex(({ name }) => name === "group");
          if (place < 0 || on[place][option]) layer.addTo(page.map); else layer.remove();
        }
        if (page.chosen && !page.visible.includes(page.chosen)) page.map.closePopup();
      }
      ayilmap.visibleMarks = pages.flatMap((page) => page.visible);
      rowsOf.forEach((row) => { row.hidden = !rows.has(row.dataset.row) && !row.dataset.row.startsWith("always-"); });
      document.querySelectorAll(".legend-section").forEach((section) => { section.hidden = !section.querySelector("li:not([hidden])"); });
      const words = document.querySelector(".shown");
      if (words) words.textContent = data.words.shown.replace("{shown}", shown).replace("{total}", total);
      document.dispatchEvent(new Event("ayilmap-shown"));
    }

    boxes.forEach((box) => box.addEventListener("change", apply));
    const nameBox = document.querySelector('input[name="names"]');
    nameBox.addEventListener("change", () => pages.forEach((page) => page.showNames(nameBox.checked)));
    const slider = document.querySelector('input[name="sheet"]');
    if (slider) {
      const fade = () => {
        pages.forEach(({ map }) => { map.getPane("sheets").style.opacity = slider.value / 100; });
        slider.previousElementSibling.textContent = slider.value + " %";
      };
      slider.addEventListener("input", fade);
      fade();
    }
    apply();
  };

  // On phones the switches and the legend are two sheets that come up from below, one at a time.
  ayilmap.wireTabs = function () {
    const tabs = [...document.querySelectorAll(".tabs button")];
    const open = (which) => {
      if (which) document.body.dataset.open = which; else delete document.body.dataset.open;
      tabs.forEach((tab) => tab.setAttribute("aria-expanded", String(tab.dataset.opens === which)));
    };
    tabs.forEach((tab) => tab.addEventListener("click", () => open(document.body.dataset.open === tab.dataset.opens ? "" : tab.dataset.opens)));
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && document.body.dataset.open) {
        const tab = tabs.find((one) => one.dataset.opens === document.body.dataset.open);
        open("");
        tab.focus();
      }
    });
    document.querySelector(".maps").addEventListener("pointerdown", () => open(""));
    ayilmap.closeTabs = () => open("");
  };
})(window.ayilmap);
