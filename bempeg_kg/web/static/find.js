// What words typed into the search ask, and the names that hold every one of them. Without script the whole list stands.
const box = document.getElementById("find");
const said = document.getElementById("said");
const whole = said.textContent;
const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
const sections = [...document.querySelectorAll("#names section")].map((section) => ({
  section,
  lines: [...section.querySelectorAll("li")].map((line) => ({ line, text: plain(line.textContent) })),
}));

function narrow() {
  document.getElementById("asked").replaceChildren(...bempegAsked(bempegIndex, box.value));
  const words = plain(box.value).split(/\s+/).filter(Boolean);
  let found = 0;
  for (const { section, lines } of sections) {
    let here = 0;
    for (const { line, text } of lines) {
      line.hidden = !words.every((word) => text.includes(word));
      here += line.hidden ? 0 : 1;
    }
    section.hidden = here === 0;
    found += here;
  }
  said.textContent = words.length ? `${found || "No"} ${found === 1 ? "name has" : "names have"} “${box.value.trim()}”.` : whole;
}

box.value = new URLSearchParams(location.search).get("q") ?? "";
box.addEventListener("input", narrow);
narrow();
