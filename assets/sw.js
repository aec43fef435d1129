// Keeps in the browser what never changes: the numbered parts of a build, and the fonts.
// Pages, answers and events always come from the server, so a new build shows at once.
const SHELF = "studymaster-parts-1";
const MOST = 300;
const NUMBERED = "/assets/";
const FONTS = "/fonts/";

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => {
  event.waitUntil(clearOthers().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.headers.has("range")) return;
  if (pathname.startsWith(NUMBERED)) event.respondWith(kept(request));
  // A font keeps its name when it changes: what is here now, the newer one next time.
  if (pathname.startsWith(FONTS)) event.respondWith(kept(request, { renew: event }));
});

async function clearOthers() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith("studymaster-") && name !== SHELF);
  await Promise.all(old.map((name) => caches.delete(name)));
}

async function kept(request, { renew } = {}) {
  const shelf = await caches.open(SHELF);
  const found = await shelf.match(request);
  if (!found) return fetched(request, shelf);
  renew?.waitUntil(fetched(request, shelf).catch(() => undefined));
  return found;
}

async function fetched(request, shelf) {
  const answer = await fetch(request);
  if (answer.status === 200) {
    await shelf.put(request, answer.clone());
    await dropOldest(shelf);
  }
  return answer;
}

// Parts of builds that are gone: nobody asks for them again, so they came first.
async function dropOldest(shelf) {
  const requests = await shelf.keys();
  const tooMany = requests.slice(0, Math.max(requests.length - MOST, 0));
  await Promise.all(tooMany.map((request) => shelf.delete(request)));
}
