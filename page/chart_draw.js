/* chart_draw.js - what the charts of index.html draw on their canvas next to dygraphs' lines: gaps, events, numbers of incidents, thin lines, bars,
 * labels of times. Keeps no state. Loaded after chart_data.js; adds to window.longhaul.charts. */
"use strict";
(() => {
  const charts = window.longhaul.charts;
  if (!charts) return;
  const { data, base, clock, day, rowAt } = charts;
  const Dygraph = window.Dygraph;
  const kinds = data.kinds; /* [words, name of the colour, rank: what is grave comes first] */
  const reachSigns = ["", "\u2194", "\u2731", "\u2731"]; /* of a leg, a pair, a site, all; the pictures have the same */
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();

  /* Gaps: shaded, and hatched, so that colour is not the only sign. */
  const hatch = (context, area, a, b) => {
    context.fillStyle = colour("gap-soft");
    context.fillRect(a, area.y, Math.max(1, b - a), area.h);
    context.strokeStyle = colour("gap");
    context.beginPath();
    for (let s = Math.max(a, area.x) - area.h; s < Math.min(b, area.x + area.w); s += 9) {
      const begin = Math.max(s, a), end = Math.min(s + area.h, b);
      if (end > begin) { context.moveTo(begin, area.y + area.h - (begin - s)); context.lineTo(end, area.y + area.h - (end - s)); }
    }
    context.stroke();
  };

  /* A text on a plate, in the colours of a kind, or of the page. */
  const plate = (context, text, x, top, height, front, back) => {
    const width = context.measureText(text).width + 6;
    context.fillStyle = back;
    context.fillRect(x - width / 2, top, width, height);
    context.fillStyle = front;
    context.fillText(text, x, top + height / 2 + 4);
    return width;
  };

  /* Bands of events, what is grave over what follows from it, as in the pictures: colours never mix, each means a kind. What has no length, as
   * another route, is a line. */
  const bands = (leg, context, area, x) => {
    const palette = kinds.map(([, name]) => colour(name + "-bg"));
    const numbers = [];
    for (const event of [...leg.events].sort((p, q) => kinds[q[1]][2] - kinds[p[1]][2])) {
      const a = x(event[2]), b = Math.max(x(event[2] + event[3]), a + 2);
      if (b < area.x || a > area.x + area.w) continue;
      context.fillStyle = colour("bg");
      context.fillRect(a, area.y, b - a, area.h);
      context.globalAlpha = 0.65;
      context.fillStyle = palette[event[1]];
      context.fillRect(a, area.y, b - a, area.h);
      context.globalAlpha = 1;
      if (kinds[event[1]][1] === "route") {
        context.fillStyle = colour("route");
        context.fillRect(Math.round(a), area.y, 1.5, area.h);
      }
      if (event[0]) numbers.push([Math.max(a, area.x), Math.min(b, area.x + area.w), event]);
    }
    return numbers;
  };

  /* Events of an incident that follow on each other, with less room in between than a number takes, have one number in their middle. */
  const joined = (context, numbers) => {
    const newest = {}, all = [];
    for (const [from, to, event] of numbers.sort((p, q) => p[0] - q[0])) {
      const before = newest[event[0]];
      if (before && from - before[1] < context.measureText("1").width)
        before[1] = Math.max(before[1], to);
      else
        all.push(newest[event[0]] = [from, to, event]);
    }
    return all.map(([from, to, event]) => [(from + to) / 2, event]);
  };

  /* Numbers of incidents, in the colour of the incident's kind, with the sign of its reach; those that would touch the one before are omitted. */
  const writeNumbers = (context, area, numbers) => {
    let last = -Infinity;
    for (const [middle, [incident, kind, , , , , whole = kind, reach = 0]] of joined(context, numbers).sort((p, q) => p[0] - q[0] || p[1][0] - q[1][0])) {
      const text = incident + reachSigns[reach], half = context.measureText(text).width / 2 + 4;
      const at = Math.min(Math.max(middle, area.x + half), area.x + area.w - half);
      if (at - half < last) continue;
      last = at + half;
      plate(context, text, at, area.y, 14, colour(kinds[whole][1]), colour(kinds[whole][1] + "-bg"));
    }
  };

  const underlay = (leg, withNumbers) => (context, area, g) => {
    const x = (t) => g.toDomXCoord(base(leg) + t);
    context.save();
    context.beginPath();
    context.rect(area.x, area.y, area.w, area.h);
    context.clip();
    context.font = "11px sans-serif";
    context.textAlign = "center";
    const numbers = bands(leg, context, area, x);
    for (const [from, to] of leg.gaps) hatch(context, area, x(from), x(to));
    if (withNumbers) writeNumbers(context, area, numbers);
    for (const [from, to, cause] of withNumbers ? leg.gaps : []) { /* if there is room */
      const a = Math.max(x(from), area.x), b = Math.min(x(to), area.x + area.w);
      if (cause && b - a >= context.measureText(cause).width + 12)
        plate(context, cause, (a + b) / 2, area.y + area.h / 2 - 8, 16, colour("text"), colour("bg"));
    }
    context.restore();
  };

  /* A faint line of what was sent, row by row, where the rate is what arrived; it breaks where nothing was observed. */
  const sentLine = (rows, context, g) => {
    let until = -Infinity;
    context.strokeStyle = colour("sent");
    context.lineWidth = 1.5;
    context.beginPath();
    for (let i = 0; i < rows.n; i++) {
      if (Number.isNaN(rows.sentRate[i])) continue;
      const a = g.toDomXCoord(rows.from[i]), b = g.toDomXCoord(rows.from[i] + rows.length[i]), y = g.toDomYCoord(Math.min(rows.sentRate[i], data.rateTop));
      if (rows.from[i] - until > rows.length[i] / 2) context.moveTo(a, y);
      else context.lineTo(a, y);
      context.lineTo(b, y);
      until = rows.from[i] + rows.length[i];
    }
    context.stroke();
  };

  const targetLine = (leg, context, area, g) => {
    if (!(leg.target > 0 && leg.target <= data.rateTop)) return;
    const y = Math.round(g.toDomYCoord(leg.target)) + 0.5;
    context.strokeStyle = colour("muted");
    context.setLineDash([4, 4]);
    context.beginPath();
    context.moveTo(area.x, y);
    context.lineTo(area.x + area.w, y);
    context.stroke();
  };

  /* Marks with the values above a limit, the greatest first: none touches another. */
  const beyond = (rows, values, limit, below, context, area, g) => {
    const marks = [], placed = [];
    for (let i = 0; i < rows.n; i++) {
      const x = g.toDomXCoord(rows.from[i]), last = marks[marks.length - 1];
      if (!(values[i] > limit) || x < area.x || x > area.x + area.w) continue;
      if (!last || x - last.x > 60) marks.push({ x, value: values[i] });
      else last.value = Math.max(last.value, values[i]);
    }
    context.font = "11px sans-serif";
    context.textAlign = "center";
    context.fillStyle = colour("text");
    for (const { x, value } of marks.sort((p, q) => q.value - p.value)) { /* next to its place: the line goes up there */
      const text = "\u25b2 " + Number(value.toPrecision(3)), aside = context.measureText(text).width / 2 + 5;
      const at = x + (x + 2 * aside > area.x + area.w ? -aside : aside);
      if (placed.some((other) => Math.abs(at - other) < 2 * aside)) continue;
      placed.push(at);
      context.fillText(text, at, area.y + below);
    }
  };

  const rateUnderlay = (leg, draw) => (context, area, g) => {
    draw(context, area, g);
    context.save();
    context.beginPath();
    context.rect(area.x, area.y, area.w, area.h);
    context.clip();
    if (leg.rows.sentRate) sentLine(leg.rows, context, g);
    targetLine(leg, context, area, g);
    context.restore();
    beyond(leg.rows, leg.rows.high, data.rateTop, 26, context, area, g);
  };

  /* Of each row its greatest delay, as a dot; what is above the edge is a tick there, with its value if it is far above. */
  const delayUnderlay = (leg, draw) => (context, area, g) => {
    const { rows } = leg, [from, to] = g.xAxisRange(), top = g.yAxisRange()[1];
    draw(context, area, g);
    context.fillStyle = colour("line-delay");
    context.globalAlpha = 0.6;
    for (let i = Math.max(0, rowAt(rows, from)); i < rows.n && rows.from[i] <= to; i++) {
      const x = g.toDomXCoord(rows.from[i] + rows.length[i] / 2);
      if (!Number.isNaN(rows.delayMax[i]) && x >= area.x && x <= area.x + area.w)
        context.fillRect(x - 0.75, g.toDomYCoord(Math.min(rows.delayMax[i], top)) - (rows.delayMax[i] > top ? 0 : 0.75), 1.5, rows.delayMax[i] > top ? 4 : 1.5);
    }
    context.globalAlpha = 1;
    beyond(rows, rows.delayMax, 1.5 * top, 14, context, area, g);
    let last = -Infinity;
    for (const event of leg.events) { /* by how much a route changed */
      const x = g.toDomXCoord(base(leg) + event[2]);
      if (kinds[event[1]][1] !== "route" || !event[8] || x < area.x || x > area.x + area.w) continue;
      const half = context.measureText(event[8]).width / 2 + 4, at = x + 2 * half > area.x + area.w ? x - half - 1 : x + half + 2;
      if (at - half > last) plate(context, event[8], at, area.y + 20, 14, colour("route"), colour("route-bg"));
      last = Math.max(last, at + half);
    }
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

  Object.assign(charts, { colour, reachSigns, underlay, rateUnderlay, delayUnderlay, unanswered, bars, timeLabel });
})();
