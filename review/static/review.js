// Keys, acting without reloading, and keeping what could not be sent until it can be.
// Everything here also works as a plain form; texts only ever become text, never markup.

const said = document.body.dataset;
const rows = [...document.querySelectorAll(".row")];
const list = document.querySelector(".rows");
const inItem = !list && rows.length === 1;
// Where people log in, each has a queue: what one person did is never sent as another.
const QUEUE = said.person ? `pantau.queue.${said.person}` : "pantau.queue";
const KEYS_OFF = "pantau.keys-off";
const RETRY_MS = 5000;
let current = inItem ? 0 : -1;
let sending = null;
let prefix = 0;

const rowOf = (id) => rows.find((row) => row.dataset.id === String(id));
const stateOf = (row) => ({ id: row.dataset.id, verdict: row.dataset.verdict, starred: row.dataset.starred === "1" });
const fill = (words, name, value) => words.replace(`{${name}}`, value);

let fading;
function toast(words, stay = false) {
  const place = document.getElementById("toast");
  place.textContent = words;
  clearTimeout(fading);
  if (!stay) fading = setTimeout(() => { place.textContent = ""; }, 4000);
}

// What an item looks like once it is decided.
function show(state) {
  const row = rowOf(state.id);
  if (!row) return;
  row.dataset.verdict = state.verdict;
  row.dataset.starred = state.starred ? "1" : "0";
  for (const button of row.querySelectorAll("button[name=verdict]"))
    button.setAttribute("aria-pressed", String(button.value === state.verdict));
  const star = row.querySelector("button.star");
  star.value = state.starred ? "0" : "1";
  star.setAttribute("aria-label", state.starred ? said.unstar : said.star);
  star.firstElementChild.textContent = state.starred ? "★" : "☆";
  row.querySelector(".said").textContent = state.verdict === "new" ? "" : said[state.verdict];
}

// The queue outlives the page: a step is taken off only when the server has answered it.
function queue() {
  try { return JSON.parse(localStorage.getItem(QUEUE)) ?? []; } catch { return []; }
}
const keep = (steps) => localStorage.setItem(QUEUE, JSON.stringify(steps));
const dropStep = (name) => keep(queue().filter((step) => step.name !== name));

function act(path, fields, before, after) {
  const name = crypto.randomUUID();
  keep([...queue(), { name, path, fields: [...fields, ["step", name]], before, after }]);
  after.forEach(show);
  return flush();
}

function flush() {
  sending ??= sendAll().finally(() => { sending = null; });
  return sending.then((sent) => {
    if (!sent) toast(fill(said.queued, "n", queue().length), true);
    return sent;
  });
}

async function sendAll() {
  for (let steps = queue(); steps.length; steps = queue()) {
    const answer = await post(steps[0].path, steps[0].fields);
    if (answer === null) {
      setTimeout(flush, RETRY_MS);
      return false;
    }
    dropStep(steps[0].name);
    if (answer.error) {
      steps[0].before.forEach(show);
      toast(fill(said.refused, "why", answer.error), true);
    }
  }
  return true;
}

// The server's answer; {error} when it refuses for good, null when it cannot be reached now.
async function post(path, fields) {
  let answer;
  try {
    answer = await fetch(path, { method: "POST", headers: { Accept: "application/json" }, body: new URLSearchParams(fields) });
  } catch { return null; }
  if (answer.status === 401) { // the session is over; what is queued waits for the next one
    location.assign(`/login?back=${encodeURIComponent(location.pathname + location.search)}`);
    return null;
  }
  if (answer.status >= 500) return null;
  const body = await answer.json().catch(() => ({ error: String(answer.status) }));
  if (answer.ok && body.waiting !== undefined) {
    const most = Number(said.countTo);
    document.getElementById("waiting").textContent = body.waiting > most ? `${most}+` : body.waiting;
  }
  return answer.ok ? body : { error: body.error ?? String(answer.status) };
}

