// Cells and columns of a question's answer as the server's pages show them. It follows bempeg_kg/web/pages/cells.py and
// shape.py, a test holds it to them, and short names and headings are those that they gave to the file.
import { element } from "./render.js";

const ADDRESS = /^https?:\/\/\S+$/;
const BASES = ["primary", "registry", "secondary", "seed", "derived"];
const CURIES = /^[a-z-]+:[\w.-]+(?:, [a-z-]+:[\w.-]+)*$/;
const WITH_UNIT = ["printed", "estimate", "computed", "dose"];
const VALUES = ["value", "printed", "estimate", "computed", "percent"];
const BELONGING = ["n", "N", "denominator", "n_basis", "interval", "p", "alpha"];
const UNITS = { percent: "%", ratio: "", month: "months", milligram: "mg", "milligram per kilogram": "mg/kg", "hazard ratio": "" };
const SOURCE = "source and basis";

/** `tools` for tables of a question: short names, headings in words, columns as on the server's pages. `expand` makes an
 * IRI of a CURIE of this programme, or "". */
export function worded(tools, { headings, short }, expand) {
  const label = (iri) => short[tools.shorten(iri)] ?? tools.label(iri);
  const worded = { ...tools, label, title: tools.label, heading: (name) => headings[name] ?? name };
  worded.cell = (term, column) => special(term, column, worded, expand);
  worded.shaped = (columns, rows) => shaped(told(columns, rows, worded), rows, (term) => text(term, worded));
  worded.pinned = (columns) => [SOURCE, "basis"].find((name) => columns.includes(name));
  return worded;
}

function text(term, { label, shorten }) {
  return term?.type === "uri" ? label(term.value) || shorten(term.value) : (term?.value ?? "");
}

function linked(href, words, title = "") {
  const outside = href.startsWith("http") ? { rel: "noreferrer", class: "outside" } : {};
  return element("a", { href, ...(title && title !== words ? { title } : {}), ...outside }, words);
}

/** A cell that is more than a text or a name; null for others. */
function special(term, column, tools, expand) {
  const node = (iri) => linked(tools.place(iri), text({ type: "uri", value: iri }, tools), tools.title(iri));
  if (term.type === "sourced") {
    const basis = special(term.basis, "basis", tools, expand) ?? text(term.basis, tools);
    const made = element("span");
    made.append(special(term.source, "source", tools, expand) ?? (term.source.type === "uri" ? node(term.source.value) : text(term.source, tools)), " ", basis);
    return made;
  }
  if (term.leads) return linked(tools.place(term.leads), term.value, tools.title(term.leads));
  if (term.type !== "literal") return null;
  if (column === "basis" && BASES.includes(term.value)) return element("span", { class: `basis ${term.value}` }, term.value);
  if (ADDRESS.test(term.value)) return linked(term.value, term.value);
  if (term.datatype?.endsWith("#boolean")) return { true: "yes", false: "no" }[term.value] ?? term.value;
  const iris = CURIES.test(term.value) ? term.value.split(", ").map(expand) : [""];
  if (!iris.every(Boolean)) return null;
  const made = element("span");
  iris.forEach((iri, at) => made.append(at ? ", " : "", node(iri)));
  return made;
}

/** The columns that say something, which are not those that only repeat the text of an earlier one's links. */
function told(columns, rows, tools) {
  const kept = [];
  const leads = (row, name) => row[name]?.type === "uri" && tools.place(row[name].value);
  for (const name of columns) {
    const repeats = kept.some((earlier) => rows.every((row) => leads(row, earlier) && text(row[earlier], tools) === text(row[name], tools)));
    if (!repeats) kept.push(name);
  }
  return kept;
}

/** Columns joined where they belong together, the source near the value; rows to match. */
function shaped(columns, rows, words) {
  const made = new Map(columns.map((name) => [name, { name, cell: (row) => row[name] }]));
  const valued = WITH_UNIT.find((name) => made.has(name));
  if (valued && made.delete("unit")) {
    made.set(valued, { name: valued === "printed" ? "value" : valued, cell: (row) => withUnit(row[valued], words(row[valued]), words(row.unit)) });
  }
  if (made.has("dimension") && made.delete("difference")) {
    made.set("dimension", { name: "dimension", cell: (row) => row.dimension && { ...row.dimension, leads: row.difference.value } });
  }
  for (const lower of [...made.keys()].filter((name) => name.endsWith("lower"))) {
    const stem = lower.slice(0, -"lower".length);
    if (!made.delete(`${stem}upper`)) continue;
    const level = !stem && made.delete("level");
    made.set(lower, { name: `${stem}interval`, cell: (row) => interval(words(row[lower]), words(row[`${stem}upper`]), level ? words(row.level) : "") });
  }
  let order = [...made.values()];
  if (made.has("source") && made.has("basis")) {
    order = order.filter(({ name }) => name !== "source" && name !== "basis");
    order.splice(behindValue(order), 0, { name: SOURCE, cell: (row) => (row.source && row.basis ? { type: "sourced", source: row.source, basis: row.basis } : row.source ?? row.basis) });
  }
  return { columns: order.map(({ name }) => name), rows: rows.map((row) => Object.fromEntries(order.map(({ name, cell }) => [name, cell(row)]))) };
}

/** The place behind the last value and what belongs to it; the end where there is no value. */
function behindValue(order) {
  let place = order.findLastIndex(({ name }) => VALUES.includes(name)) + 1;
  if (!place) return order.length;
  while (place < order.length && BELONGING.includes(order[place].name)) place++;
  return place;
}

function withUnit(term, value, unit) {
  const shown = UNITS[unit] ?? unit;
  if (!shown || !/\d/.test(value)) return term;
  return { type: "literal", value: `${value} ${value === "1" && !shown.includes(" ") ? shown.replace(/s$/, "") : shown}` };
}

function interval(low, high, level) {
  if (!low && !high) return undefined;
  const range = low && high ? `${low} to ${high}` : low ? `from ${low}` : `up to ${high}`;
  return { type: "literal", value: level ? `${range} (${level}\u00a0%)` : range };
}
