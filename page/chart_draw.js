/* chart_draw.js - what the charts of index.html draw on their canvas next to dygraphs' lines: gaps, events, numbers of incidents, thin lines, bars,
 * labels of times. Keeps no state. Loaded after chart_data.js; adds to window.longhaul.charts. */
"use strict";
(() => {
  const charts = window.longhaul.charts;
  if (!charts) return;
  const { data, base, clock, day, rowAt } = charts;
  const Dygraph = window.Dygraph;
  const kinds = data.kinds; /* [words, name of the colour] */
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();

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

  Object.assign(charts, { colour, underlay, rateUnderlay, unanswered, bars, timeLabel });
})();
