// Filters by run, method, law and verdict, kept in the address; opens what a link leads to; copies.
"use strict";
const form = document.getElementById("filters");
const fields = ["backend", "method", "law", "verdict"].map((name) => form.elements[name]);
const unfold = document.getElementById("unfold");
const groups = [...document.querySelectorAll(".matrix tbody, details.method")];
const others = [...document.querySelectorAll(".failure, .plain tr[data-m]")];
const columns = [...document.querySelectorAll("[data-b]")];
const unfolded = new Set();

function chosen() {
  const [backend, method, law, verdict] = fields;
  const option = verdict.selectedOptions[0];
  return {
    backend: backend.selectedIndex > 0 ? String(backend.selectedIndex - 1) : "",
    method: method.value,
    law: law.value,
    verdicts: (option.dataset.of || option.value).split(" ").filter(Boolean),
  };
}

function meets(item, want) {
  const { b, m, l, v } = item.dataset;
  return !(want.backend && b !== undefined && b !== want.backend)
    && !(want.method && m !== undefined && m !== want.method)
    && !(want.law && l !== undefined && l !== want.law)
    && !(want.verdicts.length && v !== undefined && !want.verdicts.includes(v));
}

function judge(row, want) {
  return [...row.querySelectorAll("[data-v]")].filter((cell) => meets(cell, want)).length;
}

function filterGroup(group, want, tally) {
  const matrix = group.tagName === "TBODY";
  const narrow = Boolean(want.method || want.law || want.verdicts.length);
  let found = 0;
  for (const row of group.querySelectorAll("tr[data-l]")) {
    const count = meets(row, want) ? judge(row, want) : 0;
    found += count;
    row.hidden = !count || (matrix && !narrow && !unfolded.has(group));
  }
  const whole = matrix ? group.rows[0] : group.querySelector("summary");
  const itself = !want.law && judge(whole, want) > 0;
  group.hidden = !meets(group, want) || !(found || itself);
  if (!matrix && want.method && !group.hidden) group.open = true;
  if (!matrix || group.hidden) return;
  tally.methods += 1;
  tally.verdicts += found;
  const button = whole.querySelector("button");
  button.setAttribute("aria-expanded", String(narrow ? found > 0 : unfolded.has(group)));
  button.disabled = narrow;
}

function apply() {
  const want = chosen();
  const tally = { verdicts: 0, methods: 0, failures: 0 };
  for (const each of columns) each.hidden = Boolean(want.backend) && each.dataset.b !== want.backend;
  for (const group of groups) filterGroup(group, want, tally);
  for (const each of others) {
    each.hidden = !meets(each, want);
    if (!each.hidden && each.className === "failure") tally.failures += 1;
  }
  for (const field of fields) field.classList.toggle("set", field.value !== "");
  document.getElementById("nothing").hidden = tally.methods > 0;
  tell(tally);
}

const total = {
  verdicts: document.querySelectorAll(".matrix tr[data-l] [data-v]").length,
  methods: document.querySelectorAll(".matrix tbody").length,
  failures: document.querySelectorAll(".failure").length,
};

function tell(tally) {
  const told = Object.keys(total).map((name) => `${tally[name]} of ${total[name]} ${name}`);
  document.getElementById("count").textContent = `Shown: ${told.join(", ")}.`;
}

function remember() {
  const kept = new URLSearchParams();
  for (const field of fields) if (field.value) kept.set(field.name, field.value);
  const words = kept.toString();
  history.replaceState(null, "", words ? `#${words}` : location.pathname + location.search);
}

function recall() {
  const words = location.hash.slice(1);
  if (words && !words.includes("=")) return false;
  const kept = new URLSearchParams(words);
  for (const field of fields) {
    field.value = kept.get(field.name) || "";
    if (field.selectedIndex < 0) field.value = "";
  }
  apply();
  return words !== "";
}

function reset() {
  for (const field of fields) field.value = "";
  apply();
}

function reveal() {
  let target = null;
  try { target = document.getElementById(decodeURIComponent(location.hash.slice(1))); } catch { return; }
  if (!target) return;
  if (target.closest("[hidden]")) reset();
  for (let each = target; each; each = each.parentElement) {
    if (each.tagName === "DETAILS") each.open = true;
  }
  target.focus({ preventScroll: true });
  target.scrollIntoView({ block: target.offsetHeight > innerHeight / 2 ? "start" : "center" });
}

function foldable(group) {
  const head = group.rows[0].cells[0];
  const button = document.createElement("button");
  button.type = "button";
  button.setAttribute("aria-label", `laws of ${group.dataset.m}`);
  button.addEventListener("click", () => {
    if (!unfolded.delete(group)) unfolded.add(group);
    apply();
  });
  head.prepend(button);
}

function copyable(block) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    const code = block.querySelector("code");
    try {
      await navigator.clipboard.writeText(code.textContent);
    } catch {
      getSelection().selectAllChildren(code);
      document.execCommand("copy");
    }
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  });
  block.append(button);
}

document.querySelectorAll(".matrix tbody").forEach(foldable);
document.querySelectorAll("pre.copy").forEach(copyable);
form.hidden = false;
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("input", () => { remember(); apply(); });
document.getElementById("reset").addEventListener("click", () => { reset(); remember(); });
unfold.addEventListener("click", () => {
  const open = unfolded.size < groups.length;
  unfolded.clear();
  if (open) groups.forEach((group) => unfolded.add(group));
  unfold.textContent = open ? "Hide laws" : "Show all laws";
  apply();
});
window.addEventListener("hashchange", () => { if (!recall()) reveal(); });
if (!recall()) { apply(); reveal(); }
