// What a page gains by script: tables that sort, narrow and open a row; "/" for the search; names while one types.
// Without script a table is a plain table and the search is a form.
(() => {
  const made = (name, attributes = {}, ...children) => {
    const one = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) one.setAttribute(key, value);
    one.append(...children);
    return one;
  };
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().trim();
  const NUMBER_OR_WORDS = /(?:^[-+−])?\d[\d,]*(?:\.\d+)?(?:[eE][-+]?\d+)?|\D+/g;
  const number = (part) => (/\d/.test(part) ? Number(part.replaceAll(",", "").replace("−", "-")) : Number.NaN);

  /** The order of two cells by each number in them: 9 to 100 comes before 20 to 38, a number before words. */
  function compare(...cells) {
    const [a, b] = cells.map((text) => text.replace(/^[<>≤≥]\s?/, "").match(NUMBER_OR_WORDS) ?? []);
    for (let at = 0; at < Math.min(a.length, b.length); at++) {
      const [x, y] = [number(a[at]), number(b[at])];
      const order = Number.isNaN(x) || Number.isNaN(y) ? Number.isNaN(x) - Number.isNaN(y) || a[at].localeCompare(b[at], "en") : x - y;
      if (order) return order;
    }
    return a.length - b.length;
  }

  function tables(root) {
    for (const table of root.querySelectorAll("table.cards-on-phone:not([data-ready])")) {
      table.dataset.ready = "";
      const rows = [...table.tBodies[0].rows];
      if (rows.length > 1) sortable(table, rows);
      if (rows.length > 7) narrowed(table, rows);
      if (rows.some((row) => row.dataset.href || row.dataset.verdict || row.querySelector(".more"))) opening(table, rows);
      lighting(table, rows);
    }
  }

  function sortable(table, rows) {
    [...table.tHead.rows[0].cells].forEach((head, at) => {
      const button = made("button", { type: "button" }, ...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const turn = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
        for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", turn > 0 ? "ascending" : "descending");
        table.querySelectorAll("tr.detail").forEach((row) => row.remove());
        table.querySelectorAll(".open-row").forEach((one) => one.setAttribute("aria-expanded", "false"));
        const key = (row) => row.cells[at].innerText.replace(/^[+]\s*/, "").trim();
        const keyed = rows.map((row) => [key(row), row]);
        keyed.sort(([a], [b]) => {
          if (!a || !b) return a ? -1 : b ? 1 : 0;
          return turn * compare(a, b);
        });
        table.tBodies[0].append(...keyed.map(([, row]) => row));
      });
    });
  }

  /** A box and menus that hide rows; how many are left is said. */
  function narrowed(table, rows) {
    const bar = made("div", { class: "table-tools" });
    const box = made("input", { type: "search", placeholder: "Filter rows", "aria-label": "Filter rows" });
    const said = made("span", { class: "quiet", role: "status" }, `${rows.length} rows`);
    const menus = (table.dataset.facets ?? "").split(" ").filter(Boolean).map((at) => facet(table, rows, Number(at))).filter(Boolean);
    const narrow = () => {
      const words = plain(box.value).split(/\s+/).filter(Boolean);
      let left = 0;
      for (const row of rows) {
        const text = plain(row.textContent);
        const fits = words.every((word) => text.includes(word)) && menus.every(({ at, menu }) => !menu.value || values(row.cells[at]).includes(menu.value));
        row.hidden = !fits;
        if (row.nextElementSibling?.classList.contains("detail")) row.nextElementSibling.hidden = !fits;
        left += fits ? 1 : 0;
      }
      said.textContent = left === rows.length ? `${left} rows` : `${left} of ${rows.length} rows`;
    };
    box.addEventListener("input", narrow);
    for (const { menu } of menus) menu.addEventListener("change", narrow);
    bar.append(box, ...menus.map(({ menu }) => menu), said);
    table.closest(".scroll").before(bar);
  }

  /** What a cell says; of a source with its basis, the basis. */
  const values = (cell) => {
    const basis = cell.querySelector(".basis");
    return [basis ? basis.textContent : cell.textContent.trim()];
  };

  function facet(table, rows, at) {
    const found = [...new Set(rows.flatMap((row) => values(row.cells[at])))].filter(Boolean).sort();
    if (found.length < 2 || found.length > 40) return null;
    const name = table.tHead.rows[0].cells[at].textContent.replace("source and ", "");
    const menu = made("select", { "aria-label": `Only ${name}` }, made("option", { value: "" }, `every ${name}`), ...found.map((one) => made("option", { value: one }, one)));
    return { at, menu };
  }

  /** A button in front of each row that shows what stands behind it. */
  function opening(table, rows) {
    const heads = [...table.tHead.rows[0].cells].map((head) => head.textContent);
    for (const row of rows) {
      const button = made("button", { type: "button", class: "open-row", "aria-expanded": "false", "aria-label": "More about this row" }, "+");
      ([...row.cells].find((cell) => !cell.classList.contains("more")) ?? row.cells[0]).prepend(button);
      button.addEventListener("click", () => {
        const open = button.getAttribute("aria-expanded") === "true";
        button.setAttribute("aria-expanded", String(!open));
        if (open) row.nextElementSibling.remove();
        else row.after(detail(row, heads));
      });
    }
  }

  function detail(row, heads) {
    const list = made("dl");
    const tell = (name, ...what) => list.append(made("div", {}, made("dt", {}, name), made("dd", {}, ...what)));
    [...row.cells].forEach((cell, at) => {
      if (cell.classList.contains("more") && cell.textContent.trim()) tell(heads[at], ...[...cell.childNodes].map((one) => one.cloneNode(true)));
    });
    if (row.dataset.verdict) tell("verdict on the printed numbers", row.dataset.verdict);
    const cell = made("td", { colspan: String(heads.length) }, list);
    if (row.dataset.href) {
      const address = row.dataset.href.replace(/(\/index)?\.html$/, "");
      const line = made("p", { class: "row" }, made("a", { href: row.dataset.href }, "Its page"));
      if (!address.startsWith("#")) { // in the explorer the page itself has them
        const button = made("button", { type: "button" }, "Raw statements");
        button.addEventListener("click", () => raw(button, `${address}.ttl`));
        line.append(button);
      }
      cell.append(line);
    }
    return made("tr", { class: "detail" }, cell);
  }

  async function raw(button, address) {
    try {
      const answer = await fetch(address);
      if (!answer.ok) throw new Error(String(answer.status));
      button.replaceWith(made("pre", { tabindex: "0", "aria-label": "Raw statements" }, made("code", {}, await answer.text())));
    } catch {
      location.assign(address); // a page from disk may open a file, and not read it
    }
  }

  /** A row lights the mark of a figure that was drawn of it. */
  function lighting(table, rows) {
    const marks = document.querySelectorAll(".figure [data-row]");
    if (!marks.length) return;
    rows.forEach((row, at) => {
      const light = (on) => marks.forEach((mark) => mark.classList.toggle("lit", on && mark.dataset.row.split(" ").includes(String(at))));
      row.addEventListener("mouseenter", () => light(true));
      row.addEventListener("mouseleave", () => light(false));
      row.addEventListener("focusin", () => light(true));
      row.addEventListener("focusout", () => light(false));
    });
    for (const mark of marks) {
      const drawn = mark.dataset.row.split(" ").map((at) => rows[at]).filter(Boolean);
      mark.addEventListener("mouseenter", () => drawn.forEach((row) => row.classList.add("lit")));
      mark.addEventListener("mouseleave", () => drawn.forEach((row) => row.classList.remove("lit")));
    }
  }

  /** What gives suggestions: the server, or the index of pages as files, which is loaded when somebody types. */
  function suggester(box) {
    if (box.dataset.suggest) {
      return (words) => fetch(`${box.dataset.suggest}?${new URLSearchParams({ q: words })}`).then((answer) => (answer.ok ? answer.json() : []));
    }
    const held = document.getElementById("index"); // of the explorer
    if (held) return async (words) => bempegSuggested((globalThis.bempegIndex ??= JSON.parse(held.textContent)), words);
    let loading = null;
    const loaded = () => new Promise((resolve, reject) => {
      if (globalThis.bempegIndex) return resolve();
      const script = made("script", { src: box.dataset.index });
      Object.assign(script, { onload: resolve, onerror: reject });
      document.head.append(script);
    });
    return async (words) => {
      await (loading ??= loaded());
      return bempegSuggested(bempegIndex, words).map(([text, href, kind]) => [text, new URL(href, box.form.action).href, kind]);
    };
  }

  /** Names below the search box while one types: arrows choose, Enter goes there, Escape closes. */
  function suggesting(box) {
    const suggest = suggester(box);
    const list = made("ul", { class: "suggest", role: "listbox", id: "suggestions", "aria-label": "Suggestions", hidden: "" });
    box.after(list);
    for (const [key, value] of Object.entries({ role: "combobox", "aria-controls": "suggestions", "aria-expanded": "false", "aria-autocomplete": "list" })) box.setAttribute(key, value);
    let asked = 0;
    let timer = 0;
    const options = () => [...list.children];
    const chosen = () => list.querySelector("[aria-selected=true]");
    const close = () => {
      list.hidden = true;
      box.setAttribute("aria-expanded", "false");
      box.removeAttribute("aria-activedescendant");
    };
    const choose = (one) => {
      for (const other of options()) other.setAttribute("aria-selected", String(other === one));
      if (one) box.setAttribute("aria-activedescendant", one.id);
    };
    const ask = async () => {
      const words = box.value.trim();
      const turn = ++asked;
      if (words.length < 2) return close();
      const found = await suggest(words).catch(() => []);
      if (turn !== asked) return;
      list.replaceChildren(...found.map(([text, href, kind], at) => made("li", { role: "option", id: `suggestion-${at}`, "aria-selected": "false" }, made("a", { href, tabindex: "-1" }, made("small", {}, kind), text))));
      list.hidden = !found.length;
      box.setAttribute("aria-expanded", String(!list.hidden));
    };
    box.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, 120);
    });
    box.form.addEventListener("submit", () => {
      clearTimeout(timer);
      asked++;
      close();
    });
    box.addEventListener("blur", () => setTimeout(close, 200));
    box.addEventListener("keydown", (event) => {
      const all = options();
      const at = all.indexOf(chosen());
      if (event.key === "Escape") close();
      else if (event.key === "Enter" && chosen()) {
        event.preventDefault();
        location.assign(chosen().firstChild.href);
        close(); // in the explorer the page stays
      } else if (!list.hidden && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
        event.preventDefault();
        choose(all[(at + (event.key === "ArrowDown" ? 1 : all.length + (at < 0 ? 0 : -1))) % all.length]);
      }
    });
  }

  globalThis.bempegTables = tables;
  document.addEventListener("DOMContentLoaded", () => {
    tables(document);
    const box = document.getElementById("find");
    if (box && !document.getElementById("names")) suggesting(box); // a page of all names narrows them itself
    document.addEventListener("keydown", (event) => {
      const [target] = event.composedPath(); // of an event in the shadow root of the editor, the element in it
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || target.closest?.("input, textarea, select, [contenteditable]")) return;
      event.preventDefault();
      box?.focus();
    });
  });
})();
