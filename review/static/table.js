// The table as a grid: cells are gone through with the arrows and edited in
// place, rows are moved, joined, split, added and removed.
"use strict";

const grids = document.getElementById("grids");
const help = document.querySelector("dialog.help");
const errorLine = document.getElementById("error");
const readLine = document.getElementById("read");
const mayChange = "change" in main.dataset;

const items = () => [...grids.querySelectorAll(".item")];
const rowOf = (item) => item.closest("tr[data-row]");
let current = null;

function go(item) {
  if (!item) return;
  if (current) current.tabIndex = -1;
  current = item;
  item.tabIndex = 0;
  item.focus({ preventScroll: true });
  item.scrollIntoView({ block: "nearest", inline: "nearest" });
  for (const tr of grids.querySelectorAll("tr.at")) tr.classList.remove("at");
  rowOf(item).classList.add("at");
  readLine.textContent = item.title;
  places = JSON.parse(item.dataset.places || "[]") || [];
  place = 0;
  if (!places.length) { // an empty cell: show its row
    for (const other of rowOf(item).querySelectorAll(".item")) places.push(...(JSON.parse(other.dataset.places || "[]") || []));
  }
  point();
}

function step(item, down, across) {
  if (across) {
    const row = [...rowOf(item).querySelectorAll(".item")];
    return row[row.indexOf(item) + across];
  }
  const cell = item.closest("td").cellIndex;
  let tr = rowOf(item);
  do tr = down > 0 ? tr.nextElementSibling : tr.previousElementSibling; while (tr && !tr.dataset.row);
  return tr?.cells[cell]?.querySelector(".item");
}

function edit(item) {
  if (!mayChange || item.querySelector("textarea")) return;
  const area = document.createElement("textarea");
  area.value = item.dataset.draft ?? item.textContent;
  area.lang = "vi";
  area.rows = 1;
  area.setAttribute("aria-label", grids.querySelector("thead").rows[0].cells[item.closest("td").cellIndex]?.textContent || "");
  item.dataset.was = item.textContent;
  item.replaceChildren(area);
  const fitArea = () => { area.style.height = "auto"; area.style.height = area.scrollHeight + 2 + "px"; };
  area.addEventListener("input", () => { item.dataset.draft = area.value; fitArea(); });
  fitArea();
  area.focus();
  area.select();
}

function leave(item, text) {
  item.textContent = text;
  delete item.dataset.draft;
  delete item.dataset.force;
  errorLine.textContent = "";
}

async function save(item, then) {
  const area = item.querySelector("textarea"), text = area.value;
  area.readOnly = true;
  const body = new URLSearchParams({ path: item.dataset.path, base: item.dataset.base, text, force: item.dataset.force || "" });
  const answer = await send(`${base}/cell`, body);
  area.readOnly = false;
  if (!answer.ok) { errorLine.textContent = await answer.text(); area.focus(); return; }
  const a = await answer.json();
  if (a.Error || a.Now) {
    errorLine.textContent = a.Error || a.Now;
    item.dataset.force = text.trim().split(/\s+/).join(" ");
    if (a.Now) item.dataset.base = a.Base;
    area.focus();
    return;
  }
  leave(item, a.Text);
  Object.assign(item.dataset, { base: a.Base, level: "", state: a.State });
  item.title = "";
  go(then || item);
  readLine.textContent = a.Read;
}

async function rows(action, more = {}) {
  // The rows of a table without a report type are no records.
  if (!mayChange || !current || (action !== "undo" && current.dataset.path.startsWith("tables/"))) return;
  const row = rowOf(current).dataset.row, cell = current.closest("td").cellIndex;
  const url = action === "undo" ? `${base}/undo` : `${base}/rows`;
  const answer = await send(url, new URLSearchParams({ row, action, ...more }));
  if (!answer.ok) { errorLine.textContent = await answer.text(); return; }
  let focus = row;
  if (action !== "undo") focus = (await answer.json()).focus;
  await reload(focus, cell + ({ "cell-left": -1, "cell-right": 1 }[action] || 0));
}

