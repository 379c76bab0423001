// The offline explorer: everything in one file. The graph is an Oxigraph store in the browser; nothing is fetched.
import { attempt } from "./answers.js";
import { edit } from "./code.js";
import { worded } from "./cells.js";
import { Engine, LIMIT, Stopped } from "./engine.js";
import { askForm } from "./forms.js";
import { strangers } from "./mistakes.js";
import { Naming, unknown } from "./naming.js";
import { bound, field, given } from "./parameters.js";
import { element, shortener } from "./render.js";

const held = JSON.parse(document.getElementById("content").textContent);
const main = document.getElementById("main");
const shorten = shortener(held.terms.prefixes);
const labels = new Map([...held.terms.classes, ...held.terms.properties, ...held.terms.entities, ...held.terms.values].map(([curie, label]) => [curie, label]));
const questions = new Map(held.questions.map((question) => [question.name, question]));
const entities = new Set([...held.terms.entities, ...held.terms.values].map(([curie]) => curie));
const label = (iri) => labels.get(shorten(iri)) ?? held.short[shorten(iri)] ?? "";
const local = (iri) => `#/e/${encodeURIComponent(iri)}`;
const place = (iri) => (entities.has(shorten(iri)) ? local(iri) : /^https?:/.test(iri) ? iri : "");
const tools = { shorten, label, place };
const engine = new Engine(WORKER, { wasm: packed("wasm"), quads: packed("quads"), prefixes: held.terms.prefixes }); // WORKER: see build.mjs
const run = (query, limit = LIMIT) => engine.ask(query, limit);
const naming = new Naming(held, run, shorten);
const ofQuestions = worded(tools, held, (curie) => (entities.has(curie) ? naming.expand(curie) : ""));

function packed(id) {
  const holder = document.getElementById(id);
  const bytes = Uint8Array.from(atob(holder.textContent.trim()), (letter) => letter.charCodeAt(0));
  holder.remove();
  return bytes;
}

const link = (href, text) => element("a", { href }, text);
const quiet = (...words) => element("p", { class: "quiet" }, ...words);
const code = (text) => element("code", {}, text);

/** The answer to a question by name: {columns, rows}, or {boolean} or {triples}. Raises Mistake for wrong values. */
async function answer(name, pairs = []) {
  const question = questions.get(name);
  const values = given(question, Array.isArray(pairs) ? pairs : Object.entries(pairs));
  if (question.problem) throw new Error(question.problem);
  return question.answer ?? { ...(await run(await bound(question, values, naming))), reason: why(values, question.empty) };
}

/** Why there is no row: what was asked for, and what the question itself says of that. */
function why(values, known = "") {
  const told = [...values].map(([name, typed]) => `${name.replaceAll("_", " ")} = ${typed.join(", ")}`);
  if (!told.length) return known || "the graph holds no statement that this question asks for";
  return `the graph holds nothing for ${told.join(", ")}${known ? `; perhaps ${known}` : ""}`;
}

async function questionPage(name, pairs) {
  const question = questions.get(name);
  const out = element("div");
  const parts = [element("p", { class: "kicker" }, link("#/", "Questions")), element("h1", {}, question.summary)];
  if (question.description) parts.push(element("p", { class: "lead" }, question.description));
  if (question.caveat) parts.push(element("p", { class: "caveat" }, element("strong", {}, "Note: "), question.caveat));
  const picture = Object.keys(held.pictures).find((one) => held.pictures[one].question === name);
  if (picture) parts.push(element("p", {}, link(`#/g/${picture}`, "Show as a picture")));
  if (question.sparql && question.parameters.length) parts.push(askForm(question, pairs, held.terms.entities));
  main.replaceChildren(...parts, out);
  if (!question.sparql) return computedAnswer(question, pairs, out);
  let text = "";
  await attempt(engine, out, async () => {
    const values = given(question, pairs);
    text = await bound(question, values, naming);
    return { ...(await run(text)), reason: why(values, question.empty) };
  }, { tools: ofQuestions });
  if (text) out.after(queryBehind(text));
}

