// What is given for a question's parameters, checked as bempeg_kg/graph/binding.py checks it and put into the query.
import { closeNames, Mistake, isWritable, unknown } from "./naming.js";
import { having } from "./words.js";

const XSD = "http://www.w3.org/2001/XMLSchema#";

/** How a parameter is called on a page. */
export const field = (parameter) => parameter.name.replaceAll("_", " ");
const quoted = (parameter) => `“${field(parameter)}”`;

/** The parameters of an address, by their names in the question: Map of name -> values. Raises Mistake. */
export function given(question, pairs) {
  const made = new Map();
  for (const [name, value] of pairs) {
    if (!value.trim()) continue;
    const parameter = question.parameters.find((one) => one.name === name.replaceAll("-", "_"));
    if (!parameter) {
      const known = question.parameters.map((one) => one.name);
      throw unknown(`parameter of ${question.name}`, name, known, known.length ? `It takes ${known.join(", ")}.` : "It takes none.");
    }
    made.set(parameter.name, [...(made.get(parameter.name) ?? []), value.trim()]);
  }
  return made;
}

/** The SPARQL of a question with what was given in place; as it stands in its file where nothing was. */
export async function bound(question, values, naming) {
  const terms = new Map();
  for (const [name, typed] of values) {
    const parameter = question.parameters.find((one) => one.name === name);
    terms.set(name, await Promise.all(typed.map((text) => term(parameter, text, naming))));
  }
  byTrial(question, values, terms, naming);
  const foreign = question.parameters.filter((one) => one.foreign && !terms.has(one.name));
  if (foreign.length > (question.narrow ? 0 : 1)) {
    throw new Mistake(`${question.name} uses the shipped programme by default, and that is not loaded`, `Give ${foreign.map(quoted).join(" and ")}.`);
  }
  if (!terms.size && !foreign.length) return question.sparql;
  let text = question.template;
  for (const parameter of question.parameters) {
    const hole = `<urn:parameter:${parameter.name}>`;
    const open = parameter.foreign ? ["UNDEF"] : parameter.terms;
    const written = terms.get(parameter.name) ?? open;
    // a block that binds nothing says nothing; beside one that binds, it makes the engine search everything
    if (written === parameter.terms && open.join() === "UNDEF") text = text.replaceAll(`VALUES (?${parameter.name}) { (${hole}) }`, "");
    text = text.replaceAll(`(${hole})`, () => written.map((one) => `(${one})`).join(" "));
  }
  return text;
}

/** Put the trials of a condition or drug in its place, or its names where a question takes no trials. */
function byTrial(question, values, terms, naming) {
  for (const kind of Object.keys(naming.held.named)) {
    const parameter = question.parameters.find((one) => one.name === kind && one.type === "string");
    if (!parameter || !values.has(kind)) continue;
    const found = values.get(kind).flatMap((text) => {
      const entries = having(text, naming.held, kind);
      const known = entries.length ? [] : [...new Set(naming.held.named[kind].flatMap(([listed]) => listed))].sort();
      if (!entries.length) throw unknown(kind, text, known, `It was given as ${quoted(parameter)}.${names(text, known)}`);
      return entries;
    });
    terms.delete(kind);
    if (question.parameters.some((one) => one.name === "trial" && one.type === "iri")) {
      const trials = [...new Set(found.flatMap(([, , listed]) => listed.map((iri) => `<${iri}>`)))];
      const before = terms.get("trial") ?? trials;
      terms.set("trial", trials.filter((one) => before.includes(one)).sort());
    } else {
      const labels = new Map(found.map(([[label]]) => [label.toLowerCase(), label]));
      terms.set(kind, [...labels.values()].map(literal));
    }
  }
}

/** A text as SPARQL writes it. */
function literal(text) {
  return `"${text.replace(/[\\"]/g, "\\$&").replace(/\n/g, "\\n").replace(/\r/g, "\\r")}"`;
}

async function term(parameter, text, naming) {
  if (parameter.type === "iri") {
    const iri = await entity(parameter, text, naming);
    allowed(parameter, text, parameter.allowed.map((one) => naming.expand(one)), iri);
    return `<${iri}>`;
  }
  const form = naming.held.forms[parameter.type];
  if (form && !new RegExp(`^(?:${form[0]})$`).test(text)) {
    throw new Mistake(`${quoted(parameter)} takes ${form[1]}, not '${text}'`, parameter.example ? `For example ${quoted(parameter)} ${parameter.example}` : "");
  }
  if (parameter.type === "date" && !isDay(text)) throw new Mistake(`${quoted(parameter)}: ${text} is not a date`, "Write it as 2022-03-14.");
  allowed(parameter, text, parameter.allowed, text);
  return `${literal(text)}^^<${XSD}${parameter.type}>`;
}

function allowed(parameter, text, known, wanted) {
  if (!known.length || known.includes(wanted)) return;
  throw unknown(`value for ${quoted(parameter)}`, text, parameter.allowed, `It takes ${parameter.allowed.join(", ")}.`);
}

function isDay(text) {
  const [year, month, day] = text.split("-").map(Number);
  const made = new Date(0);
  made.setUTCFullYear(year, month - 1, day);
  return year > 0 && made.getUTCMonth() === month - 1 && made.getUTCDate() === day;
}

/** The IRI of a CURIE, an IRI, a slug of the parameter's kind, or a label; it must be in the graph. */
async function entity(parameter, text, naming) {
  const { kind } = parameter;
  if (naming.isIri(text) || text.includes(":")) {
    const iri = naming.expand(text);
    if (isWritable(iri) && (!naming.kindOf(iri) || (await naming.exists(iri)))) return iri;
  } else if (naming.prefixes[kind] && /^[\w.-]+$/.test(text.replaceAll(" ", "-"))) {
    const iri = naming.prefixes[kind] + text.toLowerCase().replaceAll(" ", "-");
    if (await naming.exists(iri)) return iri;
  }
  try {
    return await naming.resolve(text);
  } catch (error) {
    if (!error.unknown) throw error;
    const known = kind ? await naming.slugs(kind) : [];
    const shown = text.includes(":") ? known : known.map((curie) => curie.slice(curie.indexOf(":") + 1));
    throw unknown(kind || "entity", text, shown, `It was given as ${quoted(parameter)}.${names(text, shown)}`);
  }
}

/** No more names than these are listed in an error. */
const LISTED = 60;

/** The known names, for an error about a text that is near to none of them. */
function names(text, known) {
  if (!known.length || closeNames(text, known).length) return "";
  if (known.length > LISTED) return ` ${known.length} are known.`;
  return ` Known are ${known.join(", ")}.`;
}
