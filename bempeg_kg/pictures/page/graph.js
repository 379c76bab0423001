"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const $ = (id) => document.getElementById(id);
  const root = document.documentElement;
  const stage = $("graph");
  const nodeFacts = new Map(data.nodes.map((node) => [node.id, node]));
  const edgeFacts = new Map(data.edges.map((edge) => [edge.id, edge]));
  const hidden = { kind: new Set(), sign: new Set(), evidence: new Set() };
  const moved = new Set();
  let dark = matchMedia("(prefers-color-scheme: dark)").matches;
  let free = false;
  let whole = !data.main; // whether boxes beyond the main part are shown
  let chosen = null; // {node} or {edge} whose details are shown
  let focus = null; // ids of nodes that stay bright, or null for all

  const hue = (look) => (dark ? data.looks[look].dark : data.looks[look].light);
  const strokeOf = (edge) => (dark ? data.signs[edge.sign].dark : data.signs[edge.sign].light);
  const bright = (id) => focus === null || focus.has(id);
  const placeOf = (node) => (whole ? [node.vis.x, node.vis.y] : data.main.places[node.id]);
  const routeOf = (edge) => (whole ? edge.route : data.main.routes[edge.id]);
  const nodeHidden = (node) => hidden.kind.has(node.look) || !placeOf(node);
  const edgeHidden = (edge) =>
    hidden.sign.has(edge.sign) || hidden.evidence.has(edge.evidence) || !routeOf(edge) ||
    nodeHidden(nodeFacts.get(edge.from)) || nodeHidden(nodeFacts.get(edge.to));
  const routed = (edge) => !free && !moved.has(edge.from) && !moved.has(edge.to);

  const nodes = new vis.DataSet(data.nodes.map((node) => node.vis));
  const edges = new vis.DataSet(data.edges.map((edge) => edge.vis));
  const network = new vis.Network(stage, { nodes, edges }, data.options);
  // links along their routes are painted here, as the library knows only straight and curved ones
  network.on("beforeDrawing", (ctx) => {
    for (const edge of data.edges) if (routed(edge) && !edgeHidden(edge)) paintRoute(ctx, edge);
  });

  function paintRoute(ctx, edge) {
    const points = routeOf(edge);
    const colour = strokeOf(edge);
    const [x, y] = points[points.length - 1];
    const [px, py] = points[points.length - 2];
    const length = Math.hypot(x - px, y - py) || 1;
    const [ux, uy] = [(x - px) / length, (y - py) / length];
    const end = data.signs[edge.sign].end;
    const reach = { arrow: 9, bar: 4, ring: 7 }[end];
    const picked = chosen && chosen.edge === edge.id;
    ctx.save();
    ctx.globalAlpha = bright(edge.from) && bright(edge.to) ? 1 : 0.12;
    ctx.strokeStyle = ctx.fillStyle = colour;
    ctx.lineWidth = picked ? 4 : 1.7;
    ctx.setLineDash(data.evidence[edge.evidence].dash);
    ctx.beginPath();
    ctx.moveTo(points[0][0], points[0][1]);
    for (let i = 1; i < points.length - 1; i += 1) {
      ctx.arcTo(points[i][0], points[i][1], points[i + 1][0], points[i + 1][1], 10);
    }
    ctx.lineTo(x - ux * reach, y - uy * reach);
    ctx.stroke();
    ctx.setLineDash([]);
    ctx.beginPath();
    if (end === "arrow") {
      ctx.moveTo(x, y);
      ctx.lineTo(x - ux * 11 - uy * 4.5, y - uy * 11 + ux * 4.5);
      ctx.lineTo(x - ux * 11 + uy * 4.5, y - uy * 11 - ux * 4.5);
      ctx.fill();
    } else if (end === "bar") {
      ctx.lineWidth = 3;
      ctx.moveTo(x - ux * 3 - uy * 7, y - uy * 3 + ux * 7);
      ctx.lineTo(x - ux * 3 + uy * 7, y - uy * 3 - ux * 7);
      ctx.stroke();
    } else {
      ctx.fillStyle = getComputedStyle(root).getPropertyValue("--paper");
      ctx.arc(x - ux * 4, y - uy * 4, 3.2, 0, 7);
      ctx.fill();
      ctx.lineWidth = 1.5;
      ctx.stroke();
    }
    if (edge.badge) paintBadge(ctx, edge);
    ctx.restore();
  }

  function paintBadge(ctx, edge) {
    const [x, y] = whole ? edge.badge.at : data.main.badges[edge.id];
    const style = getComputedStyle(root);
    const width = 7 + 7.5 * edge.badge.text.length;
    ctx.lineWidth = 1.1;
    ctx.fillStyle = style.getPropertyValue("--paper");
    ctx.strokeStyle = style.getPropertyValue("--ink");
    ctx.beginPath();
    ctx.rect(x - width / 2, y - 7, width, 14);
    ctx.fill();
    ctx.stroke();
    ctx.fillStyle = style.getPropertyValue("--ink");
    ctx.font = "bold 10.5px " + data.font;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillText(edge.badge.text, x, y);
  }

  function refresh() {
    nodes.update(data.nodes.map((node) => {
      const colours = hue(node.look);
      const [fill, border] = [colours.fill, colours.stroke];
      const picked = chosen && chosen.node === node.id;
      const ring = picked ? getComputedStyle(root).getPropertyValue("--focus").trim() : border;
      return {
        id: node.id,
        hidden: nodeHidden(node),
        opacity: bright(node.id) ? 1 : 0.15,
        borderWidth: picked ? 4 : node.vis.borderWidth,
        color: { background: fill, border: ring, highlight: { background: fill, border: ring }, hover: { background: fill, border: ring } },
        font: { color: bright(node.id) ? colours.text : "rgba(128,128,128,0.25)" },
      };
    }));
    edges.update(data.edges.map((edge) => ({
      id: edge.id,
      hidden: edgeHidden(edge) || routed(edge),
      color: { color: strokeOf(edge), highlight: strokeOf(edge), hover: strokeOf(edge), opacity: bright(edge.from) && bright(edge.to) ? 1 : 0.12 },
    })));
    network.redraw();
  }

  // the details: everything is put in as text, and only http and https become links
  function add(parent, tag, text) {
    const made = document.createElement(tag);
    if (text !== undefined) made.textContent = text;
    parent.append(made);
    return made;
  }
  function addLink(parent, address, text) {
    if (!/^https?:\/\//.test(address)) return add(parent, "span", text);
    const made = add(parent, "a", text);
    made.href = address;
    made.rel = "noreferrer noopener";
    made.target = "_blank";
    return made;
  }
  function show(facts) {
    const panel = $("details");
    panel.replaceChildren();
    panel.hidden = !facts;
    if (!facts) return;
    add(panel, "h2", facts.title);
    const close = add(panel, "button", "×");
    close.type = "button";
    close.className = "close";
    close.setAttribute("aria-label", "Close the details");
    close.addEventListener("click", clear);
    if ("look" in facts) {
      const unseen = hiddenBeside(facts.id);
      if (unseen && !whole) {
        const more = add(panel, "button", `Show ${unseen} more linked to it`);
        more.type = "button";
        more.addEventListener("click", () => { setWhole(true); choose(facts.id); });
      }
      const trace = add(panel, "button", "Trace paths from here");
      trace.type = "button";
      trace.addEventListener("click", () => {
        traced = facts.id;
        trace.replaceWith(document.createTextNode("Pick the box where the paths end."));
        focus = null;
        refresh();
      });
    }
    const list = add(panel, "dl");
    for (const [name, value] of facts.facts) {
      add(list, "dt", name);
      add(list, "dd", value);
    }
    for (const [heading, links] of facts.lists) {
      if (!links.length) continue;
      add(list, "dt", heading);
      const items = add(add(list, "dd"), "ul");
      for (const [address, text] of links) addLink(add(items, "li"), address, text);
    }
  }
  function hint(facts, place) {
    const box = $("hint");
    box.hidden = !facts;
    if (!facts) return;
    box.replaceChildren();
    add(box, "strong", facts.title);
    for (const [name, value] of facts.facts.slice(0, 4)) add(box, "div", name + ": " + value);
    const room = stage.getBoundingClientRect();
    box.style.left = Math.max(4, Math.min(place.x + 14, room.width - box.offsetWidth - 8)) + "px";
    box.style.top = Math.max(4, Math.min(place.y + 14, room.height - box.offsetHeight - 8)) + "px";
  }

  function hiddenBeside(id) {
    const beside = data.edges.filter((edge) => edge.from === id || edge.to === id);
    return new Set(beside.map((edge) => (edge.from === id ? edge.to : edge.from)).filter((one) => !placeOf(nodeFacts.get(one)))).size;
  }

  // paths between two boxes: steps that follow each other, at most two more than the shortest path has
  let traced = null;
  function pathsBetween(start, end) {
    const [into, from] = [new Map(), new Map()];
    for (const edge of data.edges) {
      if (!edge.walked || edgeHidden(edge)) continue;
      into.set(edge.to, [...(into.get(edge.to) || []), edge]);
      from.set(edge.from, [...(from.get(edge.from) || []), edge]);
    }
    const far = new Map([[end, 0]]);
    for (const id of far.keys()) {
      for (const edge of into.get(id) || []) if (!far.has(edge.from)) far.set(edge.from, far.get(id) + 1);
    }
    const paths = [];
    const walk = (id, path, most) => {
      if (id === end) return paths.push(path);
      const passed = new Set([start, ...path.map((edge) => edge.to)]);
      for (const edge of from.get(id) || []) {
        if (paths.length < MOST_PATHS && !passed.has(edge.to) && path.length + 1 + (far.get(edge.to) ?? Infinity) <= most) walk(edge.to, [...path, edge], most);
      }
    };
    if (far.has(start) && start !== end) walk(start, [], far.get(start) + 2);
    return paths.sort((one, two) => one.length - two.length);
  }
  const MOST_PATHS = 30;
  function trace(start, end) {
    const paths = pathsBetween(start, end);
    const panel = $("details");
    chosen = { node: end };
    show({ title: `From ${nodeFacts.get(start).title} to ${nodeFacts.get(end).title}`, facts: [], lists: [] });
    const count = paths.length === MOST_PATHS ? `The first ${MOST_PATHS} paths` : paths.length === 1 ? "1 path" : `${paths.length} paths`;
    add(panel, "p", `${count}. Each step has its source; whether the steps hold in one cell, the command bempeg-kg path says.`);
    for (const path of paths) {
      const list = add(panel, "ol");
      for (const edge of path) {
        const item = add(list, "li", `${edge.title} `);
        const links = edge.lists.flatMap(([, listed]) => listed);
        const named = edge.facts.filter(([name]) => name === "Sources").map(([, text]) => ["", text]);
        for (const [address, text] of links.length ? links : named) addLink(add(item, "small"), address, text);
      }
    }
    focus = new Set([start, end, ...paths.flat().map((edge) => edge.to)]);
    traced = null;
    refresh();
  }

  // the panel goes where it covers none of the boxes that matter; else the view moves beside it
  function setAside(ids, id) {
    const panel = $("details");
    const room = stage.getBoundingClientRect();
    const below = getComputedStyle(panel).position === "static"; // on a phone it stands below the graph
    const seen = [...(ids || [])].filter((one) => !nodeHidden(nodeFacts.get(one)));
    const boxes = seen.map((one) => {
      const box = network.getBoundingBox(one);
      const [a, b] = [network.canvasToDOM({ x: box.left, y: box.top }), network.canvasToDOM({ x: box.right, y: box.bottom })];
      return { left: a.x, top: a.y, right: b.x, bottom: b.y };
    });
    const inside = boxes.every((box) => box.left > 2 && box.top > 2 && box.right < room.width - 2 && box.bottom < room.height - 2);
    const covered = ([right, bottom]) => {
      const left = right ? room.width - panel.offsetWidth - 10 : 10;
      const top = bottom ? room.height - panel.offsetHeight - 10 : 10;
      return boxes.filter((box) => box.right > left && box.left < left + panel.offsetWidth && box.bottom > top && box.top < top + panel.offsetHeight).length;
    };
    const corners = [[true, false], [true, true], [false, false], [false, true]];
    const best = corners.reduce((one, corner) => (covered(corner) < covered(one) ? corner : one));
    const stays = inside && network.getScale() >= LEGIBLE * 0.82 && (below || !covered(best));
    const [right, bottom] = stays ? best : corners[0];
    panel.classList.toggle("left", !right);
    panel.classList.toggle("low", bottom);
    if (stays || !seen.length) return;
    moveBeside(seen, id, below ? 0 : panel.offsetWidth + 10);
  }
  // boxes as large as they allow in the room that a panel leaves; around the chosen one if they are too many
  function moveBeside(ids, id, taken) {
    const room = stage.getBoundingClientRect();
    const boxes = ids.map((one) => network.getBoundingBox(one));
    const [left, right] = [Math.min(...boxes.map((box) => box.left)), Math.max(...boxes.map((box) => box.right))];
    const [top, bottom] = [Math.min(...boxes.map((box) => box.top)), Math.max(...boxes.map((box) => box.bottom))];
    const wanted = Math.min((room.width - taken - 40) / (right - left), (room.height - 30) / (bottom - top), 1.1);
    const scale = Math.max(wanted, LEGIBLE);
    const at = wanted < LEGIBLE && id ? network.getPositions([id])[id] : { x: (left + right) / 2, y: (top + bottom) / 2 };
    network.moveTo({ position: { x: at.x + taken / 2 / scale, y: at.y }, scale, animation: false });
  }
  function choose(id, alone = true) {
    if (traced && alone && traced !== id) return trace(traced, id);
    chosen = { node: id };
    focus = alone ? new Set([id, ...network.getConnectedNodes(id)]) : focus;
    show(nodeFacts.get(id));
    refresh();
    setAside(alone ? focus : [id], id);
  }
  function chooseEdge(id) {
    const edge = edgeFacts.get(id);
    chosen = { edge: id };
    focus = new Set([edge.from, edge.to]);
    show(edge);
    setAside(focus);
    refresh();
  }
  function clear() {
    chosen = null;
    traced = null;
    focus = null;
    $("search").value = "";
    $("found").value = "";
    show(null);
    refresh();
  }

  function edgeAt(place) {
    const at = network.DOMtoCanvas(place);
    const reach = 6 / network.getScale();
    let best = null;
    for (const edge of data.edges) {
      if (!routed(edge) || edgeHidden(edge)) continue;
      const route = routeOf(edge);
      for (let i = 1; i < route.length; i += 1) {
        const far = distance(at, route[i - 1], route[i]);
        if (far < reach && (!best || far < best.far)) best = { far, id: edge.id };
      }
    }
    return best ? best.id : network.getEdgeAt(place);
  }
  function distance(at, [ax, ay], [bx, by]) {
    const [dx, dy] = [bx - ax, by - ay];
    const share = Math.max(0, Math.min(1, ((at.x - ax) * dx + (at.y - ay) * dy) / (dx * dx + dy * dy || 1)));
    return Math.hypot(at.x - ax - share * dx, at.y - ay - share * dy);
  }

  network.on("click", (event) => {
    const node = network.getNodeAt(event.pointer.DOM);
    const edge = node === undefined ? edgeAt(event.pointer.DOM) : undefined;
    hint(null);
    if (node !== undefined) choose(node);
    else if (edge !== undefined && edge !== null) chooseEdge(edge);
    else clear();
  });
  network.on("dragStart", (event) => {
    hint(null);
    if (event.nodes.length) {
      event.nodes.forEach((id) => moved.add(id));
      refresh();
    }
  });
  stage.addEventListener("mousemove", (event) => {
    const room = stage.getBoundingClientRect();
    const place = { x: event.clientX - room.left, y: event.clientY - room.top };
    if (event.buttons) return;
    const node = network.getNodeAt(place);
    const edge = node === undefined ? edgeAt(place) : undefined;
    stage.style.cursor = node !== undefined || (edge !== undefined && edge !== null) ? "pointer" : "default";
    hint(node !== undefined ? nodeFacts.get(node) : edge ? edgeFacts.get(edge) : null, place);
  });
  stage.addEventListener("mouseleave", () => hint(null));

  const steps = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
  stage.addEventListener("keydown", (event) => {
    const at = chosen && chosen.node;
    if (event.key in steps) step(at, steps[event.key]);
    else if (event.key === "Enter" && at) choose(at);
    else if (event.key === "Escape") clear();
    else if (event.key === "+" || event.key === "=") zoom(1.25);
    else if (event.key === "-") zoom(0.8);
    else if (event.key === "0") fit();
    else return;
    event.preventDefault();
  });
  function step(at, [dx, dy]) {
    const shown = data.nodes.filter((node) => !nodeHidden(node) && bright(node.id)).map((node) => node.id);
    const places = network.getPositions(shown);
    if (!shown.length) return;
    if (!at || !places[at]) return choose(shown.reduce((one, two) => (places[two].x < places[one].x ? two : one)), false);
    let best = null;
    for (const id of shown) {
      const [x, y] = [places[id].x - places[at].x, places[id].y - places[at].y];
      const along = x * dx + y * dy;
      const cost = along + 3 * Math.abs(x * dy + y * dx);
      if (id !== at && along > 1 && (!best || cost < best.cost)) best = { id, cost };
    }
    if (best) {
      choose(best.id, false);
      if (network.getScale() > fitted * 1.05) network.focus(best.id, { scale: network.getScale() });
    }
  }
  function zoom(factor) {
    network.moveTo({ scale: network.getScale() * factor });
  }
  let fitted = 1;
  const LEGIBLE = 0.7; // 13 px of a label become 9
  const shownIds = () => data.nodes.filter((node) => !nodeHidden(node)).map((node) => node.id);
  function fit() {
    const room = stage.getBoundingClientRect();
    const [width, height] = whole ? data.size : data.main.size;
    if (free) network.fit({ nodes: shownIds(), animation: false });
    else {
      const scale = Math.min((room.width - 32) / width, (room.height - 10) / height, 1.6);
      network.moveTo({ position: { x: width / 2, y: height / 2 }, scale, animation: false });
    }
    fitted = network.getScale();
  }
  // at first all that fits with labels that can be read, from the box where the graph begins
  function begin() {
    fit();
    if (fitted >= LEGIBLE * 0.82) return;
    if (free) return network.moveTo({ position: network.getViewPosition(), scale: LEGIBLE, animation: false });
    const places = network.getPositions(shownIds());
    const first = Object.values(places).reduce((one, two) => (two.x < one.x ? two : one));
    const room = stage.getBoundingClientRect();
    network.moveTo({ position: { x: first.x + (room.width / 2 - 90) / LEGIBLE, y: first.y }, scale: LEGIBLE, animation: false });
  }
  // push boxes apart that the forces left on each other, along the shorter way
  function separate() {
    const boxes = shownIds().map((id) => {
      const { width, height } = network.body.nodes[id].shape;
      return { id, ...network.getPositions([id])[id], width: width + 14, height: height + 12 };
    });
    for (let round = 0, met = true; met && round < 400; round += 1) {
      met = false;
      for (let i = 0; i < boxes.length; i += 1) {
        for (let j = i + 1; j < boxes.length; j += 1) {
          const [one, two] = [boxes[i], boxes[j]];
          const across = (one.width + two.width) / 2 - Math.abs(one.x - two.x);
          const down = (one.height + two.height) / 2 - Math.abs(one.y - two.y);
          if (across <= 0.01 || down <= 0.01) continue;
          met = true;
          const way = across < down ? "x" : "y";
          const by = (Math.min(across, down) / 2) * (one[way] < two[way] ? -1 : 1);
          one[way] += by;
          two[way] -= by;
        }
      }
    }
    nodes.update(boxes.map(({ id, x, y }) => ({ id, x, y })));
  }
  function setWhole(on) {
    whole = on || !data.main;
    if ($("whole")) {
      $("whole").setAttribute("aria-pressed", String(whole));
    }
    arrange();
  }
  // boxes at the places of the layout that is chosen
  function arrange() {
    moved.clear();
    nodes.update(data.nodes.filter(placeOf).map((node) => ({ id: node.id, x: placeOf(node)[0], y: placeOf(node)[1] })));
    refresh();
    if (free) {
      network.once("stabilizationIterationsDone", () => {
        network.setOptions({ physics: { enabled: false } });
        separate();
        begin();
        stage.removeAttribute("aria-busy");
      });
      stage.setAttribute("aria-busy", "true");
      network.setOptions({ physics: { enabled: true } });
      network.stabilize(STEADY);
    } else {
      network.setOptions({ physics: { enabled: false } });
      begin();
    }
  }
  const STEADY = 250;

  // names that are the words come first, then those that begin with them, then those that hold them
  function rank(node, words) {
    if (node.names.includes(words)) return 0;
    return node.names.some((name) => name.startsWith(words)) ? 1 : 2;
  }
  function matching(words) {
    const matches = words ? data.nodes.filter((node) => node.names.some((name) => name.includes(words))) : [];
    const shortest = (node) => Math.min(...node.names.filter((name) => name.includes(words)).map((name) => name.length));
    return matches.sort((one, two) => rank(one, words) - rank(two, words) || shortest(one) - shortest(two));
  }
  $("search").addEventListener("input", () => {
    const words = $("search").value.trim().toLowerCase();
    const matches = matching(words);
    focus = words ? new Set(matches.map((node) => node.id)) : null;
    $("found").value = words ? matches.length + (matches.length === 1 ? " match" : " matches") : "";
    chosen = null;
    show(null);
    refresh();
  });
  $("tools").addEventListener("submit", (event) => {
    event.preventDefault();
    const first = focus && [...focus][0];
    if (!first || !$("search").value.trim()) return;
    if (!placeOf(nodeFacts.get(first))) setWhole(true);
    choose(first);
    stage.focus();
  });
  for (const box of document.querySelectorAll("#legend input")) {
    box.addEventListener("change", () => {
      const group = hidden[box.closest("fieldset").dataset.filter];
      if (box.checked) group.delete(box.value);
      else group.add(box.value);
      refresh();
    });
  }
  $("fit").addEventListener("click", fit);
  $("layout").addEventListener("click", () => {
    free = !free;
    $("layout").setAttribute("aria-pressed", String(free));
    arrange();
  });
  if ($("whole")) $("whole").addEventListener("click", () => setWhole(!whole));
  function setTheme() {
    root.dataset.theme = dark ? "dark" : "light";
    $("theme").setAttribute("aria-pressed", String(dark));
    refresh();
  }
  $("theme").addEventListener("click", () => { dark = !dark; setTheme(); });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", (event) => { dark = event.matches; setTheme(); });
  addEventListener("resize", begin);

  setTheme();
  arrange();
  window.picture = { network, data };
})();
