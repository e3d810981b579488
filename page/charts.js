/* charts.js - the interactive charts of index.html, made with dygraphs: mouse, touch and keyboard zoom, pan and read all of them
 * together. Loaded after page.js, chart_data.js and chart_draw.js. */
"use strict";
(() => {
  const { make, themeChanged, charts } = window.longhaul;
  if (!charts) return;
  const { data, legs, groups, keepWindows, decode, decodeTrips, base, clock, day, number, fixed, lengthText, rowAt, rateRange, delayRange,
    tripRange, tripAt, points, tripPoints, lossPercent, colour, reachSigns, underlay, rateUnderlay, delayUnderlay, unanswered, bars, timeLabel } = charts;
  const { Dygraph } = window;
  const { kinds } = data;
  Dygraph.PLUGINS = Dygraph.PLUGINS.filter((p) => p !== Dygraph.Plugins.Legend); /* we have our own readout */

  const gentle = (event) => ({ touches: event.touches, changedTouches: event.changedTouches, target: event.target, preventDefault() {} });
  const model = { ...Dygraph.defaultInteractionModel };
  for (const name of ["touchstart", "touchmove", "touchend"]) { /* listeners of dygraphs 2.2.2 are passive: see onTouch */
    const does = Dygraph.defaultInteractionModel[name];
    model[name] = (event, g, context) => does(gentle(event), g, context);
  }
  /* The page still scrolls up and down under one finger; two zoom, and it stays. */
  const onTouch = (event) => { if (event.touches.length > 1 && event.cancelable) event.preventDefault(); };
  model.wheel = (event, g) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const leg = g.longhaulLeg;
    zoom(leg.group, event.deltaY < 0 ? 0.7 : 1 / 0.7, g.toDataXCoord(g.eventToDomCoords(event)[0]));
  };

  const addPlot = (leg, kind, name, isLast, options) => {
    const div = make("div", { class: "plot " + kind + (isLast ? " last" : ""), "aria-hidden": "true" });
    const title = make("span", { class: "plot-name" });
    const tell = (range) => { title.textContent = name + (range && range[0] > 0 ? ", from " + Number(range[0].toPrecision(3)) : ""); };
    leg.box.append(title, div);
    tell(options.range && options.range(leg.group.window));
    const g = new Dygraph(div, options.data, {
      labels: ["t", name], legend: "never", showLabelsOnHighlight: false, highlightCircleSize: 0, strokeWidth: 1.2, drawPoints: false,
      dateWindow: leg.group.window.slice(), ...(options.range ? { valueRange: options.range(leg.group.window) } : {}), interactionModel: model, gridLineColor: colour("grid"), axisLineColor: colour("grid"),
      xRangePad: 0, labelsUTC: true, animatedZooms: false, rightGap: 4, ...options.dygraph,
      axes: {
        x: { ticker: Dygraph.dateTicker, axisLabelFormatter: timeLabel(leg), valueFormatter: String, drawAxis: isLast, pixelsPerLabel: innerWidth < 640 ? 60 : 70 },
        y: { axisLabelWidth: 58, pixelsPerLabel: kind === "rate" ? 24 : 17, ...options.y },
      },
      drawCallback: (drawn, isInitial) => { if (!isInitial) moved(leg, drawn); },
    });
    g.longhaulLeg = leg;
    leg.plots.push({ g, kind, range: options.range, tell });
  };

  const digitsFor = (range) => Math.max(0, Math.min(6, Math.ceil(1 - Math.log10(Math.max(1e-9, range / 4)))));
  const build = (leg) => {
    if (leg.rows) return;
    const rows = leg.rows = decode(leg);
    const article = document.getElementById("leg" + leg.leg);
    const live = article.querySelector(".live");
    article.classList.add("alive");
    const pair = article.closest(".pair");
    pair.classList.add("alive");
    pair.classList.toggle("drawn", pair.querySelector(".static svg") !== null);
    leg.readout = make("p", { class: "readout", id: "readout" + leg.leg });
    leg.box = make("div", { class: "plots", tabindex: "0", role: "group", "aria-describedby": "readout" + leg.leg,
      "aria-label": "Chart of " + leg.label.replace("->", " to ") + ". Left and right arrow move the cursor, with shift they move the view; plus and minus zoom, 0 shows all, n and p go to the next and previous event." });
    leg.cursor = make("div", { class: "cursor", "aria-hidden": "true" });
    leg.box.append(leg.cursor);
    live.append(leg.readout, leg.box);
    const hasLoss = rows.lost !== null && rows.sent !== null, hasDelay = Boolean(rows.delay), hasJitter = Boolean(rows.jitter);
    const hasRetransmits = rows.retransmits !== null, hasRtt = Boolean(rows.rtt);
    const trips = leg.tripRows = decodeTrips(leg);
    const band = (middle, high) => points(rows, (i) => [middle[i], middle[i], high[i]].map((v) => Number.isNaN(v) ? null : v), [null, null, null]);
    const line = leg.inbound ? "line-in" : "line-out";
    leg.colours = { rate: line, loss: "line-loss", delay: "line-delay", jitter: "line-jitter", retransmits: "line-loss", rtt: "line-rtt", trips: "line-rtt" };
    const kindsOfLeg = ["rate", hasLoss && "loss", hasDelay && "delay", hasJitter && "jitter", hasRetransmits && "retransmits", hasRtt && "rtt", trips && "trips"].filter(Boolean);
    const isLast = (kind) => kind === kindsOfLeg[kindsOfLeg.length - 1];
    addPlot(leg, "rate", leg.isSent ? "Mbps sent: min, median, max" : "Mbps: min, median, max", isLast("rate"), {
      data: points(rows, (i) => [rows.low[i], rows.middle[i], rows.high[i]], [null, null, null]), range: rateRange,
      dygraph: { customBars: true, colors: [colour(line)], fillAlpha: 0.3, underlayCallback: rateUnderlay(leg, underlay(leg, true)) },
      y: { axisLabelFormatter: (v, granularity, options, g) => { const r = g.yAxisRange(); return fixed(v, digitsFor(r[1] - r[0])); } },
    });
    if (hasLoss)
      addPlot(leg, "loss", "loss %, logarithmic", isLast("loss"), {
        data: points(rows, (i) => lossPercent(rows, i) > 0 ? lossPercent(rows, i) : null, null),
        dygraph: { logscale: true, colors: [colour("line-loss")], valueRange: [0.0005, 200], plotter: bars(leg), underlayCallback: underlay(leg, false) },
        y: { ticker: () => [0.01, 1, 100].map((v) => ({ v, label: String(v) })) },
      });
    if (hasDelay)
      addPlot(leg, "delay", "delay in queues ms: p50, p99; dots: max", isLast("delay"), {
        data: band(rows.delay, rows.delayHigh), range: delayRange(rows),
        dygraph: { customBars: true, colors: [colour("line-delay")], fillAlpha: 0.3, underlayCallback: delayUnderlay(leg, underlay(leg, false)) },
        y: { axisLabelFormatter: (v) => number(v, 4) },
      });
    if (hasJitter)
      addPlot(leg, "jitter", "jitter ms: median, max", isLast("jitter"), {
        data: band(rows.jitter, rows.jitterHigh),
        dygraph: { customBars: true, colors: [colour("line-jitter")], fillAlpha: 0.3, includeZero: true, underlayCallback: underlay(leg, false) },
        y: { axisLabelFormatter: (v) => number(v, 4) },
      });
    if (hasRetransmits)
      addPlot(leg, "retransmits", "retransmits", isLast("retransmits"), {
        data: points(rows, (i) => rows.retransmits[i], null),
        dygraph: { colors: [colour("line-loss")], includeZero: true, plotter: bars(leg), underlayCallback: underlay(leg, false) },
        y: { axisLabelFormatter: (v) => number(v, 0) },
      });
    if (hasRtt)
      addPlot(leg, "rtt", "round trip ms: median, max", isLast("rtt"), {
        data: band(rows.rtt.map((v, i) => rows.high[i] > 0 ? v : NaN), rows.rttHigh), range: tripRange({ ...rows, low: rows.rtt, high: rows.rttHigh }),
        dygraph: { customBars: true, colors: [colour("line-rtt")], fillAlpha: 0.3, underlayCallback: underlay(leg, false) },
        y: { axisLabelFormatter: (v) => number(v, 4) },
      });
    if (trips)
      addPlot(leg, "trips", "round trip ms, " + (leg.trips.n ? "median and max of " : "each ") + lengthText(1e3 * Math.round(leg.trips.every))
        + (trips.none.some(Boolean) ? "; bars: no answer" : ""), isLast("trips"), {
        data: tripPoints(trips), range: tripRange(trips),
        dygraph: { customBars: true, colors: [colour("line-rtt")], fillAlpha: 0.3, pointSize: 2, underlayCallback: unanswered(leg, underlay(leg, false)) },
        y: { axisLabelFormatter: (v) => number(v, 4) },
      });
    leg.box.addEventListener("pointermove", (event) => { if (event.pointerType !== "touch") pointAt(leg, event); });
    leg.box.addEventListener("pointerdown", (event) => pointAt(leg, event));
    leg.box.addEventListener("pointerleave", (event) => { /* a lifted finger leaves its reading */
      if (event.pointerType !== "touch" && document.activeElement !== leg.box) setCursor(leg.group, null);
    });
    for (const name of ["touchstart", "touchmove"]) leg.box.addEventListener(name, onTouch, { passive: false });
    leg.box.addEventListener("keydown", (event) => onKey(leg, event));
    leg.box.addEventListener("focus", () => { if (leg.group.cursor == null) setCursor(leg.group, leg.group.window[0]); });
    showReadout(leg);
  };

  /* ---- one window and one cursor for all */

  let isMoving = false;
  let frame = 0;
  const stale = new Set();
  const isVisible = (leg) => {
    const r = leg.box.getBoundingClientRect();
    return r.bottom > -200 && r.top < innerHeight + 200 && r.width > 0;
  };
  const redraw = (leg) => {
    const window = leg.group.window;
    isMoving = true;
    for (const { g, range, tell } of leg.plots) {
      g.updateOptions({ dateWindow: window.slice(), ...(range ? { valueRange: range(window) } : {}) });
      if (range) tell(range(window));
    }
    isMoving = false;
    stale.delete(leg);
    showCursor(leg);
  };
  const flush = () => {
    frame = 0;
    for (const leg of [...stale]) if (isVisible(leg)) redraw(leg);
  };
  const schedule = () => { if (!frame) frame = requestAnimationFrame(flush); };
  const setWindow = (group, from, to) => {
    const least = Math.min(10e3, group.to - group.from);
    const width = Math.min(Math.max(to - from, least), group.to - group.from);
    const begin = Math.min(Math.max((from + to - width) / 2, group.from), group.to - width);
    group.window = [begin, begin + width];
    for (const leg of group.legs) if (leg.rows) stale.add(leg);
    keepWindows();
    schedule();
  };
  const moved = (leg, g) => {
    if (isMoving) return;
    const [a, b] = g.xAxisRange(), w = leg.group.window;
    if (Math.abs(a - w[0]) > 1 || Math.abs(b - w[1]) > 1) setWindow(leg.group, a, b);
    else showCursor(leg);
  };
  const zoom = (group, factor, at) => {
    const [a, b] = group.window;
    const about = at == null ? (group.cursor != null && group.cursor >= a && group.cursor <= b ? group.cursor : (a + b) / 2) : at;
    setWindow(group, about - (about - a) * factor, about + (b - about) * factor);
  };
  const pan = (group, share) => {
    const [a, b] = group.window;
    setWindow(group, a + (b - a) * share, b + (b - a) * share);
  };
  const reset = (group) => setWindow(group, group.from, group.to);

  const showCursor = (leg) => {
    const t = leg.group.cursor, [a, b] = leg.group.window;
    leg.cursor.style.display = t != null && t >= a && t <= b ? "block" : "none";
    if (t != null && leg.plots.length) leg.cursor.style.left = leg.plots[0].g.toDomXCoord(t) + "px";
  };
  const part = (name, value) => make("span", {}, name + " ", make("b", {}, value));
  const tripPart = (leg, t) => {
    const trips = leg.tripRows, i = tripAt(trips, t);
    if (i < 0) return [];
    if (Number.isNaN(trips.low[i])) return [part("round trip", "not answered")];
    const shown = trips.count[i] === 1 ? part("round trip", fixed(trips.low[i], 3) + " ms")
      : part("round trip median / max", fixed(trips.low[i], 3) + " / " + fixed(trips.high[i], 3) + " ms");
    return trips.none[i] ? [shown, part("not answered", trips.none[i] + " of " + trips.count[i])] : [shown];
  };
  const showReadout = (leg) => {
    const t = leg.group.cursor, rows = leg.rows, out = leg.readout;
    if (t == null) { /* said once */
      out.replaceChildren(leg.leg === data.legs[0].leg ? "Point at a chart, or touch it, to read it off." : "");
      return;
    }
    const i = rowAt(rows, t);
    if (i < 0 || t >= rows.from[i] + rows.length[i] + 1) {
      const gap = leg.gaps.find(([from, to]) => t >= base(leg) + from && t <= base(leg) + to);
      out.replaceChildren(part(clock(leg, t) + (leg.start ? "Z" : ""), gap && gap[2] ? "not observed: " + gap[2] : "not observed"), ...tripPart(leg, t));
      return;
    }
    const parts = [part(clock(leg, rows.from[i], true) + (leg.start ? "Z" : ""), "for " + lengthText(rows.length[i]))];
    parts.push(rows.count[i] === 1 ? part("rate", fixed(rows.middle[i], 4) + " Mbps")
      : part("rate min / median / max", [rows.low[i], rows.middle[i], rows.high[i]].map((v) => fixed(v, 4)).join(" / ") + " Mbps"));
    if (rows.sentRate && !Number.isNaN(rows.sentRate[i])) parts.push(part("sent", fixed(rows.sentRate[i], 4) + " Mbps"));
    if (rows.lost && rows.lost[i] !== null)
      parts.push(part("lost", number(rows.lost[i], 0) + " of " + number(rows.sent[i], 0)
        + (rows.sent[i] > 0 ? " (" + Number((100 * rows.lost[i] / rows.sent[i]).toPrecision(3)) + " %)" : "")));
    if (rows.delay && !Number.isNaN(rows.delay[i]))
      parts.push(part(rows.count[i] === 1 ? "delay p50 / p99 / max" : "delay median of p50 / greatest p99 / max",
        [rows.delay[i], rows.delayHigh[i], rows.delayMax[i]].map((v) => fixed(v, 3)).join(" / ") + " ms"));
    if (rows.jitter && !Number.isNaN(rows.jitter[i]))
      parts.push(rows.count[i] === 1 ? part("jitter", fixed(rows.jitter[i], 4) + " ms")
        : part("jitter median / max", fixed(rows.jitter[i], 4) + " / " + fixed(rows.jitterHigh[i], 4) + " ms"));
    if (rows.retransmits && rows.retransmits[i] !== null) parts.push(part("retransmits", number(rows.retransmits[i], 0) + " segments"));
    if (rows.rtt && !Number.isNaN(rows.rtt[i])) parts.push(part("round trip median / max", fixed(rows.rtt[i], 3) + " / " + fixed(rows.rttHigh[i], 3) + " ms"));
    parts.push(...tripPart(leg, t));
    const here = leg.events.filter(([, , from, length]) => t >= base(leg) + from && t <= base(leg) + from + Math.max(length, 1000));
    for (const event of here.sort((p, q) => (p[0] || Infinity) - (q[0] || Infinity)).slice(0, 2)) /* the gravest */
      parts.push(part(event[0] ? "incident" : "event", (event[0] ? "#" + event[0] + " " : "") + kinds[event[1]][0] + ", " + (event[8] ? event[8] + ", " : "") + event[4]));
    out.replaceChildren(...parts);
  };
  const setCursor = (group, t) => {
    group.cursor = t;
    when.textContent = t == null ? "" : group.from > 1e12 ? day(t) + " " + clock(null, t) + " UTC" : clock(null, t) + " since the start";
    for (const leg of group.legs)
      if (leg.rows && isVisible(leg)) { showCursor(leg); showReadout(leg); }
  };
  const pointAt = (leg, event) => {
    const plot = leg.plots[0].g;
    const t = plot.toDataXCoord(event.clientX - leg.box.getBoundingClientRect().left);
    setCursor(leg.group, Math.min(Math.max(t, leg.group.window[0]), leg.group.window[1]));
  };

  /* ---- keyboard */

  const stepCursor = (leg, by) => {
    const rows = leg.rows, group = leg.group;
    const t = group.cursor == null ? group.window[0] : group.cursor;
    const i = Math.min(Math.max(rowAt(rows, t) + by, 0), rows.n - 1);
    if (rows.n) showTime(group, rows.from[i]);
  };
  /* Moves the cursor to a time; the view follows it. */
  const showTime = (group, t) => {
    const [a, b] = group.window;
    if (t < a || t > b) setWindow(group, t - (b - a) / 2, t + (b - a) / 2);
    setCursor(group, t);
  };
  const stepEvent = (leg, by) => {
    const t = leg.group.cursor == null ? leg.group.window[0] : leg.group.cursor;
    const starts = leg.events.map((e) => base(leg) + e[2]);
    const next = by > 0 ? starts.find((s) => s > t + 1) : starts.filter((s) => s < t - 1).pop();
    if (next !== undefined) showTime(leg.group, next);
  };
  const keys = {
    ArrowLeft: (leg, e) => e.shiftKey ? pan(leg.group, -0.25) : stepCursor(leg, e.ctrlKey ? -10 : -1),
    ArrowRight: (leg, e) => e.shiftKey ? pan(leg.group, 0.25) : stepCursor(leg, e.ctrlKey ? 10 : 1),
    "+": (leg) => zoom(leg.group, 0.5), "=": (leg) => zoom(leg.group, 0.5), "-": (leg) => zoom(leg.group, 2),
    0: (leg) => reset(leg.group), Escape: (leg) => reset(leg.group),
    Home: (leg) => showTime(leg.group, base(leg)), End: (leg) => showTime(leg.group, leg.rows.n ? leg.rows.from[leg.rows.n - 1] : base(leg)),
    n: (leg) => stepEvent(leg, 1), p: (leg) => stepEvent(leg, -1),
  };
  const onKey = (leg, event) => {
    const does = keys[event.key];
    if (!does || event.altKey || event.metaKey) return;
    event.preventDefault();
    leg.readout.setAttribute("aria-live", "polite"); /* read aloud for the keyboard, not for the mouse */
    does(leg, event);
  };

  /* ---- controls */

  const controls = document.getElementById("controls");
  const all = (does) => () => groups.forEach(does);
  const button = (text, label, does) => make("button", { type: "button", title: label, "aria-label": label, onclick: does }, text);
  const when = make("output", { id: "when" });
  /* What the bands, signs and thin lines of the charts mean: only those that occur. */
  const legend = () => {
    const events = [...legs.values()].flatMap((leg) => leg.events), has = (test) => [...legs.values()].some(test);
    const key = (name, text) => make("span", { class: "key " + name }, text), entries = [];
    const ranked = kinds.map(([words, name, rank], kind) => ({ words, name, rank, kind })).sort((a, b) => a.rank - b.rank);
    for (const { words, name, kind } of ranked) if (events.some((e) => e[1] === kind)) entries.push(key("k-" + name, words));
    if (has((leg) => leg.gaps.length)) entries.push(key("gap", "not observed"));
    if (events.some((e) => e[7] === 1)) entries.push(key("sign", "1" + reachSigns[1] + " incident of a pair"));
    if (events.some((e) => e[7] > 1)) entries.push(key("sign", "1" + reachSigns[2] + " incident of a site, or of all"));
    if (has((leg) => leg.target > 0)) entries.push(key("line target", "target"));
    if (has((leg) => leg.sr)) entries.push(key("line sent", "sent"));
    if (has((leg) => leg.qm)) entries.push(key("line delay", "delay p50 to p99"), key("line dots", "its max"));
    return make("p", { class: "scale", id: "legend" }, "Charts:", ...entries);
  };
  controls.classList.add("alive");
  controls.append(button("+", "Zoom in", all((g) => zoom(g, 0.5))), button("\u2212", "Zoom out", all((g) => zoom(g, 2))),
    button("\u25c0", "Earlier", all((g) => pan(g, -0.5))), button("\u25b6", "Later", all((g) => pan(g, 0.5))),
    button("All", "Show all of the time", all(reset)), when,
    make("span", { class: "hint" }, "Drag to zoom; ? for all keys."));
  controls.after(legend());

  /* The number of an incident, or of an event, leads to it in its chart. */
  const markOf = (leg, link) => {
    if (!link.dataset.incident) {
      const found = leg.events.filter((e) => e[5] <= Number(link.dataset.event)).pop();
      return found && [found[2], found[2] + found[3]];
    }
    const all = leg.events.filter((e) => e[0] === Number(link.dataset.incident));
    return all.length ? [all[0][2], Math.max(...all.map((e) => e[2] + e[3]))] : null;
  };
  addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest("a[data-event], a[data-incident]");
    const leg = link && legs.get(Number(link.hash.slice(4)));
    const mark = leg && markOf(leg, link);
    if (!mark) return;
    event.preventDefault();
    const article = document.getElementById("leg" + leg.leg);
    article.closest("details").open = true;
    build(leg);
    const around = Math.max(60e3, mark[1] - mark[0]);
    setWindow(leg.group, base(leg) + mark[0] - around, base(leg) + mark[1] + around);
    article.scrollIntoView({ block: "center" });
    leg.box.focus({ preventScroll: true });
    setCursor(leg.group, base(leg) + mark[0]);
  });

  /* Charts are made when they become visible, and drawn again when they become visible again. */
  const watch = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      const leg = legs.get(Number(entry.target.dataset.leg));
      if (!entry.isIntersecting || !leg) continue;
      if (!leg.rows) build(leg);
      else if (stale.has(leg)) schedule();
      showReadout(leg);
      showCursor(leg);
    }
  }, { rootMargin: "300px" });
  for (const leg of legs.values()) watch.observe(document.getElementById("leg" + leg.leg));

  themeChanged.push(() => {
    for (const leg of legs.values())
      for (const { g, kind } of leg.plots)
        g.updateOptions({ colors: [colour(leg.colours[kind])], gridLineColor: colour("grid"), axisLineColor: colour("grid") });
  });
})();
