// Answers as elements: a table always, a chart where there is a number beside a name, a network where there are
// triples. Text goes in as text, never as markup.

const SVG = "http://www.w3.org/2000/svg";

export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

export const link = (href, text) => element("a", { href }, text);
export const quiet = (...words) => element("p", { class: "quiet" }, ...words);
export const code = (text) => element("code", {}, text);

function drawn(name, attributes = {}, text = "") {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text) made.textContent = text;
  return made;
}

/** Shortens IRIs by a map of prefixes, the longest namespace first. */
export function shortener(prefixes) {
  const known = Object.entries(prefixes).sort((a, b) => b[1].length - a[1].length);
  return (iri) => {
    for (const [prefix, space] of known) {
      if (iri.startsWith(space) && /^[\w.-]*$/.test(iri.slice(space.length))) return `${prefix}:${iri.slice(space.length)}`;
    }
    return iri;
  };
}

function isNumber(term) {
  return term && term.type === "literal" && /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(term.value.trim());
}

/** A number as it is printed, with a sign or a percent sign. */
function isMeasure(term) {
  return term.type === "literal" && /^[<>≤≥]?\s?[+-]?\d[\d.,]*(?:\s?%)?$/.test(term.value);
}

/** A table of SPARQL JSON rows. `place(iri)` gives the address of an IRI's page, or "". What `heading(column)` and
 * `cell(term, column)` give, if anything, stands for a column's name and for a term; `title(iri)` says a name in full, and
 * the column of `pinned(columns)` stays in sight while others scroll. */
export function table(columns, rows, { shorten, place, label = () => "", title = () => "", heading = (name) => name, cell: special = () => null, pinned = () => "" }) {
  const numeric = columns.map((name) => rows.length > 0 && rows.every((row) => !row[name] || isNumber(row[name]) || isMeasure(row[name])));
  const kind = columns.map((name, at) => (numeric[at] ? { class: "number" } : name === pinned(columns) ? { class: "pinned" } : {}));
  const head = element("tr");
  columns.forEach((name, at) => head.append(element("th", { scope: "col", ...kind[at] }, heading(name))));
  const body = element("tbody");
  for (const row of rows) {
    const line = element("tr");
    columns.forEach((name, at) => {
      const cell = element("td", kind[at]);
      const term = row[name];
      if (term) cell.append(special(term, name) ?? shown(term, shorten, place, label, title));
      line.append(cell);
    });
    body.append(line);
  }
  const made = element("table", {}, element("thead", {}, head), body);
  return element("div", { class: "wide" }, element("div", { class: "scroll", role: "region", tabindex: "0", "aria-label": "Answer" }, made));
}

function shown(term, shorten, place, label, title) {
  if (term.type !== "uri") return term.type === "bnode" ? `_:${term.value}` : term.value;
  const address = place(term.value);
  const text = label(term.value) || shorten(term.value);
  if (!address) return text;
  const outside = address.startsWith("http");
  return element("a", { href: address, title: title(term.value) || term.value, ...(outside ? { rel: "noreferrer", class: "outside" } : {}) }, text);
}

const SHOWN = 2000;

/** Rows as a table, in the shape that `tools.shaped` gives, and apart from it a chart where they hold numbers. */
export function rowsWithChart(columns, rows, tools) {
  const more = rows.length > SHOWN ? [element("p", { class: "quiet" }, `The first ${SHOWN} rows are shown.`)] : [];
  const shown = tools.shaped?.(columns, rows.slice(0, SHOWN)) ?? { columns, rows: rows.slice(0, SHOWN) };
  const drawing = tools.shaped ? [] : chart(columns, rows, tools); // the figure of a question is declared, never guessed
  return { body: [table(shown.columns, shown.rows, tools), ...more], drawing };
}

/** A drawing that keeps its size on a narrow screen and is moved by keyboard or finger. */
function scrolling(svg, words) {
  return element("div", { class: "scroll", role: "region", tabindex: "0", "aria-label": words }, svg);
}