/** The answer of a question that computes, which stands in the file for the values that the question has by itself. */
async function computedAnswer(question, pairs, out) {
  const values = pairs.filter(([, value]) => value.trim());
  const options = (typed) => typed.map(([name, value]) => ` --${name.replaceAll("_", "-")} ${/^[\w.:-]+$/.test(value) ? value : `'${value}'`}`).join("");
  const command = (typed) => code(`bempeg-kg ask ${question.name}${options(typed)}`);
  const notes = [quiet("This answer is computed; it was worked out when this file was written, with the values that stand when none is given.")];
  if (question.parameters.length) {
    const examples = question.parameters.map((one) => [one.name, one.example || one.allowed[0] || (one.default === "UNDEF" ? "" : one.default)]).filter(([, value]) => value);
    const list = question.parameters.map((one) => element("li", {}, `${field(one)}: ${one.description}`, one.default === "UNDEF" ? "" : ` (here ${one.default})`));
    notes.push(element("p", {}, "The command line takes other values: ", command(examples.slice(0, 2))), element("ul", { class: "quiet" }, ...list));
  }
  await attempt(engine, out, async () => {
    given(question, pairs);
    if (question.problem) throw new Error(question.problem);
    return question.answer;
  }, { tools: ofQuestions });
  if (values.length && !out.querySelector(".problem")) {
    const here = element("p", { class: "problem", role: "alert" }, "This file holds no answer for these values. On the command line: ", command(values), ". ", link(`#/q/${question.name}`, "The answer that it holds"));
    out.replaceChildren(here);
  }
  out.after(...notes);
}

function queryBehind(text) {
  const pre = element("pre", { tabindex: "0", "aria-label": "SPARQL query" }, code(text));
  const open = link(`#/sparql?${new URLSearchParams({ query: text })}`, "Open it in the editor");
  return element("details", {}, element("summary", {}, "SPARQL query"), pre, element("p", {}, open));
}

async function home() {
  const list = element("ul", { class: "list" });
  const fill = (typed) => {
    const wanted = typed.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = held.questions.filter((one) => wanted.every((word) => `${one.summary} ${one.name} ${one.tags.join(" ")}`.toLowerCase().includes(word)));
    list.replaceChildren(...fits.map((one) => element("li", {}, link(`#/q/${one.name}`, one.summary), element("span", { class: "quiet" }, one.tags.join(", ")))));
    if (!fits.length) list.replaceChildren(element("li", {}, "No question has these words. ", link(`#/find?${new URLSearchParams({ q: typed })}`, "Look among the names of things")));
  };
  const box = element("input", { id: "words", type: "search" });
  box.addEventListener("input", () => fill(box.value));
  fill("");
  const size = element("span", {}, "The");
  main.replaceChildren(
    element("h1", {}, held.title),
    element("p", { class: "lead" }, size, " statements and the questions to put to them, all in this file. Nothing is fetched and nothing is sent."),
    document.getElementById("finding").content.cloneNode(true),
    element("h2", {}, "Questions"),
    element("p", { class: "row" }, element("label", { for: "words" }, "Find a question"), box),
    list,
    ...leftOut(),
  );
  size.textContent = String(await engine.opened);
}

/** What the command line has and this file has not. */
function leftOut() {
  const computed = held.questions.filter((one) => !one.sparql && one.parameters.length);
  const live = held.live.map(({ name, summary }) => element("li", {}, `${summary} `, code(`bempeg-kg ask ${name} --live`)));
  const parts = [];
  if (live.length) parts.push(element("p", {}, "Questions that ask outside services:"), element("ul", {}, ...live));
  if (held.signals) parts.push(element("p", {}, `${held.signals} questions over the signal pairs of other programmes, which this file does not hold: `, code("bempeg-kg questions signals")));
  if (computed.length) parts.push(element("p", {}, `${computed.length} questions that compute give the answer that stands when nothing else is asked; their pages say how to ask the command line for others.`));
  return parts.length ? [element("h2", { id: "left-out" }, "What this file leaves out"), ...parts] : [];
}

