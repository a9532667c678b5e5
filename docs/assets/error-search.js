// Finds the reported failures that are most like an error message, on the page "Find your error".
// Nothing leaves the browser.
(() => {
  const WORD = /[a-z_][\w.]*[a-z_\d]|\d+(?:\.\d+)+/gi;
  const MOST = 5;
  const NAME_WEIGHT = 2.5; // of names with `_` or `.`, which say more than words
  // Words of sentences, and of what torch says about every size mismatch.
  const COMMON = new Set(
    ("a an and are as at be but by for from has have in is it no not of on or that the this to was with " +
      "checkpoint copying current error loading model param shape torch size.size torch.size").split(" "),
  );

  const words = (text) => {
    const found = new Set();
    for (const [word] of text.matchAll(WORD)) {
      const lower = word.toLowerCase();
      [lower, ...lower.split(/[._]+/)]
        .filter((part) => part.length > 2 && !COMMON.has(part))
        .forEach((part) => found.add(part));
    }
    return found;
  };

  const setUp = () => {
    const place = document.getElementById("error-search");
    if (!place || place.childElementCount) return;
    const rows = [...document.querySelectorAll(".md-typeset table tbody tr")]
      .filter((row) => row.cells.length === 4)
      .map((row) => ({ row, words: words(`${row.cells[1].textContent} ${row.cells[2].textContent}`) }));
    const counts = new Map();
    rows.forEach((one) => one.words.forEach((word) => counts.set(word, (counts.get(word) ?? 0) + 1)));

    const label = document.createElement("label");
    label.textContent = "Error message";
    const field = document.createElement("textarea");
    field.rows = 4;
    field.placeholder = "RuntimeError: Error(s) in loading state_dict … size mismatch for …";
    label.append(field);
    const answers = document.createElement("div");
    answers.setAttribute("aria-live", "polite");
    place.append(label, answers);

    field.addEventListener("input", () => {
      const said = words(field.value);
      const ranked = rows
        .map((one) => {
          let score = 0;
          one.words.forEach((word) => {
            const weight = /[._]/.test(word) ? NAME_WEIGHT : 1;
            if (said.has(word)) score += weight * Math.log(rows.length / counts.get(word));
          });
          return { ...one, score: score / Math.sqrt(one.words.size) };
        })
        .filter((one) => one.score > 0.3)
        .sort((a, b) => b.score - a.score)
        .slice(0, MOST);
      const table = document.createElement("table");
      const body = table.createTBody();
      ranked.forEach(({ row }) => body.append(row.cloneNode(true)));
      const nothing = document.createElement("p");
      nothing.textContent = field.value.trim() ? "Nothing like it is known." : "";
      answers.replaceChildren(ranked.length ? table : nothing);
    });
  };

  if (window.document$) window.document$.subscribe(setUp);
  else if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", setUp);
  else setUp();
})();
