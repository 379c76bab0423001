// The form of a question's parameters. It leads to an address, so that an answer can be linked.
import { field } from "./parameters.js";
import { element } from "./render.js";

const MOST = 300; // names that a menu lists, as on the pages of the server

/** `pairs` is what was given, `entities` the [CURIE, label] of the things that can be chosen, `named` the label of a CURIE. */
export function askForm(question, pairs, entities, named) {
  const form = element("form", { class: "ask" });
  const typed = new Map(pairs.map(([name, value]) => [name.replaceAll("-", "_"), value]));
  for (const parameter of question.parameters) {
    const id = `p-${parameter.name}`;
    const value = typed.get(parameter.name) ?? "";
    const first = parameter.terms.join(" ").replace(/[<>]/g, "");
    const standing = first === "UNDEF" ? "all" : named(first) || first;
    const known = parameter.allowed.length
      ? parameter.allowed.map((one) => [one, named(one) || one])
      : entities.filter(([curie]) => parameter.kind && curie.startsWith(`${parameter.kind}:`)).sort(([, a], [, b]) => a.localeCompare(b, "en"));
    const attributes = { id, name: parameter.name, title: parameter.description };
    const control = known.length && known.length <= MOST ? choice(attributes, known, value, standing) : element("input", { ...attributes, value, placeholder: standing });
    form.append(element("span", { class: "choice" }, element("label", { for: id }, field(parameter)), control));
  }
  form.append(element("button", {}, "Ask"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    location.hash = `#/q/${question.name}?${new URLSearchParams([...new FormData(form)].filter(([, value]) => value))}`;
  });
  return form;
}

/** A menu of [value, words]; what was given may also be the words, or the end of the value. */
function choice(attributes, known, given, standing) {
  const meant = known.find(([value, words]) => [value, value.replace(/^[\w-]+:/, ""), words].includes(given))?.[0];
  const strange = given && !meant ? [[given, given]] : [];
  const option = ([value, words]) => element("option", { value, ...(value && value === (meant ?? given) ? { selected: "" } : {}) }, words);
  return element("select", attributes, ...[["", standing], ...strange, ...known].map(option));
}
