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

  /* ---- the map: what a cell says, under the pointer or with arrow keys */

  const map = document.getElementById("strip");
  if (map) {
    const said = make("p", { class: "read-cell", "aria-live": "polite" });
    map.closest(".strip-box").querySelector(".scroll").after(said);
    const tell = (cell) => {
      said.textContent = cell && cell.title ? cell.parentNode.cells[0].textContent + ", " + cell.title : "";
    };
    const cellOf = (event) => event.target.closest("tbody td");
    const rows = [...map.tBodies[0].rows];
    if (rows.length && rows[0].cells[1]) rows[0].cells[1].tabIndex = 0;
    const focused = () => map.contains(document.activeElement) ? document.activeElement.closest("td") : null;
    map.addEventListener("pointermove", (event) => tell(cellOf(event) || focused())); /* not when the page scrolls under a pointer */
    map.addEventListener("pointerleave", () => tell(focused()));
    map.addEventListener("focusin", (event) => tell(cellOf(event)));
    map.addEventListener("focusout", () => tell(null));
    map.addEventListener("keydown", (event) => {
      const cell = cellOf(event), [down, right] = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] }[event.key] || [0, 0];
      if (!cell || !(down || right)) return;
      const row = rows[rows.indexOf(cell.parentNode) + down], next = row && row.cells[cell.cellIndex + right];
      event.preventDefault();
      if (!next || next.tagName !== "TD") return;
      cell.removeAttribute("tabindex");
      next.tabIndex = 0;
      next.focus();
    });
  }

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

  /* Opens the part to which a link leads. */
  const openTarget = () => {
    const target = location.hash && document.getElementById(location.hash.slice(1));
    const details = target && target.closest("details");
    if (details && !details.open) { details.open = true; target.scrollIntoView(); }
  };
  addEventListener("hashchange", openTarget);
  openTarget();

  window.longhaul = { make, store, isAgain, themeChanged };
})();
