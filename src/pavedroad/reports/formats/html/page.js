"use strict";
// Adds sorting and filtering to a page that is complete without them.
(() => {
  const table = document.getElementById("findings-table");
  document.documentElement.classList.add("js");
  const openFromHash = () => {
    const row = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    const details = row && row.querySelector("details");
    if (details) details.open = true;
  };
  addEventListener("hashchange", openFromHash);
  addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((d) => { d.open = true; }));
  openFromHash();
  if (!table) return;

  const groups = [...table.tBodies];
  const key = (row, index) => row.cells[index].dataset.sort || row.cells[index].textContent.trim();
  const compare = (a, b) => a.localeCompare(b, "en", { numeric: true, sensitivity: "base" });

  const sortBy = (header) => {
    const index = header.cellIndex;
    const down = header.getAttribute("aria-sort") === "ascending";
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    header.setAttribute("aria-sort", down ? "descending" : "ascending");
    for (const group of groups) {
      const rows = [...group.querySelectorAll("tr.finding")];
      rows.sort((a, b) => compare(key(a, index), key(b, index)) * (down ? -1 : 1));
      group.append(...rows);
    }
  };
  for (const header of table.tHead.rows[0].cells) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...header.childNodes);
    header.append(button);
    button.addEventListener("click", () => sortBy(header));
  }

  const words = document.getElementById("filter-text");
  const severity = document.getElementById("filter-severity");
  const kind = document.getElementById("filter-kind");
  const told = document.getElementById("filter-told");
  const filter = () => {
    const wanted = words.value.trim().toLowerCase();
    let shown = 0, all = 0;
    for (const group of groups) {
      let here = 0;
      for (const row of group.querySelectorAll("tr.finding")) {
        const hit = (!severity.value || row.dataset.severity === severity.value)
          && (!kind.value || row.dataset.kind === kind.value)
          && (!wanted || row.textContent.toLowerCase().includes(wanted));
        row.hidden = !hit;
        all += 1;
        if (hit) here += 1;
      }
      group.hidden = here === 0;
      shown += here;
    }
    told.textContent = shown === all ? `All ${all} findings are shown.` : `${shown} of ${all} findings are shown.`;
  };
  for (const field of [words, severity, kind]) field.addEventListener("input", filter);
  document.getElementById("filters").addEventListener("reset", () => setTimeout(filter));
})();
