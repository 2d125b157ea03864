// What all pages share: keys of the queue, lists that refresh themselves.
"use strict";

for (const input of document.querySelectorAll("[data-here]")) input.value = location.pathname + location.search;

// Pages that wait for the machine look again by themselves.
const again = document.querySelector("[data-again]");
if (again) setTimeout(() => location.reload(), 1000 * again.dataset.again);

const queue = document.querySelector("[data-queue]");
if (queue) {
  const rows = () => [...document.querySelectorAll("a.row")];
  addEventListener("keydown", (e) => {
    if (e.altKey || e.ctrlKey || e.metaKey || e.isComposing) return;
    const typing = e.target.matches("input:not([type=file]), textarea, select");
    if (typing) {
      if (e.key === "Escape") e.target.blur();
      return;
    }
    const all = rows();
    const at = all.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, j: at + 1, ArrowUp: Math.max(at - 1, 0), k: Math.max(at - 1, 0), Home: 0, End: all.length - 1 }[e.key];
    if (to !== undefined && all[to]) {
      all[to].focus();
      e.preventDefault();
      return;
    }
    const keyed = document.querySelector(`[data-key="${CSS.escape(e.key.toLowerCase())}"]`);
    if (keyed) {
      keyed.focus();
      if (keyed.type === "file") keyed.click();
      e.preventDefault();
    }
  });

  // While something is being read the list is fetched again; what has the
  // focus keeps it.
  const refresh = async () => {
    try {
      const answer = await fetch(location.href);
      if (answer.ok) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const focus = document.activeElement?.getAttribute("href");
        for (const part of ["#list", ".filters"]) document.querySelector(part).replaceWith(page.querySelector(part));
        if (focus) document.querySelector(`#list a[href="${CSS.escape(focus)}"]`)?.focus();
        if (!page.querySelector("[data-busy]")) return;
      }
    } catch { /* the next look may find the server again */ }
    setTimeout(refresh, 3000);
  };
  if ("busy" in queue.dataset) setTimeout(refresh, 2000);

  const upload = document.querySelector("[data-upload]");
  upload?.addEventListener("submit", () => {
    const status = upload.querySelector("[data-busy-text]");
    status.textContent = status.dataset.busyText;
  });
  upload?.querySelector("input[type=file]").addEventListener("change", () => upload.requestSubmit());
}
