// Words for the cell under the pointer or the focus; arrow keys go from cell to cell.
"use strict";

const tip = document.getElementById("tip");
const GAP = 6;

function show(cell) {
  tip.textContent = cell.getAttribute("aria-label");
  tip.hidden = false;
  const at = cell.getBoundingClientRect();
  const left = Math.min(at.left, document.documentElement.clientWidth - tip.offsetWidth - GAP);
  const below = at.bottom + GAP;
  const fits = below + tip.offsetHeight < window.innerHeight;
  tip.style.left = `${Math.max(left, GAP)}px`;
  tip.style.top = `${fits ? below : at.top - tip.offsetHeight - GAP}px`;
}

function hide() {
  tip.hidden = true;
}

function beside(cell, down, right) {
  const row = cell.parentElement.parentElement.rows[cell.parentElement.sectionRowIndex + down];
  let next = row?.cells[cell.cellIndex + right];
  while (next && !next.hasAttribute("aria-label")) {
    if (next.tagName === "TH") return null;
    if (down) return beside(next, down, 0);
    next = row.cells[next.cellIndex + right];
  }
  return next;
}

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

function move(event, grid) {
  const cell = event.target.closest("td");
  if (event.key === "Escape") return hide();
  const step = STEPS[event.key];
  const next = cell && step && beside(cell, ...step);
  if (!step) return;
  event.preventDefault();
  if (!next) return;
  grid.querySelector("[tabindex='0']").tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
}

for (const grid of document.querySelectorAll("table.grid")) {
  const first = grid.querySelector("td[aria-label]");
  if (first) first.tabIndex = 0;
  grid.addEventListener("keydown", (event) => move(event, grid));
  for (const begin of ["pointerover", "focusin"]) {
    grid.addEventListener(begin, ({ target }) => {
      const cell = target.closest("td[aria-label]");
      if (cell) show(cell);
      else hide();
    });
  }
  grid.addEventListener("pointerleave", hide);
  grid.addEventListener("focusout", hide);
}
addEventListener("scroll", hide, { capture: true, passive: true });