/** Bars of the first column that is all numbers, named by the first that is not; nothing where there is none. */
function chart(columns, rows, { shorten, label = () => "", heading = (name) => name }) {
  if (rows.length < 2 || rows.length > 40) return [];
  const value = columns.find((name) => rows.every((row) => isNumber(row[name])));
  const name = columns.find((column) => column !== value && rows.every((row) => row[column]));
  if (!value || !name) return [];
  const numbers = rows.map((row) => Number(row[value].value));
  const most = Math.max(0, ...numbers);
  const least = Math.min(0, ...numbers);
  const scale = 300 / (most - least || 1);
  const zero = 230 - least * scale;
  const svg = drawn("svg", { viewBox: `0 0 640 ${rows.length * 24 + 8}`, class: "chart", role: "img" });
  const words = `${heading(value)} by ${heading(name)}; the table has the same numbers`;
  svg.append(drawn("title", {}, words));
  rows.forEach((row, at) => {
    const text = row[name].type === "uri" ? label(row[name].value) || shorten(row[name].value) : row[name].value;
    const width = Math.abs(numbers[at]) * scale;
    const y = at * 24 + 4;
    svg.append(
      drawn("text", { x: 222, y: y + 13, "text-anchor": "end" }, text.length > 34 ? `${text.slice(0, 33)}…` : text),
      drawn("rect", { x: numbers[at] < 0 ? zero - width : zero, y, width, height: 17, rx: 2 }),
      drawn("text", { x: (numbers[at] < 0 ? zero : zero + width) + 5, y: y + 13 }, row[value].value),
    );
  });
  return [scrolling(svg, words)];
}

/** Triples as nodes and arrows, up to a number that can still be read; nothing beyond it. */
export function network(triples, { shorten, label = () => "" }) {
  const nodes = new Map();
  const links = [];
  const node = (term) => {
    if (!nodes.has(term.value)) nodes.set(term.value, { term, x: 0, y: 0, at: nodes.size });
    return nodes.get(term.value);
  };
  for (const { subject, predicate, object } of triples) {
    if (object.type !== "literal") links.push({ from: node(subject), to: node(object), name: shorten(predicate.value) });
  }
  if (links.length === 0 || nodes.size > 80) return [];
  settle([...nodes.values()], links);
  const svg = drawn("svg", { viewBox: "0 0 900 600", class: "network", role: "img" });
  const words = `${nodes.size} things and ${links.length} links; the text below has the same`;
  svg.append(drawn("title", {}, words));
  const arrow = drawn("marker", { id: "arrow", viewBox: "0 0 8 8", refX: 14, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto" });
  arrow.append(drawn("path", { d: "M0 0 8 4 0 8z" }));
  const defs = drawn("defs");
  defs.append(arrow);
  svg.append(defs);
  for (const { from, to, name } of links) {
    const line = drawn("line", { x1: from.x, y1: from.y, x2: to.x, y2: to.y, "marker-end": "url(#arrow)" });
    line.append(drawn("title", {}, name));
    svg.append(line);
    if (links.length <= 25) svg.append(drawn("text", { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 - 3, class: "edge", "text-anchor": "middle" }, name));
  }
  for (const { term, x, y } of nodes.values()) {
    const text = label(term.value) || shorten(term.value);
    const dot = drawn("circle", { cx: x, cy: y, r: 6 });
    dot.append(drawn("title", {}, term.value));
    svg.append(dot, drawn("text", { x, y: y - 10, "text-anchor": "middle" }, text.length > 28 ? `${text.slice(0, 27)}…` : text));
  }
  return [scrolling(svg, words)];
}

/** Positions by springs and repulsion from a circle; the same graph always gives the same picture. */
function settle(nodes, links) {
  nodes.forEach((one, at) => {
    const turn = (2 * Math.PI * at) / nodes.length;
    one.x = 450 + 220 * Math.cos(turn);
    one.y = 300 + 220 * Math.sin(turn);
  });
  for (let heat = 30; heat > 0.3; heat *= 0.97) {
    const force = nodes.map(() => [0, 0]);
    for (const a of nodes) {
      for (const b of nodes) {
        if (a === b) continue;
        const [dx, dy] = [a.x - b.x, a.y - b.y];
        const square = dx * dx + dy * dy || 1;
        force[a.at][0] += (dx / square) * 9000;
        force[a.at][1] += (dy / square) * 9000;
      }
    }
    for (const { from, to } of links) {
      const [dx, dy] = [to.x - from.x, to.y - from.y];
      const pull = (Math.hypot(dx, dy) - 120) * 0.05;
      const far = Math.hypot(dx, dy) || 1;
      force[from.at][0] += (dx / far) * pull * 20;
      force[from.at][1] += (dy / far) * pull * 20;
      force[to.at][0] -= (dx / far) * pull * 20;
      force[to.at][1] -= (dy / far) * pull * 20;
    }
    for (const one of nodes) {
      const [fx, fy] = force[one.at];
      const size = Math.hypot(fx, fy) || 1;
      one.x += (fx / size) * Math.min(size, heat) + (450 - one.x) * 0.01;
      one.y += (fy / size) * Math.min(size, heat) + (300 - one.y) * 0.01;
      one.x = Math.min(850, Math.max(50, one.x));
      one.y = Math.min(580, Math.max(25, one.y));
    }
  }
}
