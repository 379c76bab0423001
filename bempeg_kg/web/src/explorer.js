// The offline explorer: everything in one file. The graph is an Oxigraph store in the browser; nothing is fetched.
import { attempt } from "./answers.js";
import { worded } from "./cells.js";
import { Engine, LIMIT, Stopped } from "./engine.js";
import { askForm } from "./forms.js";
import { downloads, queryPage } from "./queries.js";
import { Naming, unknown } from "./naming.js";
import { bound, given } from "./parameters.js";
import { asCommand, computedNotes, leftOut, narrowing } from "./questions.js";
import { code, element, link, quiet, shortener } from "./render.js";
import { FORMATS } from "./views.js";

const held = JSON.parse(document.getElementById("content").textContent);
const main = document.getElementById("main");
const homePage = document.createRange().createContextualFragment(main.innerHTML);
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
  if (values.has("measured")) return `nothing fits ${told.join(", ")}${known ? `: ${known}` : ""}`; // it is in the graph
  return `the graph holds nothing for ${told.join(", ")}${known ? `; perhaps ${known}` : ""}`;
}

/** The page that the server shows, with the form; what is asked with it stands in place of the answer that the file has. */
async function questionPage(name, pairs) {
  const question = questions.get(name);
  const shown = await card(`question/${name}`);
  if (!shown) return nothing(question.problem ?? `There is no answer for ${name}.`);
  main.replaceChildren(shown);
  bempegTables(main);
  picture();
  const beneath = main.querySelector(".beneath");
  if (question.sparql && question.parameters.length) beneath.append(askForm(question, pairs, held.terms.entities, (curie) => labels.get(curie) ?? ""));
  const behind = main.querySelector("details:has(> pre)");
  const out = element("div");
  if (pairs.some(([, value]) => value.trim())) {
    main.querySelectorAll(".answer, .chips, .figure, .problem, .picture, h2:has(+ .picture)").forEach((one) => one.remove());
    const table = main.querySelector("#table");
    if (table) table.replaceWith(out);
    else beneath.after(out);
    behind?.remove();
    if (!question.sparql) return computedAnswer(question, pairs, out);
    let text = "";
    await attempt(engine, out, async () => {
      const values = given(question, pairs);
      text = await bound(question, values, naming);
      return { ...(await run(text)), reason: why(values, question.empty) };
    }, { tools: ofQuestions });
    if (text) out.after(sameAs(text), queryBehind(text));
  } else if (question.sparql) {
    main.querySelector("#table")?.append(sameAs(question.sparql));
    behind?.replaceWith(queryBehind(question.sparql));
  } else main.append(...computedNotes(question));
}

/** The picture that the file holds, in place of the link to it. */
function picture() {
  const links = [...main.querySelectorAll('p > a[href^="#/g/"]:only-child')];
  for (const one of links) {
    const name = one.getAttribute("href").slice("#/g/".length);
    if (held.pictures[name]) one.parentElement.replaceWith(...(one.closest("#picture") ? [] : [element("h2", {}, main.querySelector(".figure") ? held.pictures[name].title : "As a picture")]), drawing(name));
  }
}

