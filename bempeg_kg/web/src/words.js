// Trials by the words of their conditions and drugs, as bempeg_kg/graph/named_trials.py finds them.
import { fold, tokens } from "./naming.js";

/** The conditions or drugs with a name that holds all words of a text: [[names, words of each, trials]]. */
export function having(text, { named, spelling }, kind) {
  const wanted = wordsOf(text, spelling);
  const holds = (words) => wanted.every((word) => words.split(" ").includes(word));
  return wanted.length ? named[kind].filter(([, words]) => words.some(holds)) : [];
}

/** The words of a name, written in one way, as `words_of` in bempeg_kg/graph/name_words.py. */
function wordsOf(text, { numbered, roman, between, not }) {
  const numerals = Object.keys(roman).sort((a, b) => b.length - a.length).join("|");
  const joined = new RegExp(`(?<![\\p{L}\\p{N}_])(${numbered.join("|")})(\\d+[a-c]?|${numerals})(?![\\p{L}\\p{N}_])`, "gu");
  const numeral = new RegExp(`^(${numerals})([a-c]?)$`);
  const words = [];
  let isNumbered = false;
  for (const word of tokens(text.toLowerCase().replace(joined, "$1 $2"))) {
    const parts = isNumbered ? numeral.exec(word) : null;
    const made = fold(parts ? roman[parts[1]] + parts[2] : word);
    isNumbered = numbered.includes(word) || (isNumbered && (parts !== null || /^\d/.test(word) || between.includes(word)));
    if (not.includes(words.at(-1))) words.push(words.pop() + made);
    else words.push(made);
  }
  return words;
}
