// What the editor offers while one types, best first: what is called so, what begins so, and only then what is like it.

const KEYWORDS =
  "SELECT ASK CONSTRUCT DESCRIBE WHERE PREFIX BASE FROM NAMED GRAPH OPTIONAL UNION MINUS FILTER BIND VALUES DISTINCT REDUCED AS IN NOT EXISTS LIMIT OFFSET COUNT SUM AVG MIN MAX SAMPLE GROUP_CONCAT COALESCE IF STR LANG DATATYPE BOUND REGEX CONTAINS STRSTARTS LCASE UCASE CONCAT REPLACE".split(" ");

/** Kinds of things, those first that a reader looks for by name; what is not listed comes between the two. */
const FIRST = ["drug", "protein", "complex", "cell", "disease", "trial", "endpoint", "pathway", "process", "cohort", "arm"];
const LAST = ["set", "group", "intervention", "result", "contrast", "step", "event", "fact", "source", "resolution", "claim", "dispute"];

const MOST = 60;

/** Everything that can be offered: {label, names, rank, ...} for `ranked`. */
export function choices({ prefixes, classes, properties, entities, values = [] }) {
  const option = (type, rank) => ([curie, label, others = []]) => ({
    label: curie,
    detail: label,
    type,
    rank: rank(curie),
    names: [curie, curie.slice(curie.indexOf(":") + 1), label, ...others].map((name) => [name, name.toLowerCase()]),
    apply: applied(curie, prefixes),
  });
  const kind = (curie) => {
    const prefix = curie.split(":")[0];
    const late = LAST.indexOf(prefix);
    return FIRST.includes(prefix) ? 3 + FIRST.indexOf(prefix) : 30 + late;
  };
  return [
    ...KEYWORDS.map((label) => ({ label, type: "keyword", rank: 0, names: [[label, label.toLowerCase()]] })),
    ...properties.map(option("property", () => 1)),
    ...classes.map(option("class", () => 2)),
    ...entities.map(option("constant", kind)),
    ...values.map(option("constant", () => 28)),
    ...Object.keys(prefixes).map((prefix) => ({ label: `${prefix}:`, detail: prefixes[prefix], type: "namespace", rank: 60, names: [[`${prefix}:`, `${prefix.toLowerCase()}:`]] })),
  ];
}

/** The choices that fit what was typed, best first. */
export function ranked(options, typed) {
  const wanted = typed.toLowerCase();
  const found = [];
  for (const option of options) {
    let best = null;
    for (const [name, lower] of option.names) {
      const fit = fitness(lower, wanted);
      if (fit < (best?.fit ?? FAR.none)) best = { fit, name };
    }
    if (best) found.push({ option, ...best });
  }
  found.sort((a, b) => a.fit - b.fit || a.option.rank - b.option.rank || a.name.length - b.name.length || (a.option.label < b.option.label ? -1 : 1));
  return found.slice(0, MOST).map(({ option, name }) => {
    const { label, detail = "", type, apply } = option;
    const shown = !wanted || [label, label.slice(label.indexOf(":") + 1), detail].includes(name) ? detail : `${name} · ${detail}`;
    return { label, detail: shown, type, apply };
  });
}

/** How far a name is from what was typed, none where it is not like it at all. */
const FAR = { same: 0, firstWords: 1, beginning: 2, word: 3, part: 4, letters: 5, none: 6 };

function fitness(name, wanted) {
  if (name === wanted) return FAR.same;
  if (name.startsWith(wanted)) return /[^a-z0-9]/.test(name[wanted.length]) ? FAR.firstWords : FAR.beginning;
  const at = name.indexOf(wanted);
  if (at > 0) return beginsWord(name, wanted, at) ? FAR.word : FAR.part;
  return wanted.length > 2 && hasInOrder(name, wanted) ? FAR.letters : FAR.none;
}

function beginsWord(name, wanted, first) {
  for (let at = first; at > 0; at = name.indexOf(wanted, at + 1)) if (/[^a-z0-9]/.test(name[at - 1])) return true;
  return false;
}

/** Letters in order, and not scattered over a sentence: a slip of the keyboard rather than chance. */
function hasInOrder(name, wanted) {
  if (name.length > 3 * wanted.length || name[0] !== wanted[0]) return false;
  let at = -1;
  for (const letter of wanted) {
    at = name.indexOf(letter, at + 1);
    if (at < 0) return false;
  }
  return true;
}

/** Put a name in, and its PREFIX line where the query has none. */
function applied(curie, prefixes) {
  return (view, _, from, to) => {
    const prefix = curie.split(":")[0];
    const text = view.state.doc.toString();
    const known = new RegExp(`PREFIX\\s+${prefix.replace(/[.-]/g, "\\$&")}\\s*:`, "i").test(text);
    const line = !known && prefixes[prefix] ? `PREFIX ${prefix}: <${prefixes[prefix]}>\n` : "";
    view.dispatch({
      changes: [{ from: 0, insert: line }, { from, to, insert: curie }],
      selection: { anchor: from + line.length + curie.length },
    });
  };
}
