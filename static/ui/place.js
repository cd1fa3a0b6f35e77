// A form that leads back to the page it was sent from leaves people where they were: the next card stays under the thumb.
const KEY = "place";
const SOON = 20000;

window.addEventListener("submit", (event) => {
  if (!event.defaultPrevented && event.target.getAttribute("method") === "post") {
    sessionStorage.setItem(KEY, JSON.stringify([location.pathname, scrollY, Date.now()]));
  }
});

const [path, top, since] = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
sessionStorage.removeItem(KEY);
const goesElsewhere = location.hash || document.querySelector("main [aria-invalid], main .errorlist");
if (path === location.pathname && Date.now() - since < SOON && !goesElsewhere) {
  scrollTo({ top, behavior: "instant" });
}
