// Lets readers name an adapter on the Hub: says what the page would ask, and asks once it may.

import { byId, el, prose, visible } from "./dom.js";
import { FIRST_BYTES, readFromHub } from "./hub_files.js";
import { HUB } from "./hub_place.js";
import { Problem } from "./problem.js";

const FRAME = new URL("../hub.html", import.meta.url).href;
const MOST_MILLISECONDS = 20_000;
const SIZE = `${FIRST_BYTES / 1024} KiB`;

/** @typedef {import("./engine.js").Engine} Engine */

/**
 * Add what readers need for it to the page, if it was built for a Hub.
 * @param {Engine} engine
 * @param {(read: (hasBase: boolean) => Promise<any>) => Promise<void>} validate reads and validates
 */
export function offerHub(engine, validate) {
  if (!HUB) return;
  const { host } = new URL(HUB.endpoint);
  const allowed = el("input", { type: "checkbox", id: "hub-allowed" });
  const id = el("input", {
    id: "hub-id",
    placeholder: "owner/name or owner/name@revision",
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
  });
  const read = el("button", { type: "button", id: "hub-read" }, "Read and validate");
  const asking = el("div", { id: "hub-asking" }, el("label", {}, "Adapter id ", id), read);
  const asked = el("div", { id: "hub-asked", "aria-live": "polite" });
  asking.hidden = true;

  let frame = null;
  allowed.addEventListener("change", () => {
    frame?.remove();
    frame = allowed.checked ? frameOf() : null;
    asking.hidden = !allowed.checked;
    if (allowed.checked) id.focus();
  });
  const go = () =>
    validate(async (hasBase) => {
      asked.replaceChildren();
      byId("status").textContent = `Asking ${host}`;
      const found = await readFromHub(engine, (wanted) => frame.ask(wanted), id.value.trim(), hasBase);
      asked.replaceChildren(...answers(found));
      return found;
    });
  read.addEventListener("click", go);
  id.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault(); // the form would validate what was chosen before
    go();
  });
  const title = el("summary", {}, "Or read one from the Hugging Face Hub");
  const label = el("label", { class: "choice" }, allowed, ` Let this page ask ${host}`);
  byId("adapter").append(el("details", { id: "hub" }, title, ...explained(host), label, asking, asked));
}

/** @param {string} host */
function explained(host) {
  const at = (repo, file) => el("code", {}, `${HUB.endpoint}/${repo}/resolve/main/${file}`);
  const part = `the first ${SIZE}`;
  const files = [
    [at("OWNER/NAME", "adapter_config.json"), `: ${part}, and the rest of a longer one`],
    [
      at("OWNER/NAME", "adapter_model.safetensors"),
      `: ${part}, and the rest of the header if it is longer, but no more of the weights`,
    ],
    [at("OWNER/BASE", "config.json"), ": the same of the base that the config names, unless you choose one"],
  ];
  const elsewhere = HUB.files.map((one) => new URL(one.replace("*.", "")).host);
  const redirects = elsewhere.length ? ` It redirects to ${elsewhere.join(" or ")} for large files.` : "";
  const seen = `${host} sees your IP address and the ids. Your files, cookies and tokens are not sent, so private and gated models cannot be read.`;
  return [
    el("p", {}, `Off until you turn it on. Then, for each id that you enter, your browser asks for these files:`),
    el("ul", {}, ...files.map((line) => el("li", {}, ...line))),
    el("p", { class: "aside" }, seen + redirects),
  ];
}

/** @param {import("./hub_files.js").Read} read */
function answers({ asked, note }) {
  const lines = asked.map((line) => el("li", {}, ...prose(visible(line))));
  const title = el("summary", {}, `Asked for ${lines.length} ranges`);
  const notes = note ? [el("p", { class: "note" }, ...prose(visible(note)))] : [];
  return [...notes, el("details", {}, title, el("ul", {}, ...lines))];
}

/** Start the frame that may ask the Hub. */
function frameOf() {
  const frame = el("iframe", { src: FRAME, hidden: "", title: "Asks the Hub" });
  const ready = new Promise((resolve, reject) => {
    const late = () => {
      const advice = "the server of this page must let it show a frame of its own";
      reject(new Problem("the part of this page that asks the Hub does not start", advice));
    };
    setTimeout(late, MOST_MILLISECONDS);
    addEventListener("message", ({ origin, source, data }) => {
      if (origin === location.origin && source === frame.contentWindow && data === "ready") resolve();
    });
  });
  ready.catch(() => {}); // whoever asks gets the reason
  document.body.append(frame);
  const waiting = new Set();
  return {
    remove() {
      frame.remove();
      for (const reject of waiting) reject(new Problem("the page may no longer ask the Hub"));
    },
    /** @type {import("./hub_files.js").Ask} */
    async ask(wanted) {
      await ready;
      const { port1, port2 } = new MessageChannel();
      return new Promise((resolve, reject) => {
        waiting.add(reject);
        port1.onmessage = ({ data }) => {
          waiting.delete(reject);
          resolve(data);
        };
        frame.contentWindow.postMessage(wanted, location.origin, [port2]);
      });
    },
  };
}
