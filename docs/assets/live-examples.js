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
    if (!examples.length || !last.isConnected) return;

    const place = (element, index) =>
      last.parentElement.insertBefore(element, titles[index + 1] ?? last);
    const first = examples.findIndex(({ body }) => body);
    if (first < 0) {
      const reasons = [...new Set(examples.map(({ reason }) => reason))].join("; ");
      place(note(`These examples cannot be run in a browser: ${reasons}.`), examples.length);
      return;
    }
    const { liveExample } = await import(new URL("try/page/live.js", ROOT));
    const rules = new URL("rules/{code}/", ROOT).href.replace("%7Bcode%7D", "{code}");
    const page = new URL("try/", ROOT).href;
    examples.forEach(({ body, line, reason }, index) => {
      if (!body) {
        place(note(`This example cannot be run in a browser: ${reason}.`), index);
        return;
      }
      const fold = document.createElement("details");
      fold.className = "live-example";
      const summary = document.createElement("summary");
      summary.textContent = "Edit and run";
      const content = document.createElement("div");
      fold.append(summary, content);
      const show = () => liveExample(content, body, { rules, line, page });
      fold.addEventListener("toggle", show, { once: true });
      fold.open = index === first;
      place(fold, index);
    });
  };

  const note = (text) => {
    const element = document.createElement("p");
    element.className = "live-example-note";
    for (const part of text.split("`")) {
      const isCode = element.childNodes.length % 2 === 1;
      const shown = isCode ? document.createElement("code") : document.createTextNode(part);
      if (isCode) shown.textContent = part;
      element.append(shown);
    }
    return element;
  };

  window.document$.subscribe(setUp);
})();
