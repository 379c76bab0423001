// Lists of questions, and what a file without a server leaves out.
import { field } from "./parameters.js";
import { code, element, link, quiet } from "./render.js";

/** A box that narrows the lists of questions on a page. */
export function narrowing(page) {
  const box = element("input", { id: "words", type: "search" });
  box.addEventListener("input", () => {
    const wanted = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const list of page.querySelectorAll("h2 + ul.list")) {
      const lines = [...list.children];
      for (const line of lines) line.hidden = !wanted.every((word) => `${line.textContent} ${line.firstChild.getAttribute("href")}`.toLowerCase().includes(word));
      list.hidden = list.previousElementSibling.hidden = lines.every((line) => line.hidden);
    }
  });
  return element("p", { class: "row" }, element("label", { for: "words" }, "Words"), box);
}

/** What the command line has and this file has not. */
export function leftOut(held) {
  const computed = held.questions.filter((one) => !one.sparql && one.parameters.length);
  const live = held.live.map(({ name, summary }) => element("li", {}, `${summary} `, code(`bempeg-kg ask ${name} --live`)));
  const parts = [];
  if (live.length) parts.push(element("p", {}, "Questions that ask outside services:"), element("ul", {}, ...live));
  if (computed.length) parts.push(element("p", {}, `${computed.length} questions that compute give the answer that stands when nothing else is asked; their pages say how to ask the command line for others.`));
  return parts.length ? [element("h2", { id: "left-out" }, "What this file leaves out"), ...parts] : [];
}

/** Where the command line takes values that this file holds no answer for. */
export function computedNotes(question) {
  const notes = [quiet("It was worked out when this file was written, with the values that stand when none is given.")];
  if (question.parameters.length) {
    const examples = question.parameters.map((one) => [one.name, one.example || one.allowed[0] || (one.default === "UNDEF" ? "" : one.default)]).filter(([, value]) => value);
    const list = question.parameters.map((one) => element("li", {}, `${field(one)}: ${one.description}`, one.default === "UNDEF" ? "" : ` (here ${one.default})`));
    notes.push(element("p", {}, "The command line takes other values: ", asCommand(question, examples.slice(0, 2))), element("ul", { class: "quiet" }, ...list));
  }
  return notes;
}

export function asCommand(question, typed) {
  const options = typed.map(([name, value]) => ` --${name.replaceAll("_", "-")} ${/^[\w.:-]+$/.test(value) ? value : `'${value}'`}`).join("");
  return code(`bempeg-kg ask ${question.name}${options}`);
}
