// Cells and columns of a question's answer as the server's pages show them. It follows bempeg_kg/web/pages/cells.py and
// column_order.py, a test holds it to them, and short names, headings and lists of columns are those that they gave to the file.
import { element } from "./render.js";

const ADDRESS = /^https?:\/\/\S+$/;
const CURIES = /^[a-z-]+:[\w.-]+(?:, [a-z-]+:[\w.-]+)*$/;

/** `tools` for tables of a question: short names, headings in words, columns as on the server's pages. `expand` makes an
 * IRI of a CURIE of this programme, or "". */
export function worded(tools, { headings, short, columns: known }, expand) {
  const label = (iri) => short[tools.shorten(iri)] ?? tools.label(iri);
  const worded = { ...tools, label, bases: known.bases, title: tools.label, heading: (name) => headings[name] ?? name };
  worded.cell = (term, column) => special(term, column, worded, expand);
  worded.shaped = (columns, rows) => shaped(told(columns, rows, worded), rows, (term) => text(term, worded), known);
  worded.pinned = (shown) => [known.source, "basis"].find((name) => shown.includes(name));
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
  if (column === "basis" && tools.bases.includes(term.value)) return element("span", { class: `basis ${term.value}` }, term.value);
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
function shaped(columns, rows, words, known) {
  const made = new Map(columns.map((name) => [name, { name, cell: (row) => row[name] }]));
  const valued = known.with_unit.find((name) => made.has(name));
  if (valued && made.delete("unit")) {
    made.set(valued, { name: valued === "printed" ? "value" : valued, cell: (row) => withUnit(row[valued], words(row[valued]), words(row.unit), known.units) });
  }
  if (known.measured.includes(valued) && made.delete("measure")) {
    const { name, cell } = made.get(valued);
    made.set(valued, { name, cell: (row) => measured(cell(row), words(row.measure), words) });
  }
  if (made.has("dimension") && made.delete("difference")) {
    made.set("dimension", { name: "dimension", cell: (row) => row.dimension && { ...row.dimension, leads: row.difference.value } });
  }
  if (made.has("compared") && made.delete("reference")) {
    made.set("compared", { name: "compared", cell: (row) => (row.reference ? { type: "literal", value: `${words(row.compared)} against ${words(row.reference)}` } : row.compared) });
  }
  if (made.has("tissue") && made.delete("species")) {
    made.set("tissue", { name: "tissue, species", cell: (row) => seenIn(words(row.tissue), words(row.species)) });
  }
  for (const lower of [...made.keys()].filter((name) => name.endsWith("lower"))) {
    const stem = lower.slice(0, -"lower".length);
    if (!made.delete(`${stem}upper`)) continue;
    const level = !stem && made.delete("level");
    const note = !stem && made.delete("intervalNote");
    made.set(lower, { name: `${stem}interval`, cell: (row) => interval(words(row[lower]), words(row[`${stem}upper`]), level ? words(row.level) : "", note ? words(row.intervalNote) : "") });
  }
  let order = [...made.values()];
  if (made.has("source") && made.has("basis")) {
    order = order.filter(({ name }) => name !== "source" && name !== "basis");
    order.splice(behindValue(order, known), 0, { name: known.source, cell: (row) => (row.source && row.basis ? { type: "sourced", source: row.source, basis: row.basis } : row.source ?? row.basis) });
  }
  return { columns: order.map(({ name }) => name), rows: rows.map((row) => Object.fromEntries(order.map(({ name, cell }) => [name, cell(row)]))) };
}

/** The place behind the last value and what belongs to it; the end where there is no value. */
function behindValue(order, known) {
  let place = order.findLastIndex(({ name }) => known.values.includes(name)) + 1;
  if (!place) return order.length;
  while (place < order.length && known.belonging.includes(order[place].name)) place++;
  return place;
}

function withUnit(term, value, unit, units) {
  const shown = units[unit] ?? unit;
  if (!shown || !/\d/.test(value)) return term;
  return { type: "literal", value: `${value} ${value === "1" && !shown.includes(" ") ? shown.replace(/s$/, "") : shown}` };
}

function measured(term, measure, words) {
  return measure && /\d/.test(words(term)) ? { type: "literal", value: `${measure} ${words(term)}` } : term;
}

function seenIn(tissue, species) {
  const both = [tissue, species].filter(Boolean).join(", ");
  return both ? { type: "literal", value: both } : undefined;
}

function interval(low, high, level, note) {
  if (!low && !high) return undefined;
  const range = low && high ? `${low} to ${high}` : low ? `from ${low}` : `up to ${high}`;
  return { type: "literal", value: [level ? `${range} (${level}\u00a0%)` : range, note].filter(Boolean).join("; ") };
}
