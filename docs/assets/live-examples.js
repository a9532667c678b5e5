// Puts editors below the examples on the pages of rules, on a site that was built with `--live`.
// They use the engine of the page without a server, which lies beside the pages.
(() => {
  const ROOT = new URL("../", document.currentScript.src);
  const TITLES = ["Reported", "Not reported"];

  const isTitle = (element) =>
    element.tagName === "P" &&
    element.firstChild?.nodeName === "STRONG" &&
    TITLES.includes(element.firstChild.textContent);

  const setUp = async () => {
    const last = document.querySelector("details.examples[data-rule]");
    if (!last || last.dataset.live) return;
    last.dataset.live = "";
    const answer = await fetch(new URL(`rules/${last.dataset.rule}/examples.json`, ROOT));
    const examples = await answer.json();
    const titles = [...last.parentElement.children].filter(isTitle);
    if (!examples.some(Boolean) || !last.isConnected) return;

    const { liveExample } = await import(new URL("try/page/live.js", ROOT));
    const rules = new URL("rules/{code}/", ROOT).href.replace("%7Bcode%7D", "{code}");
    const first = examples.findIndex(Boolean);
    examples.forEach((example, index) => {
      if (!example) return;
      const fold = document.createElement("details");
      fold.className = "live-example";
      const summary = document.createElement("summary");
      summary.textContent = "Edit and run";
      const place = document.createElement("div");
      fold.append(summary, place);
      const show = () => liveExample(place, example.body, { rules, line: example.line });
      fold.addEventListener("toggle", show, { once: true });
      fold.open = index === first;
      last.parentElement.insertBefore(fold, titles[index + 1] ?? last);
    });
  };

  window.document$.subscribe(setUp);
})();
