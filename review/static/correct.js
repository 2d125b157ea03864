// The page in which a reviewer works. The server sends the panel of a field;
// this script shows the field on the page picture, sends what was decided, and
// keeps what was typed until the server has it.
"use strict";

const holder = document.getElementById("panel");
const help = document.querySelector("dialog.help");

// The panel.

const field = () => holder.querySelector("form[data-field]");
const input = () => field()?.elements.text;
const draftName = () => { const p = holder.querySelector(".panel"); return `draft:${main.dataset.document}:${p.dataset.path}`; };

function grow(area) {
  area.style.height = "auto";
  area.style.height = Math.min(area.scrollHeight + 2, 260) + "px";
}

// show readies a panel that has just come.
function show() {
  const panel = holder.querySelector(".panel");
  places = JSON.parse(panel.dataset.places) || [];
  place = 0;
  turn = 0;
  point();
  history.replaceState(null, "", panel.dataset.url);
  const area = input();
  if (area) {
    const draft = remember.get(draftName());
    if (draft && draft.text !== area.value && !area.readOnly) {
      area.value = draft.text;
      const note = document.createElement("small");
      note.className = "muted draft";
      note.textContent = main.dataset.draft;
      area.after(note);
      read();
    }
    grow(area);
  }
  holder.querySelector("[data-focus]")?.focus();
}

function replace(html) {
  holder.innerHTML = html;
  show();
}

// One thing is under way at a time.

let sending = false;

holder.addEventListener("submit", async (e) => {
  const form = e.target;
  if (!form.matches("[data-field]")) return;
  e.preventDefault();
  if (sending) return;
  const button = e.submitter || form.querySelector("[data-key=enter]");
  const body = new URLSearchParams(new FormData(form, button));
  if (!body.has("action")) body.set("action", "accept");
  const draft = draftName(), mark = performance.now();
  sending = true;
  holder.classList.add("busy");
  try {
    const answer = await send(button.getAttribute("formaction") || form.getAttribute("action"), body);
    const text = await answer.text();
    if (answer.ok) {
      const path = body.get("path");
      replace(text);
      // Complaints bring the same field again; then the draft stays.
      if (holder.querySelector(".panel").dataset.path !== path || body.get("action") === "undo") remember.drop(draft);
      else if (input()) input().focus();
      main.dataset.took = Math.round(performance.now() - mark);
    } else if (answer.status === 401) {
      location.href = "/login?to=" + encodeURIComponent(location.pathname + location.search);
    } else {
      form.querySelector("#error").textContent = text;
    }
  } finally {
    sending = false;
    holder.classList.remove("busy");
  }
});

// Reading back and proposing, while somebody types.

let timer = 0, asked = 0;

async function ask(what) {
  const form = field(), q = new URLSearchParams({ path: form.elements.path.value, text: input().value });
  const answer = await fetch(`${base}/${what}?${q}`, { headers: { "X-Sohoa": "fragment" } });
  if (!answer.ok) throw new Error(answer.status);
  return answer.json();
}

async function read() {
  const mine = ++asked;
  try {
    const r = await ask("read");
    if (mine !== asked || !field()) return;
    field().querySelector("#read").textContent = r.Read;
    field().querySelector("#error").textContent = r.Error;
    input().setAttribute("aria-invalid", r.Error ? "true" : "false");
  } catch { /* only a help */ }
}

let marked = 0;

async function propose() {
  const area = input(), typed = area.value;
  let all = [];
  try { all = await ask("suggest"); } catch { /* only a help */ }
  if (input() !== area || area.value !== typed || document.activeElement !== area) return;
  const list = document.getElementById("proposals");
  list.replaceChildren(...all.map((text, i) => {
    const li = document.createElement("li");
    li.setAttribute("role", "option");
    li.id = "proposal-" + i;
    li.textContent = text;
    return li;
  }));
  marked = 0;
  mark();
}

function mark() {
  const list = document.getElementById("proposals"), area = input();
  list.hidden = !list.children.length;
  area.setAttribute("aria-expanded", String(!list.hidden));
  [...list.children].forEach((li, i) => li.setAttribute("aria-selected", String(i === marked)));
  if (list.hidden) area.removeAttribute("aria-activedescendant");
  else area.setAttribute("aria-activedescendant", "proposal-" + marked);
}

function closeProposals() {
  const list = document.getElementById("proposals");
  if (list) { list.replaceChildren(); mark(); }
}