function select(index, focus = true) {
  if (inItem || !rows.length) return;
  rows[current]?.classList.remove("current");
  current = Math.max(0, Math.min(rows.length - 1, index));
  const row = rows[current];
  row.classList.add("current");
  if (focus) row.querySelector("a.open").focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

function advance() {
  if (inItem) return;
  const next = rows.findIndex((row, index) => index > current && row.dataset.verdict === "new");
  select(next < 0 ? current + 1 : next);
}

function decide(row, verdict) {
  const before = stateOf(row);
  act(`/items/${row.dataset.id}/verdict`, [["verdict", verdict]], [before], [{ ...before, verdict }])
    .then((sent) => sent && inItem && toast(said.saved));
}

function star(row) {
  const before = stateOf(row);
  const starred = !before.starred;
  act(`/items/${row.dataset.id}/star`, [["value", starred ? "1" : "0"]], [before], [{ ...before, starred }]);
}

function markAbove() {
  const above = rows.slice(0, Math.max(current, 0)).filter((row) => row.dataset.verdict === "new");
  if (!above.length) return;
  const before = above.map(stateOf);
  const fields = [["verdict", "irrelevant"], ...above.map((row) => ["id", row.dataset.id])];
  act("/verdicts", fields, before, before.map((state) => ({ ...state, verdict: "irrelevant" })));
  toast(fill(said.markedAbove, "n", above.length));
}

async function undo() {
  if (!(await flush())) {
    const last = queue().at(-1); // never reached the server: forgetting it is undoing it
    if (last) { dropStep(last.name); last.before.forEach(show); toast(said.undone); }
    return;
  }
  const answer = await post("/undo", []);
  if (answer === null) return toast(said.offline);
  if (answer.error) return toast(fill(said.refused, "why", answer.error));
  if (answer.undone === null) return toast(said.nothingUndone);
  const here = answer.items.filter((state) => rowOf(state.id));
  if (!here.length || !["verdict", "star"].includes(answer.undone)) return location.reload();
  here.forEach(show);
  select(rows.indexOf(rowOf(here[0].id)));
  toast(said.undone);
}

async function openInPlace(row) {
  const place = row.querySelector(".opened");
  if (!place) return;
  if (!place.childElementCount) {
    const answer = await fetch(`/items/${row.dataset.id}/text.json`).catch(() => null);
    if (!answer?.ok) return toast(said.offline);
    const { paragraphs } = await answer.json();
    place.replaceChildren(...paragraphs.map((runs) => {
      const paragraph = document.createElement("p");
      paragraph.dir = "auto";
      for (const [text, rule] of runs) {
        if (!rule) { paragraph.append(text); continue; }
        const mark = document.createElement("mark");
        mark.textContent = text;
        mark.title = rule;
        paragraph.append(mark);
      }
      return paragraph;
    }));
  }
  place.hidden = !place.hidden;
  row.querySelector(".excerpt").hidden = !place.hidden;
  const below = row.getBoundingClientRect().bottom > innerHeight;
  row.scrollIntoView({ block: below && !place.hidden ? "start" : "nearest" });
}

function write(row, action) {
  row.querySelector("details.adding")?.setAttribute("open", "");
  row.querySelector(`form[data-act=${action}] input:not([type=hidden])`)?.focus();
}

// Out of a field, back to the item: a focus that is nowhere starts again at the top of the page.
function leave(field) {
  field.blur();
  rows[current]?.querySelector("a.open")?.focus({ preventScroll: true });
}

function follow(row, part) {
  if (inItem) location.hash = part;
  else location.assign(`${row.querySelector("a.open").href}#${part}`);
}

function decideAndAdvance(verdict) {
  return (row) => { decide(row, verdict); advance(); };
}

const ON_ROW = {
  o: openInPlace, Enter: openInPlace,
  v: (row) => row.querySelector("a.original")?.click(),
  r: decideAndAdvance("relevant"), a: decideAndAdvance("relevant"),
  x: decideAndAdvance("irrelevant"), l: decideAndAdvance("later"),
  m: (row) => decide(row, "new"),
  s: star, f: star,
  t: (row) => write(row, "tag"), c: (row) => write(row, "note"),
  d: (row) => follow(row, "changes"), e: (row) => follow(row, "copies"),
  X: markAbove,
};
const ANYWHERE = {
  j: () => select(current + 1), n: () => select(current + 1),
  k: () => select(current - 1), p: () => select(current - 1),
  u: undo, z: undo, Backspace: undo,
  "/": () => document.getElementById("q") ? document.getElementById("q").focus() : location.assign("/articles"),
  g: () => { prefix = Date.now(); },
  "?": () => help.showModal(),
};

if (said.role === "reader") {
  for (const key of "raxlmsftcX") delete ON_ROW[key];
  for (const key of ["u", "z", "Backspace"]) delete ANYWHERE[key];
}

const help = document.getElementById("help");
const keysOn = document.getElementById("keys-on");
keysOn.checked = localStorage.getItem(KEYS_OFF) !== "1";
keysOn.addEventListener("change", () => localStorage.setItem(KEYS_OFF, keysOn.checked ? "0" : "1"));
const helpOpen = document.getElementById("help-open");
helpOpen.hidden = false;
helpOpen.addEventListener("click", () => help.showModal());

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat && !"jknp".includes(event.key)) return;
  const typing = event.target.closest("input, textarea, select, dialog");
  if (typing) { if (event.key === "Escape" && !typing.closest("dialog")) leave(typing); return; }
  if (!keysOn.checked) return;
  if (Date.now() - prefix < 1500 && "ih".includes(event.key)) {
    location.assign(event.key === "i" ? "/" : "/health");
    return;
  }
  const row = rows[current];
  const link = event.target.closest("a, button, summary");
  if (event.key === "Enter" && link && !(row && link === row.querySelector("a.open"))) return;
  const run = ANYWHERE[event.key] ?? (row && ON_ROW[event.key]);
  if (!run) return;
  event.preventDefault();
  run(row);
});

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const action = form.dataset.act;
  if (!action) return;
  event.preventDefault();
  const row = form.closest(".row");
  if (action === "undo") return undo();
  if (row && !inItem) select(rows.indexOf(row), false);
  if (action === "verdict") {
    decide(row, event.submitter.value);
    if (event.submitter.value !== "new") advance();
    else row.querySelector("button[name=verdict]").focus(); // the one pressed is hidden now
  } else if (action === "star") star(row);
  else {
    const before = stateOf(row);
    const fields = [...new FormData(form)].filter(([name]) => name !== "back");
    form.reset();
    leave(form.querySelector("input:not([type=hidden])"));
    if (await act(form.getAttribute("action"), fields, [before], [])) {
      if (inItem) location.reload();
      else toast(said.saved);
    }
  }
});

document.addEventListener("click", (event) => {
  const row = event.target.closest(".rows .row");
  if (row && !event.target.closest("button, summary, a, input")) select(rows.indexOf(row), false);
});

const print = document.getElementById("print");
if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}

addEventListener("online", flush);
for (const step of queue()) step.after.forEach(show);
if (queue().length) flush();
if (!inItem && rows.length && matchMedia("(hover: hover)").matches) select(0, false);
