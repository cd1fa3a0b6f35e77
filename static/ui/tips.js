// Tips: whatever carries data-tip says it on hover, on focus and at the touch of a finger.
const tip = document.createElement("div");
tip.className = "tip";
tip.id = "tip";
tip.hidden = true;
tip.setAttribute("role", "tooltip");
document.body.append(tip);

const MARGIN = 8;

function place(x, y) {
  const left = Math.min(innerWidth - tip.offsetWidth - MARGIN, x - tip.offsetWidth / 2);
  const above = y - tip.offsetHeight - 12;
  tip.style.left = `${Math.max(MARGIN, left)}px`;
  tip.style.top = `${above < MARGIN ? y + 20 : above}px`;
}

function show(element, x, y) {
  tip.textContent = element.dataset.tip;
  const home = element.closest("dialog[open]") ?? document.body;
  if (tip.parentElement !== home) {
    home.append(tip);
  }
  tip.hidden = false;
  place(x, y);
}

function hide() {
  tip.hidden = true;
}

function follow(event) {
  const element = event.target.closest?.("[data-tip]");
  if (element) {
    show(element, event.clientX, event.clientY);
  } else {
    hide();
  }
}

addEventListener("pointermove", follow, { passive: true });
addEventListener("pointerdown", follow, { passive: true });
addEventListener("scroll", hide, { passive: true, capture: true });
document.addEventListener("pointerleave", hide);
document.addEventListener("focusout", hide);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    hide();
  }
});
document.addEventListener("focusin", (event) => {
  const element = event.target.closest("[data-tip]");
  if (element?.matches(":focus-visible")) {
    const box = element.getBoundingClientRect();
    show(element, box.left + box.width / 2, box.top);
    element.setAttribute("aria-describedby", "tip");
  }
});
