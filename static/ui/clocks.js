// Live clocks: what stands in [data-live] time goes on by itself, and its card turns to "soon" and "urgent" in time.
const URGENT = 30 * 60;
const SOON = 4 * 3600;
const STEPS = [["day", 86400], ["hour", 3600], ["minute", 60]];
const words = new Intl.RelativeTimeFormat(document.documentElement.lang, { style: "short" });

function spoken(seconds) {
  const [unit, size] = STEPS.find(([, step]) => Math.abs(seconds) >= step * 1.3) ?? STEPS.at(-1);
  return words.format(Math.round(seconds / size), unit);
}

function tick() {
  for (const pill of document.querySelectorAll("[data-live]")) {
    const moment = pill.querySelector("time");
    const left = (new Date(moment.dateTime) - Date.now()) / 1000;
    if (Math.abs(left) >= 60) {
      moment.textContent = spoken(left);
    }
    const urgent = left <= URGENT;
    pill.classList.toggle("bad", urgent);
    pill.classList.toggle("warn", !urgent && left <= SOON);
    const card = pill.closest(".work");
    card?.classList.toggle("urgent", urgent);
    card?.classList.toggle("soon", !urgent && left <= SOON);
  }
}

setInterval(() => document.hidden || tick(), 15_000);
document.addEventListener("visibilitychange", () => document.hidden || tick());
