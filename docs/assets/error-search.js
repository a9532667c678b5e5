// Finds the reported failures that are most like an error message, on the page "Find your error".
// Nothing leaves the browser.
(() => {
  const WORD = /[a-z_][\w.]*[a-z_\d]|\d+(?:\.\d+)+|[[(]0[\])]/gi; // names, versions, and the sizes of empty tensors
  const MOST = 5;
  const NAME_WEIGHT = 2.5; // of names with `_` or `.`, and of empty sizes, which say more than words
  const REASON_WEIGHT = 0.5; // of words that only the reason has, not what is seen
  const LEAST = 0.3;
  // Words of sentences, and of what torch says about every size mismatch.
  const COMMON = new Set(
    ("a an and are as at be but by for from has have in is it no not of on or that the this to was with " +
      "checkpoint copying current error loading model param shape state_dict torch size.size torch.size").split(" "),
  );

  // The words of a text, the parts of names, and pairs of words that follow each other; the first one
  // follows the beginning, since messages begin with the name of the error.
  const words = (text) => {
    const found = new Set();
    let before = "";
    for (const [word] of text.toLowerCase().matchAll(WORD)) {
      if (COMMON.has(word)) continue;
      [word, ...word.split("."), ...word.split(/[._]+/)]
        .filter((part) => part.length > 2 && !COMMON.has(part))
        .forEach((part) => found.add(part));
      found.add(`${before} ${word}`);
      before = word;
    }
    return found;
  };

  // What is seen, and what only the reason adds.
  const described = (row) => {
    const seen = words(row.cells[1].textContent);
    const reason = words(row.cells[2].textContent);
    seen.forEach((word) => reason.delete(word));
    return { seen, reason };
  };

  const setUp = () => {
    const place = document.getElementById("error-search");
    if (!place || place.childElementCount) return;
    const rows = [...document.querySelectorAll(".md-typeset table tbody tr")]
      .filter((row) => row.cells.length === 4)
      .map((row) => ({ row, ...described(row) }));
    const counts = new Map();
    rows.forEach(({ seen, reason }) =>
      [...seen, ...reason].forEach((word) => counts.set(word, (counts.get(word) ?? 0) + 1)),
    );
    const weight = (word) => (/[._[(]/.test(word) ? NAME_WEIGHT : 1) * Math.log(rows.length / counts.get(word));
    const shared = (of, said) =>
      [...of].filter((word) => said.has(word)).reduce((sum, word) => sum + weight(word), 0);

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
        .map(({ row, seen, reason }) => {
          const score = shared(seen, said) + REASON_WEIGHT * shared(reason, said);
          return { row, score: score / Math.sqrt(seen.size + reason.size) };
        })
        .filter((one) => one.score > LEAST)
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
