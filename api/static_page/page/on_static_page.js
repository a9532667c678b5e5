// The page without a server: the engine runs in a worker, and the files are kept for use offline.

import { byId } from "./dom.js";
import { offerHub } from "./hub.js";
import { localEngine } from "./local.js";
import { startPage } from "./main.js";

const engine = localEngine();
offerHub(engine, startPage(engine));
byId("api").hidden = true;
tellProgress();
keepOffline();

async function tellProgress() {
  const status = byId("status");
  const said = "Loading the engine, about 9 MB the first time";
  status.textContent = said;
  try {
    await engine.ready;
    if (status.textContent === said) status.textContent = "Ready";
  } catch {
    if (status.textContent === said) status.textContent = ""; // what was asked shows why
  }
}

async function keepOffline() {
  if (!("serviceWorker" in navigator)) return;
  await engine.ready.catch(() => {}); // its files come first, and are then in the browser's cache
  await navigator.serviceWorker.register("offline.js").catch(() => {}); // as in a private window
}