function sparqlPage(query) {
  const box = element("textarea", { id: "query", rows: "12" });
  box.value = query || held.example;
  const out = element("div");
  const said = element("p", { class: "formats", role: "status" }); // read out by screen readers, which the rows are not
  const button = element("button", { type: "button" }, "Run");
  const limit = element("input", { id: "limit", type: "number", min: "1", max: "3600", value: String(LIMIT) });
  const allowed = element("span", { class: "quiet" }, element("label", { for: "limit" }, "Stop after "), limit, " seconds");
  main.replaceChildren(element("h1", {}, "SPARQL"), box, element("p", { class: "row" }, button, allowed, element("span", { class: "quiet" }, "Ctrl-Enter runs it; Ctrl-Space completes.")), out, said);
  const go = async () => {
    editor.clear();
    engine.leave();
    const address = `#/sparql?${new URLSearchParams({ query: editor.text() })}`;
    if (address !== location.hash) history.pushState(null, "", address);
    const most = Math.max(Number(limit.value) || LIMIT, 1);
    await attempt(engine, out, () => run(editor.text(), most), { tools, editor, said, limit: most, prefixes: held.terms.prefixes });
    const strange = strangers(editor.text(), held.terms).map((one) => one.said);
    if (strange.length && !out.querySelector(".problem")) out.prepend(element("p", { class: "caveat" }, element("strong", {}, "Note: "), `${strange.join("; ")}.`.replace("?.", "?")));
    said.append(said.textContent ? " " : "", link(address, "Link to this query"));
  };
  const editor = edit(box, { terms: async () => held.terms, run: go });
  button.addEventListener("click", go);
  if (query) go();
}

async function entityPage(name) {
  const out = element("div");
  main.replaceChildren(out);
  let iri = "";
  try {
    iri = await naming.resolve(name.trim());
  } catch (error) {
    if (error instanceof Stopped) throw error;
    return nothing(String(error.message ?? error), name);
  }
  const inward = element("div");
  const card = (await cards())[iri.startsWith(held.base) ? iri.slice(held.base.length) : ""];
  if (!card) {
    main.replaceChildren(element("p", { class: "kicker" }, shorten(iri)), element("h1", {}, label(iri) || shorten(iri)), out, element("h2", {}, "Where it is mentioned"), inward);
    return statements(iri, out, inward);
  }
  const shown = element("template");
  shown.innerHTML = card; // rendered and escaped by the template of the server's page
  const raw = element("details", {}, element("summary", {}, "Every statement about it"), out, element("h3", {}, "Where it is mentioned"), inward);
  raw.addEventListener("toggle", () => unlessLeft(statements(iri, out, inward)), { once: true });
  main.replaceChildren(shown.content, raw, quiet(code(iri)));
  bempegTables(main);
}

let unpackedCards = null;

/** Path of an entity -> the page that the server shows of it; unpacked when the first is opened. */
function cards() {
  unpackedCards ??= new Response(new Blob([packed("cards")]).stream().pipeThrough(new DecompressionStream("gzip"))).json();
  return unpackedCards;
}

async function statements(iri, out, inward) {
  await Promise.all([
    attempt(engine, out, () => run(`SELECT ?property ?value { <${iri}> ?property ?value } ORDER BY ?property ?value`), { tools }),
    attempt(engine, inward, () => run(`SELECT ?statement ?property { ?statement ?property <${iri}> } ORDER BY ?property ?statement`), { tools }),
  ]);
}

/** A page that says what is not there, and what is near to it. */
async function nothing(message, words = "") {
  const list = element("div");
  const problem = element("p", { class: "problem", role: "alert" }, message);
  main.replaceChildren(element("h1", {}, "Not in this file"), problem, list, element("p", {}, link("#/", "All questions")));
  const near = words ? await naming.near(words) : [];
  if (near.length) list.replaceChildren(element("h2", {}, "Near to it"), listed(near));
}

function listed(found) {
  const kind = (iri) => naming.kindOf(iri).replaceAll("-", " ") || shorten(iri);
  const entry = ({ iri, name }) => element("li", {}, link(local(iri), name), element("span", { class: "quiet" }, [label(iri) === name ? "" : label(iri), kind(iri)].filter(Boolean).join(", ")));
  return element("ul", { class: "list" }, ...found.map(entry));
}

const FOUND = 100;