function drawing(name) {
  const figure = element("figure", { class: "picture wide" });
  figure.append(element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": held.pictures[name].title }, document.getElementById(`picture-${name}`).content.cloneNode(true)));
  return figure;
}

function sameAs(query) {
  return element("p", { class: "formats" }, "The same as ", ...downloads(engine, query, FORMATS.rows));
}

/** A question that computes, asked with values: what is wrong with them, or the command that takes them. */
async function computedAnswer(question, pairs, out) {
  const values = pairs.filter(([, value]) => value.trim());
  await attempt(engine, out, async () => {
    given(question, pairs);
    if (question.problem) throw new Error(question.problem);
    return question.answer;
  }, { tools: ofQuestions });
  if (values.length && !out.querySelector(".problem")) {
    const here = element("p", { class: "problem", role: "alert" }, "This file holds no answer for these values. On the command line: ", asCommand(question, values), ". ", link(`#/q/${question.name}`, "The answer that it holds"));
    out.replaceChildren(here);
  }
  out.after(...computedNotes(question));
}

function queryBehind(text) {
  const pre = element("pre", { tabindex: "0", "aria-label": "SPARQL query" }, code(text));
  const open = link(`#/sparql?${new URLSearchParams({ query: text })}`, "Open it in the editor");
  return element("details", {}, element("summary", {}, "SPARQL query"), pre, element("p", {}, open));
}

/** The home page of the server, then what this file holds and what not. */
async function home() {
  const size = element("span", {}, "The");
  const holds = quiet(size, " statements and the questions to put to them are all in this file. Nothing is fetched and nothing is sent.");
  main.replaceChildren(homePage.cloneNode(true), holds, ...leftOut(held));
  size.textContent = String(await engine.opened);
}

/** All questions in their groups, with a box that narrows them. */
async function questionsPage() {
  main.replaceChildren(await card("questions"));
  main.querySelector("h1").after(narrowing(main));
  main.append(...leftOut(held));
}

/** A page of the server that takes nothing, such as a list or the report. */
async function plainPage(path) {
  const shown = await card(path);
  if (!shown) return nothing(unknown("page", path, []).message);
  main.replaceChildren(shown);
  bempegTables(main);
}

async function entityPage(name) {
  const out = element("div");
  const inward = element("div");
  main.replaceChildren(out);
  const path = (iri) => (iri.startsWith(held.base) ? iri.slice(held.base.length) : "");
  let iri = name.trim();
  let shown = await card(path(iri));
  if (!shown) {
    try {
      iri = await naming.resolve(iri);
    } catch (error) {
      if (error instanceof Stopped) throw error;
      return nothing(String(error.message ?? error), name);
    }
    shown = await card(path(iri));
  }
  if (!shown) {
    main.replaceChildren(element("p", { class: "kicker" }, shorten(iri)), element("h1", {}, label(iri) || shorten(iri)), out, element("h2", {}, "Where it is mentioned"), inward);
    return statements(iri, out, inward);
  }
  const raw = element("details", {}, element("summary", {}, "Every statement about it"), out, element("h3", {}, "Where it is mentioned"), inward);
  raw.addEventListener("toggle", () => unlessLeft(statements(iri, out, inward)), { once: true });
  main.replaceChildren(shown, raw, quiet(code(iri)));
  bempegTables(main);
}

let unpackedCards = null;

/** A page of the server by its path, as it was rendered and escaped there; null for none. */
async function card(path) {
  unpackedCards ??= new Response(new Blob([packed("cards")]).stream().pipeThrough(new DecompressionStream("gzip"))).json();
  const cards = await unpackedCards;
  if (!Object.hasOwn(cards, path)) return null;
  const holder = element("template");
  holder.innerHTML = cards[path];
  return holder.content;
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
  globalThis.bempegIndex ??= JSON.parse(document.getElementById("index").textContent);
  const parts = bempegAsked(bempegIndex, words);
  if (own.length) parts.push(element("h2", {}, "Found by name"), quiet(found.length === FOUND ? `The first ${FOUND}` : `${found.length} found`), listed(own));
  if (!parts.length) {
    parts.push(element("p", {}, words ? `No name in the graph holds '${words}'.` : "Type a name, a synonym or an accession."));
    const near = words ? await naming.near(words) : [];
    if (near.length) parts.push(element("h2", {}, "Near to it"), listed(near));
  }
  out.replaceChildren(...parts);
}

function picturePage(name) {
  const picture = held.pictures[name];
  const others = Object.entries(held.pictures).map(([key, one]) => element("a", { href: `#/g/${key}`, ...(key === name ? { "aria-current": "page" } : {}) }, one.title));
  const parts = [element("h1", {}, picture.title), element("p", { class: "lead" }, picture.about), element("p", { class: "tags" }, ...others), drawing(name)];
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
  delete document.documentElement.dataset.elsewhere;
  if (location.hash === "#main") return main.focus(); // the link that skips to the content
  engine.leave();
  const [path, ...search] = location.hash.replace(/^#\/?/, "").split("?");
  const [kind, ...rest] = path.split("/");
  const name = decoded(rest.join("/"));
  const pairs = [...new URLSearchParams(search.join("?"))];
  const value = (wanted) => pairs.find(([key]) => key === wanted)?.[1] ?? "";
  const live = held.live.find((one) => one.name === name);
  if (kind === "") unlessLeft(home());
  else if (kind === "questions") unlessLeft(questionsPage());
  else if (kind === "p") unlessLeft(plainPage(rest.join("/")));
  else if (kind === "sparql") queryPage({ main, held, engine, tools }, value("query"));
  else if (kind === "find") unlessLeft(findPage(value("q").trim()));
  else if (kind === "e" && name.trim()) unlessLeft(entityPage(name));
  else if (kind === "g" && Object.hasOwn(held.pictures, name)) picturePage(name);
  else if (kind === "q" && questions.has(name)) unlessLeft(questionPage(name, pairs));
  else if (kind === "q" && live) nothing(`'${live.summary}' asks an outside service, so it is not in this file.\nbempeg-kg ask ${name} --live`);
  else if (kind === "q") nothing(unknown("question", name, [...questions.keys()]).message);
  else nothing(unknown("page", decoded(path), Object.keys(held.pictures).map((one) => `g/${one}`)).message);
  for (const one of document.querySelectorAll("header.top nav a")) {
    if (one.getAttribute("href") === `#/${path}`) one.setAttribute("aria-current", "page");
    else one.removeAttribute("aria-current");
  }
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

window.bempeg = { run, answer, resolve: (text) => naming.resolve(text), names: [...questions.keys()] };
addEventListener("hashchange", route);
route(); // most pages stand in the file; what asks the graph waits until it is open
engine.opened.then(
  () => {
    document.documentElement.dataset.ready = "yes";
  },
  (error) => main.replaceChildren(element("p", { class: "problem", role: "alert" }, `The graph could not be opened: ${error.message ?? error}`)),
);