function put(text) {
  const area = input();
  if (!area || area.readOnly) return;
  area.value = text;
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

function take() {
  const li = document.getElementById("proposals").children[marked];
  if (!li) return false;
  put(li.textContent);
  clearTimeout(timer);
  closeProposals();
  read();
  return true;
}

holder.addEventListener("input", (e) => {
  if (e.target !== input()) return;
  grow(e.target);
  remember.set(draftName(), { text: e.target.value, at: Date.now() });
  clearTimeout(timer);
  timer = setTimeout(() => { read(); if (document.activeElement === input()) propose(); }, 90);
});
holder.addEventListener("focusout", (e) => { if (e.target === input()) setTimeout(() => { if (document.activeElement !== input()) closeProposals(); }, 150); });
holder.addEventListener("mousedown", (e) => {
  const li = e.target.closest("#proposals li");
  if (!li) return;
  e.preventDefault();
  marked = [...li.parentNode.children].indexOf(li);
  take();
});
holder.addEventListener("click", (e) => {
  const b = e.target.closest("[data-take]");
  if (b) put(b.dataset.take);
});

// Keys. In the input they type, elsewhere they act; with Alt they always act.

const altOnly = help.querySelector("[data-alt]");
altOnly.checked = remember.get("alt", false);
altOnly.addEventListener("change", () => remember.set("alt", altOnly.checked));

const moves = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

function act(key) {
  switch (key) {
    case "?": case "h": help.showModal(); return true;
    case "+": case "=": change("larger"); return true;
    case "-": case "−": change("smaller"); return true;
    case "0": change("fit"); return true;
    case "r": change("turn"); return true;
    case "n": change("place"); return true;
    case "g": return askAgain();
    case "q": location.href = "/"; return true;
    case "t": { const tab = document.querySelector("[data-tab=table]"); if (tab) location.href = tab.href; return true; }
    case "e": case " ": { const area = input(); if (!area) return false; area.focus(); area.setSelectionRange(area.value.length, area.value.length); return true; }
  }
  if (moves[key]) {
    sheets.scrollBy({ left: moves[key][0] * 80, top: moves[key][1] * 80, behavior: "instant" });
    return true;
  }
  const button = holder.querySelector(`[data-key="${CSS.escape(key)}"]`);
  button?.click();
  return !!button;
}

addEventListener("keydown", (e) => {
  // Input methods use keys of their own while they compose a letter.
  if (e.isComposing || e.keyCode === 229 || e.ctrlKey || e.metaKey || document.querySelector("dialog[open]")) return;
  const key = e.key.length === 1 ? e.key.toLowerCase() : e.key;
  if (e.altKey) {
    if (e.key.length === 1 && act(key)) e.preventDefault();
    return;
  }
  const area = input();
  if (e.target === area) {
    const list = document.getElementById("proposals");
    switch (e.key) {
      case "Enter":
        if (!e.shiftKey) { e.preventDefault(); act("enter"); }
        return;
      case "Escape":
        e.preventDefault();
        if (list.hidden) area.blur(); else closeProposals();
        return;
      case "Tab":
        if (!e.shiftKey && !list.hidden && take()) e.preventDefault();
        return;
      case "ArrowDown": case "ArrowUp":
        if (list.hidden) return;
        marked = (marked + (e.key === "ArrowDown" ? 1 : list.children.length - 1)) % list.children.length;
        mark();
        e.preventDefault();
    }
    return;
  }
  if (e.target.matches("input, select, textarea")) return;
  if (e.target.matches("button, a, summary") && (e.key === "Enter" || e.key === " ")) return;
  if (altOnly.checked && e.key.length === 1) return;
  if (act(e.key === "Enter" ? "enter" : key)) e.preventDefault();
});

// A reviewer at work keeps the document.

let active = Date.now();
for (const kind of ["keydown", "pointerdown"]) addEventListener(kind, () => { active = Date.now(); }, { passive: true });
setInterval(() => {
  if (Date.now() - active < 120000 && field() && !input()?.readOnly) fetch(`${base}/claim`, { method: "POST", headers: { "X-Sohoa": "fragment" } }).catch(() => {});
}, 60000);

// Drafts that nobody came back for.
for (const name of Object.keys(localStorage)) {
  if (!name.startsWith("sohoa:draft:")) continue;
  const draft = remember.get(name.slice(6));
  if (!draft || Date.now() - draft.at > 7 * 24 * 3600 * 1000) localStorage.removeItem(name);
}

show();
