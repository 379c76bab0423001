// The queries that were run in this browser, newest first; they stay in it.
import { element } from "./render.js";

const KEY = "bempeg-kg queries";
const MOST = 20;

/** Lists earlier queries in `details`; `put(query)` runs one again. */
export function remembered(details, put) {
  const list = element("ul", { class: "list" });
  const forget = element("button", { type: "button" }, "Forget them");
  details.append(list, forget);
  forget.addEventListener("click", () => store([]));
  const show = (queries) => {
    details.hidden = queries.length === 0;
    list.replaceChildren(
      ...queries.map((query) => {
        const button = element("button", { type: "button", class: "query" }, query.replace(/\s+/g, " ").trim().slice(0, 160));
        button.addEventListener("click", () => put(query));
        return element("li", {}, button);
      }),
    );
  };
  function store(queries) {
    try {
      localStorage.setItem(KEY, JSON.stringify(queries));
    } catch {
      // storage is full or switched off; the list holds for this page
    }
    show(queries);
  }
  let queries = read();
  show(queries);
  return {
    keep(query) {
      queries = [query, ...read(queries).filter((one) => one !== query)].slice(0, MOST);
      store(queries);
    },
  };
}

function read(instead = []) {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((one) => typeof one === "string") : instead;
  } catch {
    return instead;
  }
}
