// What the correction and the table page share: the page pictures with the boxes
// of a field, and sending that outlives a lost connection.
"use strict";

const main = document.querySelector("main.correct");
const sheets = document.querySelector(".sheets");
const offline = document.querySelector(".offline");
const base = `/d/${main.dataset.document}`;
const remember = {
  get(name, otherwise) { try { return JSON.parse(localStorage.getItem("sohoa:" + name)) ?? otherwise; } catch { return otherwise; } },
  set(name, value) { try { localStorage.setItem("sohoa:" + name, JSON.stringify(value)); } catch { /* a full or forbidden storage costs drafts, not work */ } },
  drop(name) { try { localStorage.removeItem("sohoa:" + name); } catch { /* likewise */ } },
};

// The picture.

let zoom = remember.get("zoom", 1.25);
let turn = 0;
let places = []; // of the field: {page, box}
let place = 0;

function fit() {
  for (const sheet of sheets.querySelectorAll(".sheet:not([hidden])")) {
    const svg = sheet.querySelector("svg");
    const w = +sheet.dataset.width, h = +sheet.dataset.height;
    const inner = svg.querySelector("g.turned") || svg.insertBefore(document.createElementNS(svg.namespaceURI, "g"), svg.firstChild);
    if (!inner.classList.contains("turned")) {
      inner.classList.add("turned");
      inner.append(...[...svg.children].filter((c) => c !== inner));
    }
    const moved = { 0: "", 90: `translate(${h} 0) rotate(90)`, 180: `translate(${w} ${h}) rotate(180)`, 270: `translate(0 ${w}) rotate(270)` }[turn];
    inner.setAttribute("transform", moved);
    const [across, down] = turn % 180 ? [h, w] : [w, h];
    svg.setAttribute("viewBox", `0 0 ${across} ${down}`);
    const wide = Math.round((sheets.clientWidth - 8) * zoom);
    svg.setAttribute("width", wide);
    svg.setAttribute("height", Math.round(wide * down / across));
    const need = wide * (window.devicePixelRatio || 1);
    const width = [900, 1400, 2400].find((x) => x >= need) || 2400;
    const image = svg.querySelector("image");
    // A sharper picture replaces a coarser one, never the other way round.
    if (width > (+image.dataset.width || 0)) {
      image.dataset.width = width;
      image.setAttribute("href", `${base}/v/${main.dataset.version}/page/${sheet.dataset.page}?width=${width}`);
    }
  }
}

function point() {
  const pages = new Set(places.map((p) => p.page));
  if (!pages.size) pages.add(+sheets.querySelector(".sheet")?.dataset.page);
  for (const sheet of sheets.querySelectorAll(".sheet")) {
    sheet.hidden = !pages.has(+sheet.dataset.page);
    const g = sheet.querySelector("g.boxes");
    g.replaceChildren();
    places.forEach((p, i) => {
      if (p.page !== +sheet.dataset.page) return;
      const rect = document.createElementNS(g.namespaceURI, "rect");
      const [x0, y0, x1, y1] = p.box, more = Math.max(3, sheet.dataset.width / 400);
      for (const [k, v] of Object.entries({ x: x0 - more, y: y0 - more, width: x1 - x0 + 2 * more, height: y1 - y0 + 2 * more, rx: more })) rect.setAttribute(k, v);
      rect.dataset.place = i;
      g.append(rect);
    });
  }
  const counter = document.querySelector("[data-places]");
  counter.textContent = places.length > 1 ? `${place + 1}/${places.length}` : "";
  counter.closest("button").disabled = places.length < 2;
  fit();
  look();
}

// look moves the view to the current place of the field.
function look() {
  const rect = sheets.querySelector(`rect[data-place="${place}"]`);
  for (const r of sheets.querySelectorAll("rect")) r.classList.toggle("current", r === rect);
  if (!rect) return;
  const box = rect.getBoundingClientRect(), frame = sheets.getBoundingClientRect();
  const to = (size, from, length, room) => from + (length < room * 0.9 ? (length - room) / 2 : -room * 0.05);
  sheets.scrollBy({
    top: to(0, box.top - frame.top, box.height, frame.height),
    left: to(0, box.left - frame.left, box.width, frame.width),
    behavior: "instant",
  });
}

const picture = {
  larger() { zoom = Math.min(zoom * 1.25, 6); },
  smaller() { zoom = Math.max(zoom / 1.25, 0.3); },
  fit() { zoom = 1; turn = 0; },
  turn() { turn = (turn + 90) % 360; },
  place() { if (places.length) place = (place + 1) % places.length; },
};

function change(what) {
  picture[what]();
  remember.set("zoom", zoom);
  point();
}

document.querySelector(".tools").addEventListener("click", (e) => {
  const what = e.target.closest("[data-do]")?.dataset.do;
  if (what) change(what);
});
// Reading a page again: the dialog begins with the page in view.

const rereading = document.querySelector("dialog.reread");

function askAgain() {
  if (!rereading) return false;
  const shown = places[place]?.page || sheets.querySelector(".sheet:not([hidden])")?.dataset.page;
  if (shown) rereading.querySelector("[name=page]").value = shown;
  rereading.showModal();
  return true;
}

document.querySelector("[data-reread]")?.addEventListener("click", askAgain);
rereading?.querySelector("[data-cancel]").addEventListener("click", () => rereading.close());
rereading?.querySelector("fieldset").addEventListener("input", () => { rereading.querySelector("[value=page]").checked = true; });

addEventListener("resize", () => { fit(); look(); });

// Sending. When the connection is lost the same is sent again until it arrives.
// The server knows a repetition by the content that it finds.

async function send(url, body) {
  for (let wait = 500; ; wait = Math.min(wait * 2, 8000)) {
    try {
      const answer = await fetch(url, { method: "POST", body, headers: { "X-Sohoa": "fragment" } });
      if (answer.status < 502 || answer.status > 504) {
        if (!offline.hidden) {
          offline.textContent = main.dataset.online;
          setTimeout(() => { offline.hidden = true; }, 1500);
        }
        return answer;
      }
    } catch { /* no connection */ }
    offline.textContent = main.dataset.offline;
    offline.hidden = false;
    await new Promise((done) => {
      const timer = setTimeout(done, wait);
      addEventListener("online", () => { clearTimeout(timer); done(); }, { once: true });
    });
  }
}
