/* page.js - what index.html can do with scripts: sort tables, choose a theme, stay where it was read. window.longhaul has what
 * charts.js needs. Fetches nothing; inserts text only as text. */
"use strict";
(() => {
  const make = (name, attributes = {}, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes))
      if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
      else element.setAttribute(key, value);
    element.append(...children);
    return element;
  };

  /* Keeps state while the page reloads itself. Storage may be forbidden. */
  const store = {
    get(key) { try { return JSON.parse(sessionStorage.getItem(location.pathname + "#" + key)); } catch (e) { return null; } },
    set(key, value) { try { sessionStorage.setItem(location.pathname + "#" + key, JSON.stringify(value)); } catch (e) { /* not kept */ } },
  };

  /* True if the page was reloaded, by itself or by the reader: only then it shows again what was shown before. */
  const navigation = performance.getEntriesByType("navigation")[0];
  const isAgain = document.querySelector("meta[http-equiv=refresh]") !== null || (navigation && navigation.type === "reload");

  /* ---- theme */

  const conditions = { auto: "(prefers-color-scheme: dark)", dark: "all", light: "not all" }; /* when the dark rules apply */
  const themes = Object.keys(conditions);
  const darkRules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules])
    .filter((rule) => rule.media && rule.media.mediaText === conditions.auto);
  const themeChanged = [];
  let theme = themes.includes(store.get("theme")) ? store.get("theme") : "auto";
  const showTheme = () => {
    darkRules.forEach((rule) => { rule.media.mediaText = conditions[theme]; });
    themeButton.textContent = "Theme: " + theme;
    themeChanged.forEach((f) => f());
  };
  const themeButton = make("button", { type: "button", id: "theme", onclick() {
    theme = themes[(themes.indexOf(theme) + 1) % themes.length];
    store.set("theme", theme);
    showTheme();
  } });
  document.getElementById("tools").append(themeButton);
  matchMedia(conditions.auto).addEventListener("change", () => themeChanged.forEach((f) => f()));
  showTheme();

  /* ---- maps by time and by site: what a cell says, under the pointer or with arrow keys */

  const readCells = (map) => {
    const said = make("p", { class: "read-cell", "aria-live": "polite" });
    map.closest(".scroll").after(said);
    const link = (cell) => cell && (cell.querySelector("a") || cell);
    const titleOf = (cell) => cell ? (cell.title ? cell.parentNode.cells[0].textContent + ", " + cell.title : link(cell).title) : "";
    const tell = (cell) => { said.textContent = titleOf(cell); };
    const cellOf = (event) => event.target.closest("tbody td");
    const rows = [...map.tBodies[0].rows];
    const links = map.querySelectorAll("tbody td a");
    links.forEach((a) => { a.tabIndex = -1; });
    const first = links[0] || (rows.length && rows[0].cells[1]);
    if (first) first.tabIndex = 0;
    const focused = () => map.contains(document.activeElement) ? document.activeElement.closest("td") : null;
    map.addEventListener("pointermove", (event) => tell(cellOf(event) || focused())); /* not when the page scrolls under a pointer */
    map.addEventListener("pointerleave", () => tell(focused()));
    map.addEventListener("focusin", (event) => tell(cellOf(event)));
    map.addEventListener("focusout", () => tell(null));
    map.addEventListener("keydown", (event) => {
      const cell = cellOf(event), [down, right] = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] }[event.key] || [0, 0];
      if (!cell || !(down || right)) return;
      event.preventDefault();
      /* Of a matrix, cells without a leg are stepped over. */
      let row = rows.indexOf(cell.parentNode), column = cell.cellIndex, next;
      do {
        row += down;
        column += right;
        next = rows[row] && rows[row].cells[column];
      } while (next && next.tagName === "TD" && links.length && !next.querySelector("a"));
      if (!next || next.tagName !== "TD") return;
      link(cell).tabIndex = -1;
      link(next).tabIndex = 0;
      link(next).focus();
    });
  };
  for (const id of ["matrix", "strip"]) if (document.getElementById(id)) readCells(document.getElementById(id));

  /* ---- tables */

  const keyOf = (row, column) => {
    const cell = row.cells[column];
    if (cell.dataset.v !== undefined) return Number(cell.dataset.v);
    const text = cell.textContent.trim();
    return text === "\u2013" || text === "unknown" ? null : text;
  };
  const compare = (a, b) => typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b));
  const sortBy = (table, column, ascending) => {
    const body = table.tBodies[0];
    const rows = [...body.rows].map((row) => ({ row, key: keyOf(row, column) }));
    rows.sort((a, b) => a.key === null || b.key === null ? (a.key === null) - (b.key === null) /* unknown values come last */
      : ascending ? compare(a.key, b.key) : compare(b.key, a.key));
    body.append(...rows.map((r) => r.row));
    [...table.tHead.rows[0].cells].forEach((head, i) => {
      if (i === column) head.setAttribute("aria-sort", ascending ? "ascending" : "descending");
      else head.removeAttribute("aria-sort");
    });
  };
  for (const table of document.querySelectorAll("table.sortable"))
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      const button = make("button", { type: "button", onclick() {
        const was = head.getAttribute("aria-sort");
        const isNumber = head.classList.contains("n"); /* of numbers, the greatest comes first */
        const ascending = was ? was !== "ascending" : !isNumber;
        sortBy(table, column, ascending);
        store.set("sort " + table.id, [column, ascending]);
      } }, ...head.childNodes);
      head.append(button);
    });
  for (const table of document.querySelectorAll("table.sortable")) {
    const kept = isAgain && store.get("sort " + table.id);
    if (kept && table.tHead.rows[0].cells[kept[0]]) sortBy(table, kept[0], kept[1]);
  }

  /* ---- a page that reloads itself stays where it was read */

  if (document.querySelector("meta[http-equiv=refresh]")) {
    const at = store.get("scroll");
    if (at) scrollTo(0, at);
    addEventListener("pagehide", () => store.set("scroll", scrollY));
  }

  /* ---- search: by site, leg, kind or time; what does not match is hidden, of the matrix dimmed */

  /* "AMS -> ATL" is one word; a leg is found as "AMS>ATL", "ams-atl" and, like its pair, as "atl<->ams". */
  const simple = (text) => text.toLowerCase().replace(/\u2192|->/g, ">").replace(/\u2194|<->|<>/g, "=").replace(/\s*([>=])\s*/g, "$1");
  const namesOf = (label) => {
    const text = simple(label.trim()), [run] = text.split(" "), [from, to] = run.split(">");
    return to === undefined ? text : text + " " + from + "-" + to + " " + from + "=" + to + " " + to + "=" + from;
  };
  const nav = document.querySelector("nav[data-legs]");
  let clearSearch = () => {};
  if (nav) {
    const legOf = (link) => link && /^#?leg(\d+)$/.exec(link)?.[1];
    const items = []; /* { element, text, leg or legs } */
    const add = (element, text, more) => items.push({ element, text, ...more });
    const pairs = [...document.querySelectorAll("details.pair")], groups = [...document.querySelectorAll("details.from")];
    const legRows = [...document.querySelectorAll("table.legs > tbody > tr, #summary-table > tbody > tr, #rest-table > tbody > tr, #strip > tbody > tr, #percentile-table > tbody > tr, #method-table > tbody > tr")];
    for (const row of legRows) {
      const link = row.cells[0].querySelector("a");
      add(row, namesOf(row.cells[0].textContent), { leg: legOf(row.id) || legOf(link && link.getAttribute("href")) });
    }
    for (const leg of document.querySelectorAll("article.leg")) add(leg, namesOf(leg.querySelector("h4").textContent), { leg: leg.dataset.leg });
    for (const row of document.querySelectorAll("#event-table > tbody > tr")) add(row, namesOf(row.cells[3].textContent) + " " + simple(row.textContent));
    for (const row of document.querySelectorAll("#incident-table > tbody > tr"))
      add(row, simple(row.textContent), { legs: row.querySelector(".where").dataset.legs.split(" ") });
    const cells = [...document.querySelectorAll("#matrix tbody td a")].map((a) => ({ cell: a.parentNode, text: namesOf(a.title.split(":")[0]), leg: legOf(a.getAttribute("href")) }));
    const matrix = document.getElementById("matrix");
    const opened = new Set(); /* by the search: closed again with it */
    const open = (details, is) => {
      if (is && !details.open) opened.add(details), details.open = true;
      else if (!is && opened.delete(details)) details.open = false;
    };
    const box = make("input", { type: "search", id: "search", placeholder: "Search site or leg", title: "A part of a name; several words must all match: ams zrh, ams->zrh. Enter goes to the first leg, Escape shows all. Key: /",
      "aria-label": "Search site or leg", autocomplete: "off", spellcheck: "false" });
    const told = make("span", { id: "found", role: "status" });
    let first = null;
    const search = () => {
      const words = simple(box.value).split(/\s+/).filter((word) => word), isAll = words.length === 0;
      const matches = (text) => words.every((word) => text.includes(word));
      const legs = new Set();
      for (const cell of cells) if (matches(cell.text)) legs.add(cell.leg);
      for (const item of items) if (item.leg !== undefined && matches(item.text)) legs.add(item.leg);
      for (const { element, text, legs: its } of items) element.hidden = !(isAll || matches(text) || (its && its.some((leg) => leg === "all" || legs.has(leg))));
      for (const { cell, leg } of cells) cell.classList.toggle("hit", !isAll && legs.has(leg));
      if (matrix) matrix.classList.toggle("searched", !isAll);
      const isFew = !isAll && legs.size <= 100;
      for (const pair of pairs) {
        pair.hidden = ![...pair.querySelectorAll("article.leg")].some((leg) => !leg.hidden);
        open(pair, !pair.hidden && !isAll && legs.size <= 6);
      }
      for (const group of groups) {
        group.hidden = ![...group.querySelectorAll("tbody > tr")].some((row) => !row.hidden);
        open(group, !group.hidden && isFew);
      }
      first = isAll ? null : [...legs][0];
      told.textContent = isAll ? "" : legs.size + " of " + nav.dataset.legs + " legs";
    };
    let waiting = 0;
    box.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(search, 120); });
    box.addEventListener("keydown", (event) => {
      if (event.key === "Escape") { box.value = ""; search(); }
      if (event.key !== "Enter") return;
      clearTimeout(waiting);
      search();
      if (first === null || first === undefined) return;
      if (location.hash === "#leg" + first) openTarget();
      else location.hash = "#leg" + first;
    });
    addEventListener("keydown", (event) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
      event.preventDefault();
      box.focus();
    });
    clearSearch = () => { box.value = ""; search(); };
    nav.prepend(make("span", { id: "find" }, box, told));
  }

  /* Opens the parts to which a link leads; what a search hides is shown again. */
  const openTarget = () => {
    const target = location.hash && document.getElementById(location.hash.slice(1));
    if (!target) return;
    if (target.closest("[hidden]")) clearSearch();
    let isClosed = false;
    for (let part = target; part; part = part.parentElement) if (part.tagName === "DETAILS" && !part.open) isClosed = part.open = true;
    if (isClosed) target.scrollIntoView();
  };
  addEventListener("hashchange", openTarget);
  addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (link && link.getAttribute("href") === location.hash) openTarget(); /* the same once more: no hashchange */
  });
  openTarget();

  window.longhaul = { make, store, isAgain, themeChanged };
})();
