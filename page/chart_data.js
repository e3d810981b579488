/* chart_data.js - the data of index.html's charts, as lib/publish/html_data.c and html_trips.c write them: legs, their rows, groups that share a
 * window, and texts of times and numbers. Draws nothing. Loaded after page.js and dygraphs; hands on window.longhaul.charts. */
"use strict";
(() => {
  const { store, isAgain } = window.longhaul;
  const source = document.getElementById("data");
  if (!source || !window.Dygraph) return;
  const data = JSON.parse(source.textContent);

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
    const delay = leg.qm && sum(leg.qm).map((v) => v * 1e-3);
    const delayHigh = delay && delay.map((v, i) => leg.qp[i] === null ? NaN : v + leg.qp[i] * 1e-3);
    return {
      n, from, length, middle, jitter, count: n ? sum(leg.n) : [],
      low: middle.map((v, i) => v - leg.lo[i] * leg.rateUnit / 1e6), high: middle.map((v, i) => v + leg.hi[i] * leg.rateUnit / 1e6),
      retransmits: leg.re || null, rtt, rttHigh: rtt && rtt.map((v, i) => leg.rx[i] === null ? NaN : v + leg.rx[i] * 1e-3),
      lost: leg.lost || null, sent: leg.sent ? sum(leg.sent) : null, sentRate: leg.sr ? sum(leg.sr).map((v) => v * leg.rateUnit / 1e6) : null,
      jitterHigh: jitter && jitter.map((v, i) => leg.jx[i] === null ? NaN : v + leg.jx[i] * leg.jitterUnit),
      delay, delayHigh, delayMax: delay && delayHigh.map((v, i) => leg.qx[i] === null ? NaN : v + leg.qx[i] * 1e-3),
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
  /* The value that is exceeded for a share of the visible time, and the greatest one; 0 without any. */
  const exceeded = (rows, values, window, share) => {
    const seen = [];
    let all = 0;
    for (let i = Math.max(0, rowAt(rows, window[0])); i < rows.n && rows.from[i] <= window[1]; i++)
      if (!Number.isNaN(values[i])) { seen.push([values[i], rows.length[i]]); all += rows.length[i]; }
    seen.sort((a, b) => b[0] - a[0]);
    let above = 0;
    const at = seen.find(([, length]) => (above += length) > share * all);
    return at ? [at[0], seen[0][0]] : [0, 0];
  };
  /* An axis of delays begins at 0. It shows every 99th percentile, unless a few are far above all others, and most maxima, unless they are far
   * above the percentiles; what is above its end is marked with its value. */
  const delayRange = (rows) => (window) => {
    const [most, greatest] = exceeded(rows, rows.delayHigh, window, 0.001);
    const top = greatest > 3 * most && most > 0 ? 1.3 * most : greatest;
    return [0, Math.max(0.01, 1.15 * top, Math.min(1.05 * exceeded(rows, rows.delayMax, window, 0.005)[0], 3 * top))];
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

  window.longhaul.charts = { data, legs, groups, keepWindows, decode, decodeTrips, base, clock, day, number, fixed, lengthText,
    rowAt, rateRange, delayRange, tripRange, tripAt, points, tripPoints, lossPercent };
})();
