// The bell: asks every 15 seconds while the page is looked at, counts what is unread and says what is new.
const EVERY = 15_000;
const bell = document.querySelector("[data-bell]");
let last = null;
let timer = 0;

function show({ unread, last: newest, new: news }) {
  const count = bell.querySelector(".count");
  count.textContent = unread > 99 ? "99+" : String(unread);
  count.hidden = !unread;
  bell.querySelector(".vh").textContent = unread ? bell.dataset.some.replace("0", String(unread)) : bell.dataset.none;
  if (last !== null) {
    for (const { text, path } of news.toReversed()) {
      document.dispatchEvent(new CustomEvent("toast", { detail: { text, kind: "info", href: path } }));
    }
    if (news.length) {
      document.dispatchEvent(new CustomEvent("tandem:news"));
    }
  }
  last = Math.max(last ?? 0, newest);
}

async function ask() {
  clearTimeout(timer);
  if (document.hidden) {
    return;
  }
  timer = setTimeout(ask, EVERY);
  try {
    const headers = { "HX-Request": "true", "HX-Current-URL": location.href };
    const answer = await fetch(`${bell.dataset.bell}?after=${last ?? ""}`, { headers, redirect: "error" });
    if (answer.status === 401) {
      clearTimeout(timer);
      location.assign(answer.headers.get("HX-Redirect"));
    } else if (answer.ok) {
      show(await answer.json());
    }
  } catch {
    // No connection: the next look tells.
  }
}

if (bell) {
  document.addEventListener("visibilitychange", ask);
  ask();
}
