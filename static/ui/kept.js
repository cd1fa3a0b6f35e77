// The page without a connection lists what may be read meanwhile.
// It is the same page for everybody, so that the reader's theme comes from the cookie.
const theme = document.cookie.match(/(?:^|; )theme=(light|dark)/);
if (theme) {
  document.documentElement.dataset.theme = theme[1];
}

const list = document.querySelector("[data-kept]");

for (const name of (await caches.keys()).filter((one) => one.startsWith("kept-"))) {
  const store = await caches.open(name);
  for (const request of (await store.keys()).reverse()) {
    const text = await (await store.match(request, { ignoreVary: true })).text();
    const title = new DOMParser().parseFromString(text, "text/html").title;
    const link = document.createElement("a");
    link.href = request.url;
    link.textContent = title.split(" · ")[0].trim();
    const item = document.createElement("li");
    item.append(link);
    list.append(item);
  }
}
document.querySelector("[data-when-kept]").hidden = !list.children.length;
// What a form that did not arrive had in it (unsent.js): only where this page answers for that form.
const draft = JSON.parse(sessionStorage.getItem("unsent") ?? "null");
if (draft?.sent === location.pathname) {
  const back = document.querySelector("[data-unsent]");
  back.hidden = false;
  back.querySelector("a").href = `${draft.page}#unsent`;
}
document.querySelector("[data-again]").addEventListener("click", () => location.reload());
