// The form of a question's parameters. It leads to an address, so that an answer can be linked.
import { field } from "./parameters.js";
import { element } from "./render.js";

/** `pairs` is what was given, `entities` the [CURIE, label] of the things that can be chosen. */
export function askForm(question, pairs, entities) {
  const form = element("form", { class: "ask" });
  const typed = new Map(pairs.map(([name, value]) => [name.replaceAll("-", "_"), value]));
  for (const parameter of question.parameters) {
    const id = `p-${parameter.name}`;
    const value = typed.get(parameter.name) ?? "";
    const standing = parameter.terms.join(" ").replace(/[<>]/g, "");
    const control = parameter.allowed.length ? choice(id, parameter, value) : element("input", { id, name: parameter.name, value, list: `l-${id}`, placeholder: standing === "UNDEF" ? `all, or ${parameter.example}` : standing });
    const known = parameter.kind ? entities.filter(([curie]) => curie.startsWith(`${parameter.kind}:`)) : [];
    const list = element("datalist", { id: `l-${id}` }, ...known.map(([curie, name]) => element("option", { value: curie }, name)));
    form.append(element("p", {}, element("label", { for: id }, field(parameter)), control, list, element("span", { class: "quiet" }, parameter.description)));
  }
  form.append(element("p", {}, element("button", {}, "Ask")));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    location.hash = `#/q/${question.name}?${new URLSearchParams([...new FormData(form)].filter(([, value]) => value))}`;
  });
  return form;
}

function choice(id, parameter, chosen) {
  const option = (value) => element("option", { value, ...(value === chosen ? { selected: "" } : {}) }, value || (parameter.terms.join() === "UNDEF" ? "all" : parameter.default));
  const strange = chosen && !parameter.allowed.includes(chosen) ? [chosen] : [];
  return element("select", { id, name: parameter.name }, ...["", ...strange, ...parameter.allowed].map(option));
}
