// Search by name: a field with a list of what is found. / goes to the field, arrows choose, Enter goes there.
(function (ayilmap) {
  "use strict";

  const MOST = 30;

  // Every word is reduced once, however many marks share it.
  function keysOf(marks) {
    const known = new Map();
    const keys = (words) => {
      if (!known.has(words)) { const folded = ayilmap.fold(words); known.set(words, [folded, ayilmap.latinKey(folded)]); }
      return known.get(words);
    };
    return marks.map((mark) => ({ mark, names: keys(mark.name), kinds: keys(mark.kind) }));
  }

  function rankOf({ names, kinds }, folded, latin) {
    if (names[0].startsWith(folded)) return 0;
    if (names[0].includes(folded)) return 1;
    if (latin && names[1].includes(latin)) return 2;
    if (kinds[0].startsWith(folded)) return 3;
    return kinds[0].includes(folded) || (latin && kinds[1].includes(latin)) ? 4 : -1;
  }

  function line(mark, data, tag) {
    const item = document.createElement(tag);
    item.dataset.mark = mark.number;
    const sign = document.createElement("span");
    sign.className = "item-sign";
    sign.innerHTML = data.looks[mark.look].sign; // from the style tables
    const words = document.createElement("span");
    words.className = "item-words";
    words.dir = "auto";
    words.textContent = mark.name || mark.kind;
    if (mark.name && mark.kind) {
      const kind = document.createElement("small");
      kind.textContent = " " + mark.kind;
      words.append(kind);
    }
    item.append(sign, words);
    return item;
  }

  const nearestFirst = (marks, side) => {
    const middle = side.map.getCenter();
    const across = Math.cos((middle.lat * Math.PI) / 180);
    const away = (mark) => { const [lat, lon] = ayilmap.anchorOf(mark); return Math.hypot(lat - middle.lat, (lon - middle.lng) * across); };
    return marks.map((mark) => [away(mark), mark]).sort((a, b) => a[0] - b[0]).map(([, mark]) => mark);
  };

  ayilmap.wireSearch = function (data) {
    const field = document.getElementById("search"), list = document.getElementById("found"), said = document.querySelector(".search-said");
    let index = null, options = [], at = -1;

    function pick(place) {
      at = options.length ? (place + options.length) % options.length : -1;
      options.forEach((option, number) => option.setAttribute("aria-selected", String(number === at)));
      if (at >= 0) {
        field.setAttribute("aria-activedescendant", options[at].id);
        options[at].scrollIntoView({ block: "nearest" });
      } else field.removeAttribute("aria-activedescendant");
    }

    function close() {
      list.hidden = true;
      said.textContent = "";
      field.setAttribute("aria-expanded", "false");
      options = [];
      pick(-1);
    }

    function find(words) {
      const folded = ayilmap.fold(words);
      const shown = new Set(ayilmap.visibleMarks);
      const searched = (mark) => shown.has(mark) || !ayilmap.isPlaced(mark);
      if (!folded) return words.trim() ? [] : nearestFirst(ayilmap.visibleMarks, ayilmap.sides[0]);
      index = index || keysOf(ayilmap.marks);
      const latin = ayilmap.latinKey(folded), ranked = [[], [], [], [], []];
      for (const entry of index) {
        const rank = rankOf(entry, folded, latin);
        if (rank >= 0 && searched(entry.mark)) ranked[rank].push(entry.mark);
      }
      return ranked.flat();
    }

    function open() {
      const found = find(field.value);
      options = found.slice(0, MOST).map((mark, number) => {
        const option = line(mark, data, "li");
        option.id = "found-" + number;
        option.setAttribute("role", "option");
        option.onpointerdown = (event) => event.preventDefault();
        option.onclick = () => go(mark);
        return option;
      });
      list.replaceChildren(...options);
      list.hidden = !options.length;
      field.setAttribute("aria-expanded", String(options.length > 0));
      said.textContent = field.value.trim() ? (found.length ? data.words.found.replace("{number}", found.length) : data.words.search_nothing) : "";
      pick(field.value.trim() && options.length ? 0 : -1);
    }

    function go(mark) {
      close();
      ayilmap.goTo(mark);
    }

    field.addEventListener("input", open);
    field.addEventListener("blur", close);
    field.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (list.hidden) open();
        pick(at < 0 && event.key === "ArrowUp" ? -1 : at + (event.key === "ArrowDown" ? 1 : -1));
      } else if (event.key === "Enter" && at >= 0) {
        event.preventDefault();
        go(ayilmap.marks[options[at].dataset.mark]);
      } else if (event.key === "Escape") {
        if (!list.hidden || field.value) event.stopPropagation();
        field.value = "";
        close();
      }
    });
    document.addEventListener("keydown", (event) => {
      const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) && event.target.type !== "checkbox" && event.target.type !== "range";
      if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        field.focus();
        field.select();
      }
    });
    document.addEventListener("ayilmap-shown", () => { if (!list.hidden) open(); });
  };

  // On a painted map no sign can be tabbed to: what is in view stands in a list of buttons instead, the nearest first.
  ayilmap.wireInView = function (sides, data) {
    const side = sides.find((one) => one.painter);
    if (!side) return;
    const box = document.querySelector(".in-view"), list = box.querySelector("ul");
    let waiting = 0;
    const fill = () => {
      waiting = 0;
      const frame = side.map.getBounds();
      const within = side.visible.filter((mark) => frame.contains(ayilmap.anchorOf(mark)));
      list.replaceChildren(...nearestFirst(within, side).slice(0, MOST).map((mark) => {
        const row = document.createElement("li"), button = line(mark, data, "button");
        button.type = "button";
        button.onclick = () => ayilmap.goTo(mark);
        row.append(button);
        return row;
      }));
      box.hidden = !list.children.length;
    };
    const later = () => { clearTimeout(waiting); waiting = setTimeout(fill, 250); };
    side.map.on("moveend", later);
    document.addEventListener("ayilmap-shown", later);
    later();
  };
})(window.ayilmap);
