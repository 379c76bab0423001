// An answer in more than one form, of which a reader chooses.
import { element, network, rowsWithChart } from "./render.js";

const KEY = "bempeg-kg view";

/** Radio buttons over the forms of an answer: `forms` are pairs of name and elements; empty ones are left out. */
export function views(forms) {
  const filled = forms.filter(([, parts]) => parts.length);
  if (filled.length < 2) return filled.flatMap(([, parts]) => parts);
  const kept = remembered();
  const chosen = filled.some(([name]) => name === kept) ? kept : filled[0][0];
  const panes = filled.map(([name, parts]) => element("div", { "data-view": name, ...(name === chosen ? {} : { hidden: "" }) }, ...parts));
  const choice = element("fieldset", { class: "views" }, element("legend", {}, "Show as"));
  for (const [name] of filled) {
    const button = element("input", { type: "radio", name: "view", value: name, ...(name === chosen ? { checked: "" } : {}) });
    button.addEventListener("change", () => {
      for (const pane of panes) pane.hidden = pane.dataset.view !== name;
      keep(name);
    });
    choice.append(element("label", {}, button, ` ${name}`));
  }
  return [choice, ...panes];
}

/** What an answer can be had as: name, suffix and media type. */
export const FORMATS = {
  rows: [["CSV", "csv", "text/csv"], ["TSV", "tsv", "text/tab-separated-values"], ["JSON", "json", "application/sparql-results+json"]],
  graph: [["Turtle", "ttl", "text/turtle"], ["N-Triples", "nt", "application/n-triples"]],
};

/** Rows as a table, a chart or a network, of which a reader chooses. */
export function rowViews(columns, rows, tools) {
  const { body, drawing } = rowsWithChart(columns, rows, tools);
  const links = tools.shaped ? [] : network(linked(columns, rows), tools);
  return views([["table", body], ["chart", drawing], ["network", links]]);
}

/** Rows that hold IRIs in two columns, as links from the first to the second; none where no row does. */
function linked(columns, rows) {
  const [from, to] = columns.filter((name) => rows.length && rows.every((row) => row[name]?.type === "uri"));
  if (!to) return [];
  return rows.map((row) => ({ subject: row[from], predicate: { type: "uri", value: to }, object: row[to] }));
}

function remembered() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // storage is switched off
  }
}

function keep(name) {
  try {
    localStorage.setItem(KEY, name);
  } catch {
    // storage is switched off; the choice holds for this answer
  }
}
