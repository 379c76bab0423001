// The ranked search of questions where no server answers. The index is written by bempeg_kg/web/site/search_index.py, which
// names the modules that this follows; a test holds the two to the same order.
(() => {
  /** What an object read from JSON has under a key; nothing for "constructor", which every object has. */
  const held = (object, key) => (Object.hasOwn(object, key) ? object[key] : undefined);

  /** What a search finds: {answer, questions}; `answer` for words that are meant as a whole, or that name a disease. */
  globalThis.bempegRanked = (index, words) => {
    const answer = intended(index, words) ?? held(index.named, words.toLowerCase().trim()) ?? null;
    const further = answer?.further.map((name) => index.questions[name]).filter(Boolean);
    return { answer, questions: further ?? nearest(index, words) };
  };

  /** What words that are being typed may mean: [text, address, kind], questions first. It follows `Pages.suggested`. */
  globalThis.bempegSuggested = (index, words) => {
    if (words.length < 2) return [];
    const meant = intended(index, words);
    const found = new Map([...(meant ? [meant] : []), ...nearest(index, words).slice(0, 4)].map((one) => [one.href, [one.summary, one.href, one.kind]]));
    const asked = [...found.values()];
    const before = /^[\p{L}\p{N}_]/u.test(words) ? "(?<![\\p{L}\\p{N}_])" : "(?<=[\\p{L}\\p{N}_])";
    const wanted = new RegExp(before + words.replace(/[\^$\\.*+?()[\]{}|/]/g, "\\$&"), "iu");
    const classes = index.diseases.filter(([name]) => wanted.test(name)).slice(0, 3);
    const named = new Map(classes.map(([name, href]) => [name, [name, href, "disease"]]));
    for (const [name, href, kind] of index.names) {
      if (named.size + asked.length >= 10) break;
      if (!named.has(href) && wanted.test(name)) named.set(href, [name, href, kind]);
    }
    return [...asked, ...named.values()];
  };

  function intended(index, words) {
    const plain = (words.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? []).join(" ");
    return index.intents.find(([pattern]) => new RegExp(`^(?:${pattern})$`, "u").test(plain))?.[1];
  }

  /** What a search finds, as elements: the answer that is meant, then questions with their answers. */
  globalThis.bempegAsked = (index, words) => {
    if (words.trim().length < 2) return [];
    const { answer, questions } = bempegRanked(index, words);
    const made = (name, text, attributes = {}) => {
      const one = Object.assign(document.createElement(name), attributes);
      one.append(...[text].flat());
      return one;
    };
    const link = ({ summary, href }) => made("a", summary, { href });
    const shown = [];
    if (answer) {
      const about = answer.about ? ` Rows about ${answer.about} only.` : "";
      shown.push(made("p", ["Taken as: ", link(answer), about], { className: "kicker" }), made("p", answer.sentence, { className: "answer" }));
    }
    if (questions.length) {
      const lines = questions.slice(0, 8).map((one) => made("li", [link(one), made("div", one.sentence, { className: "quiet" })]));
      shown.push(made("h2", answer ? "Other questions" : "Questions"), made("ul", lines, { className: "list" }));
    }
    return shown;
  };

  /** Questions about as like the words as the best one, the likest first. */
  function nearest({ stemming, phrases, questions, near }, words) {
    const terms = new Map();
    const roots = (words.toLowerCase().match(/\d+(?:\.\d+)+|[\p{L}\p{N}]+/gu) ?? []).map((word) => root(stemming, word));
    for (const term of [...roots, ...roots.slice(1).map((next, at) => `${roots[at]} ${next}`)]) terms.set(term, (terms.get(term) ?? 0) + 1);
    const stop = new Set(stemming.stop);
    const isLittle = (term) => term.split(" ").every((one) => stop.has(one));
    const weights = [...terms].map(([term, n]) => [term, (1 + Math.log(n)) * (held(phrases.rarity, term) ?? phrases.rarest) * (isLittle(term) ? phrases.little : 1)]);
    const length = Math.hypot(...weights.map(([, weight]) => weight)) || 1;
    const likeness = new Map();
    const telling = new Set();
    for (const [term, weight] of weights) {
      for (const [place, other] of held(phrases.places, term) ?? []) {
        likeness.set(place, (likeness.get(place) ?? 0) + (weight / length) * other);
        if (!isLittle(term)) telling.add(phrases.keys[place]);
      }
    }
    const byKey = new Map();
    for (const [place, value] of likeness) {
      const key = phrases.keys[place];
      if (telling.has(key)) byKey.set(key, [...(byKey.get(key) ?? []), value]);
    }
    const total = (values) => values.sort((a, b) => b - a).slice(0, phrases.counted).reduce((sum, value, at) => sum + value / 2 ** at, 0);
    const scored = [...byKey].map(([key, values]) => [total(values), key]).sort((a, b) => b[0] - a[0] || (a[1] < b[1] ? -1 : 1));
    return scored.filter(([score, key]) => score >= near * scored[0][0] && questions[key]).map(([, key]) => questions[key]);
  }

  function root({ endings, same }, word) {
    const stemmed = stem(endings, word);
    return held(same, stemmed) ?? stemmed;
  }

  function stem(endings, word) {
    for (const [ending, left, least] of endings) {
      if (!word.endsWith(ending) || word.length - ending.length < least || word.endsWith("ss")) continue;
      const short = word.slice(0, word.length - ending.length) + left;
      const doubled = short.length > 4 && short.at(-1) === short.at(-2) && ["ed", "ing"].includes(ending);
      return doubled ? short.slice(0, -1) : short;
    }
    return word;
  }
})();