// moveCell moves the text of a cell, or what the cursor cuts off, to the next
// cell in the direction of an arrow key.
function moveCell(item, key, area) {
  const action = { ArrowLeft: "cell-left", ArrowRight: "cell-right", ArrowUp: "cell-up", ArrowDown: "cell-down" }[key];
  const parts = {};
  if (area) {
    const before = area.value.slice(0, area.selectionStart), after = area.value.slice(area.selectionStart);
    [parts.text, parts.rest] = key === "ArrowLeft" || key === "ArrowUp" ? [after, before] : [before, after];
    if (!parts.rest.trim()) return;
  }
  rows(action, { path: item.dataset.path, ...parts });
}

async function reload(row, cell) {
  const answer = await fetch(location.href);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  grids.replaceChildren(...page.getElementById("grids").childNodes);
  current = null;
  errorLine.textContent = "";
  const tr = grids.querySelector(`tr[data-row="${CSS.escape(row)}"]`);
  go(tr?.cells[cell]?.querySelector(".item") || items()[0]);
}

grids.addEventListener("click", (e) => {
  const item = e.target.closest(".item") || e.target.closest("td")?.querySelector(".item");
  if (item && !item.querySelector("textarea")) go(item);
});
grids.addEventListener("dblclick", (e) => { const item = e.target.closest(".item"); if (item) edit(item); });
document.querySelector(".grid-side .tools")?.addEventListener("click", (e) => {
  const action = e.target.closest("[data-row]")?.dataset.row;
  if (action) rows(action);
});

addEventListener("keydown", (e) => {
  if (e.isComposing || e.keyCode === 229 || document.querySelector("dialog[open]") || e.metaKey) return;
  const area = e.target.closest?.("textarea");
  if (area) {
    const item = area.closest(".item");
    if (e.altKey && e.key.startsWith("Arrow")) { moveCell(item, e.key, area); e.preventDefault(); return; }
    if (e.key === "Escape") { leave(item, item.dataset.was); go(item); e.preventDefault(); }
    if (e.key === "Enter" && !e.shiftKey) {
      e.preventDefault();
      if (e.ctrlKey) rows("split", { path: item.dataset.path, text: area.value.slice(0, area.selectionStart), rest: area.value.slice(area.selectionStart) });
      else save(item, step(item, 1, 0));
    }
    if (e.key === "Tab") { e.preventDefault(); save(item, step(item, 0, e.shiftKey ? -1 : 1)); }
    return;
  }
  if (e.ctrlKey || !current || e.target.matches("input, button, a, summary, select")) {
    if (!(e.target.matches("button, a, summary") && e.key !== "Enter" && e.key !== " ")) return;
  }
  const act = () => {
    if (e.altKey) {
      if (e.key === "ArrowLeft" || e.key === "ArrowRight" || e.shiftKey && e.key.startsWith("Arrow")) return moveCell(current, e.key), true;
      if (e.key === "ArrowUp") return rows("up"), true;
      if (e.key === "ArrowDown") return rows("down"), true;
      return false;
    }
    switch (e.key.length === 1 ? e.key.toLowerCase() : e.key) {
      case "ArrowUp": go(step(current, -1, 0)); return true;
      case "ArrowDown": go(step(current, 1, 0)); return true;
      case "ArrowLeft": go(step(current, 0, -1)); return true;
      case "ArrowRight": go(step(current, 0, 1)); return true;
      case "Home": go(items()[0]); return true;
      case "End": go(items().at(-1)); return true;
      case "Enter": case "F2": case "e": edit(current); return true;
      case "n": {
        const all = items(), at = all.indexOf(current);
        go([...all.slice(at + 1), ...all.slice(0, at)].find((i) => i.dataset.state === "needs_review"));
        return true;
      }
      case "c": location.href = `${base}?path=${encodeURIComponent(current.dataset.path)}`; return true;
      case "j": rows("join"); return true;
      case "a": rows("add"); return true;
      case "u": rows("undo"); return true;
      case "Delete": rows("remove"); return true;
      case "g": return askAgain();
      case "q": location.href = "/"; return true;
      case "?": help.showModal(); return true;
      case "+": case "=": change("larger"); return true;
      case "-": change("smaller"); return true;
      case "0": change("fit"); return true;
      case "r": change("turn"); return true;
    }
    return false;
  };
  if (act()) e.preventDefault();
});

const first = items().find((i) => i.dataset.state === "needs_review") || items()[0];
if (first) go(first); else point();
