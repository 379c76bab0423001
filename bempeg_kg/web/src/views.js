// An answer in more than one form, of which a reader chooses; and the answer as a file.
import { element } from "./render.js";

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

/** Links that give the answer as a file. */
export function downloads(query, type) {
  const graph = type.startsWith("application/n-triples");
  const formats = graph ? [["Turtle", "ttl"], ["N-Triples", "nt"], ["JSON-LD", "jsonld"]] : [["CSV", "csv"], ["TSV", "tsv"], ["JSON", "json"]];
  return formats.flatMap(([name, format]) => [
    " · ",
    element("a", { href: `/sparql?${new URLSearchParams({ query, format })}`, download: `answer.${format}` }, name),
  ]);
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
