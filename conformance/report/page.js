// Opens what a link leads to, moves between cells with the arrow keys, copies commands.
"use strict";
function reveal() {
  let target = null;
  try { target = document.getElementById(decodeURIComponent(location.hash.slice(1))); } catch { return; }
  for (let each = target; each; each = each.parentElement) {
    if (each.tagName === "DETAILS") each.open = true;
  }
  if (target) target.scrollIntoView({ block: "center" });
}
window.addEventListener("hashchange", reveal);
reveal();
for (const table of document.querySelectorAll("table.grid")) {
  table.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    const cell = event.target.closest("td");
    if (!step || !cell) return;
    let row = cell.parentElement.rowIndex, column = cell.cellIndex, next = null;
    do {
      row += step[0];
      column += step[1];
      next = table.rows[row] && table.rows[row].cells[column];
      if (next && next.querySelector("a")) { next.querySelector("a").focus(); break; }
    } while (next);
    event.preventDefault();
  });
}
for (const block of document.querySelectorAll("pre.copy")) {
  if (!navigator.clipboard) break;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(block.querySelector("code").textContent);
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  });
  block.append(button);
}
