// Group check by keyboard: the crops are gone through with the arrows, X picks
// one out.
"use strict";

const boxes = [...document.querySelectorAll(".odd input[type=checkbox]")];
const form = document.querySelector(".group-form");
boxes[0]?.focus();

addEventListener("keydown", (e) => {
  if (e.altKey || e.ctrlKey || e.metaKey || !boxes.length) return;
  const at = boxes.indexOf(document.activeElement);
  if (at < 0 && e.target.matches("a, button, input, summary")) return;
  // As many stand in a line as share the first one's height on the screen.
  const top = (b) => b.closest(".odd").offsetTop;
  const line = boxes.filter((b) => top(b) === top(boxes[0])).length;
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, ArrowDown: at + line, ArrowUp: at - line, Home: 0, End: boxes.length - 1 }[e.key];
  if (to !== undefined) { boxes[to]?.focus(); e.preventDefault(); return; }
  if (e.key.toLowerCase() === "x" && at >= 0) { boxes[at].checked = !boxes[at].checked; e.preventDefault(); }
  if (e.key === "Enter" && form.querySelector("[data-key=enter]")) { form.requestSubmit(); e.preventDefault(); }
});
