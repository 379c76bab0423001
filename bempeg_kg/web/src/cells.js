// Cells and columns of a question's answer as the server's pages show them: bempeg_kg/web/pages/cells.py says how, and
// what it says of names and headings is in the file.
import { element } from "./render.js";

const NAMED = /^https?:\/\/\S+$/;
const BASES = ["primary", "registry", "secondary", "seed", "derived"];

/** `tools` for tables of a question: short names, headings in words, links where texts are addresses. */
export function worded(tools, { headings, short }) {
  const label = (iri) => short[tools.shorten(iri)] ?? tools.label(iri);
  return { ...tools, label, title: tools.label, heading: (name) => headings[name] ?? name, cell: literal, told: (columns, rows) => told(columns, rows, { ...tools, label }) };
}

/** A literal that is more than its text; null where the text is all. */
function literal(term, column) {
  if (term.type !== "literal") return null;
  if (column === "basis" && BASES.includes(term.value)) return element("span", { class: `basis ${term.value}` }, term.value);
  if (NAMED.test(term.value)) return element("a", { href: term.value, rel: "noreferrer", class: "outside" }, term.value);
  if (term.datatype?.endsWith("#boolean")) return { true: "yes", false: "no" }[term.value] ?? term.value;
  return null;
}

/** The columns that say something, which are not those that only repeat the text of an earlier one's links. */
function told(columns, rows, { label, place }) {
  const kept = [];
  const links = (row, name) => (row[name]?.type === "uri" && place(row[name].value) ? label(row[name].value) : null);
  for (const name of columns) {
    const repeats = kept.some((earlier) => rows.every((row) => row[name]?.type === "literal" && links(row, earlier) === row[name].value));
    if (!repeats) kept.push(name);
  }
  return kept;
}
