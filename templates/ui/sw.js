{% load static %}// Serves the shell and the briefings this user has opened when there is no connection. Nothing else personal is kept:
// a page is kept only when its answer says for whom (X-Keep-For), and sign-out empties every store.
const SHELL = "shell-{{ version }}";
const KEPT = "kept-";
const FILES = [{% for file in files %}"{{ file }}"{% if not forloop.last %}, {% endif %}{% endfor %}];
const OFFLINE = "{{ offline }}";
const SIGN_OUT = "{{ sign_out }}";
const MOST = 40;
const LONGEST = 7 * 24 * 3600 * 1000;

self.addEventListener("install", (event) => {
  const requests = [...FILES, OFFLINE].map((url) => new Request(url, { credentials: "omit" }));
  event.waitUntil(caches.open(SHELL).then((shell) => shell.addAll(requests)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = (name) => name.startsWith("shell-") && name !== SHELL;
  event.waitUntil(
    caches.keys().then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name)))),
  );
  event.waitUntil(self.clients.claim());
});

async function forget() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(KEPT)).map((name) => caches.delete(name)));
}

async function keep(request, response) {
  const store = await caches.open(KEPT + response.headers.get("X-Keep-For"));
  await store.delete(request, { ignoreVary: true });
  await store.put(request, response);
  const pages = await store.keys();
  await Promise.all(pages.slice(0, Math.max(0, pages.length - MOST)).map((page) => store.delete(page)));
}

async function kept(request) {
  for (const name of (await caches.keys()).filter((one) => one.startsWith(KEPT))) {
    const page = await (await caches.open(name)).match(request, { ignoreVary: true });
    if (page && Date.now() - new Date(page.headers.get("Date")) < LONGEST) {
      return page;
    }
  }
  return null;
}

async function page(event) {
  try {
    const response = await fetch(event.request);
    if (response.ok && response.headers.get("X-Keep-For")) {
      event.waitUntil(keep(event.request, response.clone()));
    }
    return response;
  } catch (error) {
    const shell = await caches.open(SHELL);
    return (await kept(event.request)) ?? (await shell.match(OFFLINE, { ignoreVary: true })) ?? Response.error();
  }
}

// A form sent while the connection is away, or goes: say so in our own words. Files go past this worker, as some browsers
// lose them here.
async function sent(request) {
  try {
    return await fetch(request);
  } catch (error) {
    return (await (await caches.open(SHELL)).match(OFFLINE, { ignoreVary: true })) ?? Response.error();
  }
}

function withFiles(request) {
  return (request.headers.get("Content-Type") ?? "").startsWith("multipart/");
}

async function file(request) {
  const shell = await caches.open(SHELL);
  return (await shell.match(request, { ignoreVary: true })) ?? fetch(request);
}

// A page that was open before this worker was at work, and so never came through its hands.
async function keepOpen(url) {
  const request = new Request(url, { credentials: "same-origin" });
  const response = await fetch(request);
  if (response.ok && !response.redirected && response.headers.get("X-Keep-For")) {
    await keep(request, response);
  }
}

self.addEventListener("message", (event) => {
  if (event.data === "keep" && event.source?.url) {
    event.waitUntil(keepOpen(event.source.url).catch(() => {}));
  }
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (url.origin !== self.location.origin) {
    return;
  }
  if (event.request.method === "POST" && url.pathname === SIGN_OUT) {
    event.waitUntil(forget());
  } else if (event.request.mode === "navigate" && event.request.method === "GET") {
    event.respondWith(page(event));
  } else if (event.request.mode === "navigate" && (!navigator.onLine || !withFiles(event.request))) {
    event.respondWith(sent(event.request));
  } else if (FILES.includes(url.pathname)) {
    event.respondWith(file(event.request));
  }
});
