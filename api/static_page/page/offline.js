// Keeps the files of the page, so that it opens and works without a network.

/* global FILES, VERSION */
importScripts("offline_files.js"); // what there is, and a digest of all of it

const CACHE = `loracfg ${VERSION}`;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES)));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(dropOthers());
});

// other hosts are the Hub's, if readers let the page ask it: their requests keep the policy of the
// document that sends them, which the ones of a service worker would not have
self.addEventListener("fetch", (event) => {
  if (new URL(event.request.url).origin === location.origin) event.respondWith(kept(event.request));
});

async function dropOthers() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith("loracfg ") && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
}

/** @param {Request} request */
async function kept(request) {
  const cache = await caches.open(CACHE);
  const { pathname } = new URL(request.url);
  // kept once: a host may redirect one of its two addresses to the other
  const name = pathname === new URL("index.html", location.href).pathname ? "./" : request;
  return (await cache.match(name, { ignoreSearch: true })) ?? fetch(request);
}
