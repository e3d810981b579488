/* charts.js - the interactive charts of index.html, made with dygraphs: mouse, touch and keyboard zoom, pan and read all of them
 * together. lib/publish/html_data.c writes the data. Loaded after page.js. */
"use strict";
(() => {
  const { make, store, isAgain, themeChanged } = window.longhaul;
  const root = document.documentElement;

  const source = document.getElementById("data");
  if (!source || !window.Dygraph) return;
  const data = JSON.parse(source.textContent);
  const Dygraph = window.Dygraph;
  Dygraph.PLUGINS = Dygraph.PLUGINS.filter((p) => p !== Dygraph.Plugins.Legend); /* we have our own readout */

  const kinds = data.kinds; /* [words, name of the colour] */
  const sum = (values) => {
    let before = 0;
    return values && values.map((v) => v === null ? NaN : (before += v));
  };

  /* Decodes what lib/publish/html_trips.c writes: round trips measured during the test, each valid until the next is due. */
  const decodeTrips = (leg) => {
    const trips = leg.trips;
    if (!trips) return null;
    const low = sum(trips.md).map((v) => v * 1e-3);
    return {
      n: low.length, low, high: trips.hi ? low.map((v, i) => v + trips.hi[i] * 1e-3) : low, from: sum(trips.at).map((v) => (leg.start || 0) + v * 1e3),
      count: trips.n || low.map(() => 1), none: trips.none || low.map((v) => Number(Number.isNaN(v))), every: trips.every * 1e3,
    };
  };

  /* Decodes what lib/publish/html_data.c writes: rows from differences. */
  const decode = (leg) => {
    const n = leg.t ? leg.t.length : 0;
    const length = n ? sum(leg.d) : [];
    const from = [];
    let end = leg.start || 0;
    for (let i = 0; i < n; i++) {
      from[i] = end + leg.t[i];
      end = from[i] + length[i];
    }
    const middle = n ? sum(leg.md).map((v) => v * leg.rateUnit / 1e6) : [];
    const rtt = leg.rm && sum(leg.rm).map((v) => v * 1e-3);
    const jitter = leg.jm && sum(leg.jm).map((v) => v * leg.jitterUnit);
    return {
      n, from, length, middle, jitter, count: n ? sum(leg.n) : [],
      low: middle.map((v, i) => v - leg.lo[i] * leg.rateUnit / 1e6), high: middle.map((v, i) => v + leg.hi[i] * leg.rateUnit / 1e6),
      retransmits: leg.re || null, rtt, rttHigh: rtt && rtt.map((v, i) => leg.rx[i] === null ? NaN : v + leg.rx[i] * 1e-3),
      lost: leg.lost || null, sent: leg.sent ? sum(leg.sent) : null,
      jitterHigh: jitter && jitter.map((v, i) => leg.jx[i] === null ? NaN : v + leg.jx[i] * leg.jitterUnit),
    };
  };

  const base = (leg) => leg.start || 0;
  const pad = (v, n = 2) => String(v).padStart(n, "0");
  const clock = (leg, t, ms) => {
    const d = new Date(t);
    const s = pad(d.getUTCHours()) + ":" + pad(d.getUTCMinutes()) + ":" + pad(d.getUTCSeconds());
    return s + (ms && d.getUTCMilliseconds() ? "." + pad(d.getUTCMilliseconds(), 3) : "");
  };
  const day = (t) => new Date(t).toISOString().slice(0, 10);
  const number = (v, digits) => v.toLocaleString("en-US", { maximumFractionDigits: digits });
  const fixed = (v, digits) => v.toFixed(digits);
  const lengthText = (ms) => ms >= 3600e3 ? number(ms / 3600e3, 2) + " h" : ms >= 60e3 ? number(ms / 60e3, 2) + " min" : number(ms / 1e3, 3) + " s";
  const colour = (name) => getComputedStyle(root).getPropertyValue("--" + name).trim();

  const legs = new Map(data.legs.map((leg) => [leg.leg, { ...leg, rows: null, plots: [], group: 0 }]));

  /* Legs that were measured at the same time share a window; each group has its own. */
  const groups = [];
  for (const leg of [...legs.values()].sort((a, b) => base(a) - base(b))) {
    const last = groups[groups.length - 1];
    if (!last || base(leg) > last.to || (last.to < 1e12) !== (!leg.start)) {
      groups.push({ from: base(leg), to: base(leg) + leg.length, window: null, legs: [leg] });
    } else {
      last.to = Math.max(last.to, base(leg) + leg.length);
      last.legs.push(leg);
    }
  }
  const keptWindows = isAgain && store.get("windows") || {};
  groups.forEach((group, i) => {
    group.id = i;
    group.legs.forEach((leg) => { leg.group = group; });
    const kept = keptWindows[Math.round(group.from)];
    group.window = kept && kept[1] > group.from && kept[0] < group.to ? kept : [group.from, group.to];
  });
  const keepWindows = () => {
    const all = {};
    groups.forEach((g) => { if (g.window[0] !== g.from || g.window[1] !== g.to) all[Math.round(g.from)] = g.window; });
    store.set("windows", all);
  };

  /* ---- rows */

  /* The last row that begins at or before t; -1 if none does. */
  const rowAt = (rows, t) => {
    let low = 0, high = rows.n;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (rows.from[middle] <= t) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  };

  /* The range of levels in a window: zoomed in on the values, never flat (least is the smallest height), never below 0. */
  const levelRange = (rows, window, least) => {
    let low = Infinity, high = -Infinity;
    for (let i = Math.max(0, rowAt(rows, window[0])); i < rows.n && rows.from[i] <= window[1]; i++) {
      if (rows.low[i] < low) low = rows.low[i];
      if (rows.high[i] > high) high = rows.high[i];
    }
    if (low > high) return [0, 1];
    const room = Math.max(least(low), (high - low) * 0.12);
    return [Math.max(low >= 0 ? 0 : -Infinity, low - room), high + room];
  };
  /* All legs share one axis of rates, from 0; what is above its end is marked with its value. */
  const rateRange = () => [0, data.rateTop];
  const tripRange = (trips) => (window) => levelRange(trips, window, (low) => Math.max(0.001, low * 0.01));

  /* The round trip that is shown for a time; -1 if none is. */
  const tripAt = (trips, t) => {
    const i = trips ? rowAt(trips, t) : -1;
    return i >= 0 && t < trips.from[i] + 1.5 * trips.every ? i : -1;
  };

  /* Rows in dygraphs' form: a line breaks where nothing was observed. */
  const points = (rows, values, empty) => {
    const out = [];
    for (let i = 0; i < rows.n; i++) {
      const before = i ? rows.from[i - 1] + rows.length[i - 1] : rows.from[0];
      if (i && rows.from[i] - before > rows.length[i - 1] / 2) out.push([(before + rows.from[i]) / 2, empty]);
      out.push([rows.from[i] + rows.length[i] / 2, values(i)]);
    }
    if (!out.length) out.push([0, empty]);
    return out;
  };
  const tripPoints = (trips) => {
    const out = [];
    for (let i = 0; i < trips.n; i++) {
      if (i && trips.from[i] - trips.from[i - 1] > 1.5 * trips.every) out.push([(trips.from[i] + trips.from[i - 1]) / 2, [null, null, null]]);
      out.push([trips.from[i], Number.isNaN(trips.low[i]) ? [null, null, null] : [trips.low[i], trips.low[i], trips.high[i]]]);
    }
    return out;
  };
  const lossPercent = (rows, i) => rows.sent[i] > 0 && rows.lost[i] !== null ? 100 * rows.lost[i] / rows.sent[i] : NaN;

  /* ---- drawing */

  const underlay = (leg, withNumbers) => (context, area, g) => {
    const x = (t) => g.toDomXCoord(base(leg) + t);
    const causes = [];
    context.save();
    context.beginPath();
    context.rect(area.x, area.y, area.w, area.h);
    context.clip();
    context.fillStyle = colour("gap-soft");
    context.font = "11px sans-serif";
    context.textAlign = "center";
    for (const [from, to, cause] of leg.gaps) {
      const a = x(from), b = x(to);
      context.fillRect(a, area.y, Math.max(1, b - a), area.h);
      context.strokeStyle = colour("gap");
      context.beginPath();
      for (let s = Math.max(a, area.x) - area.h; s < Math.min(b, area.x + area.w); s += 9) { /* hatched, so that colour is not the only sign */
        const begin = Math.max(s, a), end = Math.min(s + area.h, b);
        if (end > begin) { context.moveTo(begin, area.y + area.h - (begin - s)); context.lineTo(end, area.y + area.h - (end - s)); }
      }
      context.stroke();
      if (withNumbers) causes.push([Math.max(a, area.x), Math.min(b, area.x + area.w), cause]);
    }
    let last = -Infinity;
    const palette = kinds.map(([, name]) => [colour(name), colour(name + "-bg")]);
    const numbers = [];
    for (const [incident, kind, from, length] of leg.events) {
      const a = x(from), b = Math.max(x(from + length), a + 2);
      if (b < area.x || a > area.x + area.w) continue;
      context.globalAlpha = 0.65;
      context.fillStyle = palette[kind][1];
      context.fillRect(a, area.y, b - a, area.h);
      const middle = (Math.max(a, area.x) + Math.min(b, area.x + area.w)) / 2;
      if (withNumbers && incident) numbers.push([Math.min(Math.max(middle, area.x + 8), area.x + area.w - 8), incident, kind]);
    }
    context.globalAlpha = 1;
    for (const [at, incident, kind] of numbers.sort((p, q) => p[0] - q[0])) {
      if (at - last < 20) continue;
      const width = context.measureText(String(incident)).width + 6;
      context.fillStyle = palette[kind][1];
      context.fillRect(at - width / 2, area.y, width, 14);
      context.fillStyle = palette[kind][0];
      context.fillText(String(incident), at, area.y + 11);
      last = at;
    }
    for (const [a, b, cause] of causes) { /* if there is room */
      const width = context.measureText(cause).width + 8, middle = area.y + area.h / 2;
      if (!cause || b - a < width + 4) continue;
      context.fillStyle = colour("bg");
      context.fillRect((a + b - width) / 2, middle - 8, width, 16);
      context.fillStyle = colour("text");
      context.fillText(cause, (a + b) / 2, middle + 4);
    }
    context.restore();
  };

  /* Thin lines of the target, and of what was sent where the rate is what arrived; marks with the values above the axis. */
  const rateUnderlay = (leg, draw) => (context, area, g) => {
    draw(context, area, g);
    const line = (value, name, dashes) => {
      if (!(value > 0 && value <= data.rateTop)) return;
      const y = Math.round(g.toDomYCoord(value)) + 0.5;
      context.save();
      context.strokeStyle = colour(name);
      context.setLineDash(dashes);
      context.beginPath();
      context.moveTo(area.x, y);
      context.lineTo(area.x + area.w, y);
      context.stroke();
      context.restore();
    };
    line(leg.sentRate, "gap", []);
    line(leg.target, "muted", [4, 4]);
    const rows = leg.rows, marks = [];
    for (let i = 0; i < rows.n; i++) {
      const x = g.toDomXCoord(rows.from[i]), last = marks[marks.length - 1];
      if (!(rows.high[i] > data.rateTop) || x < area.x || x > area.x + area.w) continue;
      if (!last || x - last.x > 60) marks.push({ x, value: rows.high[i] });
      else last.value = Math.max(last.value, rows.high[i]);
    }
    context.font = "11px sans-serif";
    context.textAlign = "center";
    context.fillStyle = colour("text");
    for (const { x, value } of marks)
      context.fillText("\u25b2 " + Number(value.toPrecision(3)), Math.min(Math.max(x, area.x + 24), area.x + area.w - 24), area.y + 26);
  };

  /* Unanswered probes: marks at the foot. */
  const unanswered = (leg, draw) => (context, area, g) => {
    draw(context, area, g);
    context.fillStyle = colour("line-loss");
    for (let i = 0; i < leg.tripRows.n; i++) {
      const x = g.toDomXCoord(leg.tripRows.from[i]);
      if (leg.tripRows.none[i] && x >= area.x && x <= area.x + area.w) context.fillRect(Math.round(x), area.y + area.h - 8, 2, 8);
    }
  };

  /* A bar for each row with loss, at least 2 pixels wide: one lost packet is visible in a day. */
  const bars = (leg) => (e) => {
    const context = e.drawingContext, area = e.plotArea;
    context.fillStyle = e.color;
    for (const p of e.points) {
      if (!Number.isFinite(p.canvasy) || !(p.yval > 0)) continue;
      const i = rowAt(leg.rows, p.xval);
      const a = e.dygraph.toDomXCoord(leg.rows.from[i]), b = e.dygraph.toDomXCoord(leg.rows.from[i] + leg.rows.length[i]);
      const left = Math.round(Math.min(a, p.canvasx - 1)), right = Math.max(left + 2, Math.round(b));
      context.fillRect(left, p.canvasy, right - left, area.y + area.h - p.canvasy);
    }
  };

  const minutely = (Dygraph.Granularity || Dygraph).MINUTELY;
  const timeLabel = (leg) => (t, granularity, options, g) => {
    if (t % 1000) return "";
    const text = clock(leg, t), seconds = granularity < minutely; /* with seconds where marks are nearer than a minute */
    if (leg.start && text === "00:00:00") return day(t).slice(5);
    return seconds ? text : text.slice(0, 5);
  };

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
    leg.box.append(make("span", { class: "plot-name" }, name), div);
    const g = new Dygraph(div, options.data, {
      labels: ["t", name], legend: "never", showLabelsOnHighlight: false, highlightCircleSize: 0, strokeWidth: 1.2, drawPoints: false,
      dateWindow: leg.group.window.slice(), ...(options.range ? { valueRange: options.range(leg.group.window) } : {}), interactionModel: model, gridLineColor: colour("grid"), axisLineColor: colour("grid"),
      xRangePad: 0, labelsUTC: true, animatedZooms: false, rightGap: 4, ...options.dygraph,
      axes: {
        x: { ticker: Dygraph.dateTicker, axisLabelFormatter: timeLabel(leg), valueFormatter: String, drawAxis: isLast, pixelsPerLabel: innerWidth < 640 ? 45 : 70 },
        y: { axisLabelWidth: 58, pixelsPerLabel: kind === "rate" ? 24 : 17, ...options.y },
      },
      drawCallback: (drawn, isInitial) => { if (!isInitial) moved(leg, drawn); },
    });
    g.longhaulLeg = leg;
    leg.plots.push({ g, kind, range: options.range });
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
    const hasLoss = rows.lost !== null && rows.sent !== null, hasJitter = Boolean(rows.jitter);
    const hasRetransmits = rows.retransmits !== null, hasRtt = Boolean(rows.rtt);
    const trips = leg.tripRows = decodeTrips(leg);
    const band = (middle, high) => points(rows, (i) => [middle[i], middle[i], high[i]].map((v) => Number.isNaN(v) ? null : v), [null, null, null]);
    const line = leg.inbound ? "line-in" : "line-out";
    leg.colours = { rate: line, loss: "line-loss", jitter: "line-jitter", retransmits: "line-loss", rtt: "line-rtt", trips: "line-rtt" };
    const kindsOfLeg = ["rate", hasLoss && "loss", hasJitter && "jitter", hasRetransmits && "retransmits", hasRtt && "rtt", trips && "trips"].filter(Boolean);
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
        data: band(rows.rtt, rows.rttHigh), range: tripRange({ ...rows, low: rows.rtt, high: rows.rttHigh }),
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
    for (const { g, range } of leg.plots)
      g.updateOptions({ dateWindow: window.slice(), ...(range ? { valueRange: range(window) } : {}) });
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
    if (rows.lost && rows.lost[i] !== null)
      parts.push(part("lost", number(rows.lost[i], 0) + " of " + number(rows.sent[i], 0)
        + (rows.sent[i] > 0 ? " (" + Number((100 * rows.lost[i] / rows.sent[i]).toPrecision(3)) + " %)" : "")));
    if (rows.jitter && !Number.isNaN(rows.jitter[i]))
      parts.push(rows.count[i] === 1 ? part("jitter", fixed(rows.jitter[i], 4) + " ms")
        : part("jitter median / max", fixed(rows.jitter[i], 4) + " / " + fixed(rows.jitterHigh[i], 4) + " ms"));
    if (rows.retransmits && rows.retransmits[i] !== null) parts.push(part("retransmits", number(rows.retransmits[i], 0) + " segments"));
    if (rows.rtt && !Number.isNaN(rows.rtt[i])) parts.push(part("round trip median / max", fixed(rows.rtt[i], 3) + " / " + fixed(rows.rttHigh[i], 3) + " ms"));
    parts.push(...tripPart(leg, t));
    const here = leg.events.filter(([, , from, length]) => t >= base(leg) + from && t <= base(leg) + from + Math.max(length, 1000));
    for (const event of here.sort((p, q) => (p[0] || Infinity) - (q[0] || Infinity)).slice(0, 2)) /* the gravest */
      parts.push(part(event[0] ? "incident" : "event", (event[0] ? "#" + event[0] + " " : "") + kinds[event[1]][0] + ", " + event[4]));
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
  controls.classList.add("alive");
  controls.append(button("+", "Zoom in", all((g) => zoom(g, 0.5))), button("\u2212", "Zoom out", all((g) => zoom(g, 2))),
    button("\u25c0", "Earlier", all((g) => pan(g, -0.5))), button("\u25b6", "Later", all((g) => pan(g, 0.5))),
    button("All", "Show all of the time", all(reset)), when,
    make("span", { class: "hint" }, "Drag to zoom, shift and drag to move, double-click for all; Ctrl and wheel; arrows, + \u2212 0 n p."));

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
