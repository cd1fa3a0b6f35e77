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
document.querySelector("[data-again]").addEventListener("click", () => location.reload());
