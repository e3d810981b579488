/* keys.js - the keys of index.html, told when ? is pressed or its button used. Loaded after page.js. */
"use strict";
(() => {
  const { make } = window.longhaul;
  const groups = [
    ["Everywhere", [["Tab, Shift+Tab", "next and previous link, button, table, map, chart"], ["Enter", "opens a link, sorts by a column's head"], ["?", "this list"],
      ["Escape", "closes it"]]],
    ["Map by leg and time, once a cell has the focus", [["arrows", "next cell; what it says is below the map"]], "#strip"],
    ["Tables that are wider than the page, once one has the focus", [["left, right", "scroll"]]],
    ["A chart, once it has the focus", [["left, right", "previous and next value; with Ctrl ten of them"], ["Shift+left, Shift+right", "earlier, later"], ["+ \u2212", "zoom in and out"],
      ["0, Escape", "all of the time"], ["Home, End", "first and last value"], ["n p", "next and previous event"]], "#data"],
    ["A chart, with a mouse", [["point", "reads values off"], ["drag", "zooms into that time"], ["Shift and drag", "moves"], ["double-click", "all of the time"],
      ["Ctrl and wheel", "zoom"]], "#data"],
    ["A chart, with fingers", [["touch", "reads values off"], ["two fingers", "zoom"]], "#data"],
  ];
  const list = ([title, keys, needs]) => needs && !document.querySelector(needs) ? []
    : [make("h3", {}, title), make("dl", {}, ...keys.flatMap(([key, does]) => [make("dt", {}, make("kbd", {}, key)), make("dd", {}, does)]))];
  let dialog = null; /* made when it is wanted: only then all of the page is there */
  const show = () => {
    if (!dialog) {
      dialog = make("dialog", { id: "keys", "aria-labelledby": "keys-title", onclick(event) { if (event.target === dialog) dialog.close(); } }, /* on its backdrop */
        make("h2", { id: "keys-title" }, "Keys"), ...groups.flatMap(list), make("form", { method: "dialog" }, make("button", {}, "Close")));
      document.body.append(dialog);
    }
    if (!dialog.open) dialog.showModal();
  };
  document.getElementById("tools").append(make("button", { type: "button", id: "keys-button", "aria-label": "Keys", title: "Keys", "aria-haspopup": "dialog", onclick: show }, "?"));
  addEventListener("keydown", (event) => {
    if (event.key !== "?" || event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input, textarea, select, [contenteditable]")) return;
    event.preventDefault();
    show();
  });
})();
