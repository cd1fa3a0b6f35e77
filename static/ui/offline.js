// Installs the service worker, and keeps only what belongs to whoever is signed in here.
const keeper = document.querySelector("meta[name=keeper]")?.content ?? "";

if ("serviceWorker" in navigator && window.isSecureContext) {
  navigator.serviceWorker.register("/sw.js").catch(() => {});
}
if (window.isSecureContext) {
  for (const name of await caches.keys()) {
    if (name.startsWith("kept-") && name !== `kept-${keeper}`) {
      await caches.delete(name);
    }
  }
}
