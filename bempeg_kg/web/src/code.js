// The SPARQL editor: highlighting, completion from the graph's own terms, errors underlined where they are.
import { autocompletion, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { HighlightStyle, StreamLanguage, bracketMatching, syntaxHighlighting } from "@codemirror/language";
import { sparql } from "@codemirror/legacy-modes/mode/sparql";
import { forEachDiagnostic, setDiagnostics } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { EditorView, drawSelection, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { choices, ranked } from "./choices.js";
import { strangers, unbound } from "./mistakes.js";

/** Milliseconds without a keystroke after which names are looked up. */
const PAUSE = 600;

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--accent)", fontWeight: "600" },
  { tag: [tags.string, tags.literal], color: "var(--good)" },
  { tag: tags.comment, color: "var(--soft)", fontStyle: "italic" },
  { tag: [tags.atom, tags.number, tags.bool], color: "var(--warn)" },
  { tag: [tags.variableName, tags.special(tags.variableName)], color: "var(--link)" },
  { tag: tags.meta, color: "var(--warn)" },
]);

const look = EditorView.theme({
  "&": { backgroundColor: "var(--sheet)", color: "var(--ink)", border: "1px solid var(--control)", borderRadius: "4px", fontSize: ".92rem" },
  "&.cm-focused": { outline: "3px solid var(--accent)", outlineOffset: "1px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.5", minHeight: "14rem", maxHeight: "34rem", overflow: "auto" },
  ".cm-gutters": { backgroundColor: "var(--wash)", color: "var(--soft)", border: "none" },
  ".cm-activeLine": { backgroundColor: "transparent" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-tooltip": { backgroundColor: "var(--sheet)", color: "var(--ink)", border: "1px solid var(--control)" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--accent)", color: "var(--ground)" },
  ".cm-completionDetail": { color: "inherit", opacity: "0.85" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "color-mix(in srgb, var(--accent) 30%, transparent)" },
});

/** An editor in place of a textarea. `terms()` promises {prefixes, classes, properties, entities, values}. */
export function edit(textarea, { terms, run }) {
  const host = document.createElement("div");
  const root = host.attachShadow({ mode: "open" }); // styles go in as sheets of the shadow root, so no inline style is needed
  textarea.after(host);
  textarea.hidden = true;
  let waiting = 0;
  const view = new EditorView({
    parent: root,
    root,
    state: EditorState.create({
      doc: textarea.value,
      extensions: [
        keymap.of([{ key: "Mod-Enter", run: () => (run(), true) }, ...completionKeymap, ...defaultKeymap, ...historyKeymap]),
        lineNumbers(),
        history(),
        drawSelection(),
        bracketMatching(),
        highlightActiveLine(),
        StreamLanguage.define(sparql),
        syntaxHighlighting(colours),
        autocompletion({ override: [completion(terms)], maxRenderedOptions: 60 }),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ "aria-label": "SPARQL query", spellcheck: "false" }),
        EditorView.updateListener.of((update) => {
          if (!update.docChanged) return;
          textarea.value = update.state.doc.toString();
          clearTimeout(waiting);
          waiting = setTimeout(() => warn(view, terms), PAUSE);
        }),
        EditorView.domEventHandlers({ beforeinput: replaceSelection }),
        look,
      ],
    }),
  });
  return {
    view,
    host,
    text: () => view.state.doc.toString(),
    put: (text) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } }),
    mark: (message) => {
      const found = diagnostics(view.state, message);
      view.dispatch(setDiagnostics(view.state, found));
      if (found.length) view.dispatch({ selection: { anchor: found[0].from }, scrollIntoView: true }); // where to go on typing
      warn(view, terms);
    },
    clear: () => {
      view.dispatch(setDiagnostics(view.state, []));
      warn(view, terms);
    },
  };
}

/** Typing over a selection is done here: the browser would carry its style over with a style attribute, which the
 * policy of the pages forbids. */
function replaceSelection(event, view) {
  if (event.inputType !== "insertText" || !event.data || view.composing || view.state.selection.main.empty) return false;
  view.dispatch(view.state.update(view.state.replaceSelection(event.data), { userEvent: "input.type", scrollIntoView: true }));
  event.preventDefault();
  return true;
}

/** A message with "line L, column C" as something to underline. */
function diagnostics(state, message) {
  const found = /\bline (\d+), column (\d+)/.exec(message);
  if (!found) return [];
  const line = state.doc.line(Math.min(Math.max(1, Number(found[1])), state.doc.lines));
  const text = state.doc.toString();
  const from = Math.min(line.from + Math.max(0, Number(found[2]) - 1), line.to, Math.max(0, text.trimEnd().length - 1));
  const word = /^[^ \t\n]+/.exec(text.slice(from));
  const start = word || from === line.from ? from : from - 1;
  return [{ from: start, to: Math.min(state.doc.length, start + (word ? word[0].length : 1)), severity: "error", message }];
}

/** Underline names that nothing in the graph has, and leave errors that are underlined as they are. */
async function warn(view, terms) {
  const asked = view.state.doc.toString();
  const known = await terms();
  if (view.state.doc.toString() !== asked) return;
  const kept = [];
  let stale = false;
  forEachDiagnostic(view.state, (one, from, to) => (one.severity === "error" ? kept.push({ ...one, from, to }) : (stale = true)));
  const found = [...strangers(asked, known), ...unbound(asked)].map(({ offset, name, said }) => ({ from: offset, to: offset + name.length, severity: "warning", message: said }));
  if (found.length || stale) view.dispatch(setDiagnostics(view.state, [...kept, ...found].sort((a, b) => a.from - b.from)));
}

function completion(terms) {
  let options = null;
  return async (context) => {
    const word = context.matchBefore(/[A-Za-z][\w.-]*:?[\w.-]*/);
    if (!word && !context.explicit) return null;
    if (word && /[?$]/.test(context.state.sliceDoc(word.from - 1, word.from))) return null;
    options ??= choices(await terms());
    const found = ranked(options, word?.text ?? "");
    return found.length ? { from: word ? word.from : context.pos, options: found, filter: false } : null;
  };
}