async function findPage(words) {
  document.getElementById("find").value = words;
  const out = element("div");
  main.replaceChildren(element("h1", {}, words ? `Named ${words}` : "Search"), out);
  const found = await naming.search(words, FOUND);
  const own = [...found].sort((a, b) => !entities.has(shorten(a.iri)) - !entities.has(shorten(b.iri)));
  const asked = held.questions.filter((one) => words && words.toLowerCase().split(/\s+/).every((word) => `${one.summary} ${one.name} ${one.tags.join(" ")}`.toLowerCase().includes(word)));
  const parts = [];
  if (own.length) parts.push(quiet(found.length === FOUND ? `The first ${FOUND}` : `${found.length} found`), listed(own));
  if (asked.length) parts.push(element("h2", {}, "Questions"), element("ul", { class: "list" }, ...asked.map((one) => element("li", {}, link(`#/q/${one.name}`, one.summary)))));
  if (!parts.length) {
    parts.push(element("p", {}, words ? `No name in the graph holds '${words}'.` : "Type a name, a synonym or an accession."));
    const near = words ? await naming.near(words) : [];
    if (near.length) parts.push(element("h2", {}, "Near to it"), listed(near));
  }
  out.replaceChildren(...parts);
}

function picturePage(name) {
  const picture = held.pictures[name];
  const drawing = element("figure", { class: "picture wide" });
  drawing.append(element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": picture.title }, document.getElementById(`picture-${name}`).content.cloneNode(true)));
  const others = Object.entries(held.pictures).map(([key, one]) => element("a", { href: `#/g/${key}`, ...(key === name ? { "aria-current": "page" } : {}) }, one.title));
  const parts = [element("h1", {}, picture.title), element("p", { class: "lead" }, picture.about), element("p", { class: "tags" }, ...others), drawing];
  if (questions.has(picture.question)) parts.push(element("p", {}, link(`#/q/${picture.question}`, "The same in rows")));
  main.replaceChildren(...parts);
}

/** A page whose queries end unanswered when it is left, or say that they were stopped. */
function unlessLeft(page) {
  page.catch((error) => error.left || main.append(element("p", { class: "problem", role: "alert" }, error.message)));
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a stray percent sign stands for itself
  }
}

function route() {
  if (location.hash === "#main") return main.focus(); // the link that skips to the content
  engine.leave();
  const [path, ...search] = location.hash.replace(/^#\/?/, "").split("?");
  const [kind, ...rest] = path.split("/");
  const name = decoded(rest.join("/"));
  const pairs = [...new URLSearchParams(search.join("?"))];
  const value = (wanted) => pairs.find(([key]) => key === wanted)?.[1] ?? "";
  const live = held.live.find((one) => one.name === name);
  if (kind === "") home();
  else if (kind === "sparql") sparqlPage(value("query"));
  else if (kind === "find") unlessLeft(findPage(value("q").trim()));
  else if (kind === "e" && name.trim()) unlessLeft(entityPage(name));
  else if (kind === "g" && held.pictures[name]) picturePage(name);
  else if (kind === "q" && questions.has(name)) questionPage(name, pairs);
  else if (kind === "q" && live) nothing(`'${live.summary}' asks an outside service, so it is not in this file.\nbempeg-kg ask ${name} --live`);
  else if (kind === "q") nothing(unknown("question", name, [...questions.keys()]).message);
  else nothing(unknown("page", decoded(path), Object.keys(held.pictures).map((one) => `g/${one}`)).message);
  main.focus({ preventScroll: true });
  scrollTo(0, 0);
}

// a link to a part of a page scrolls to it, since the address behind # names the page
main.addEventListener("click", (event) => {
  const part = event.target.closest('a[href^="#"]:not([href^="#/"])');
  if (!part) return;
  event.preventDefault();
  document.getElementById(part.getAttribute("href").slice(1))?.scrollIntoView();
});

document.getElementById("search").addEventListener("submit", (event) => {
  event.preventDefault();
  location.hash = `#/find?${new URLSearchParams({ q: document.getElementById("find").value })}`;
});

engine.opened.then(
  () => {
    window.bempeg = { run, answer, resolve: (text) => naming.resolve(text), names: [...questions.keys()] };
    addEventListener("hashchange", route);
    route();
    document.documentElement.dataset.ready = "yes";
  },
  (error) => main.replaceChildren(element("p", { class: "problem", role: "alert" }, `The graph could not be opened: ${error.message ?? error}`)),
);
