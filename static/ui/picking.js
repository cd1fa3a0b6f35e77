// Lists with boxes to tick: one box in the head ticks the page, and Shift ticks all from the last one on.
let last = null;

function boxes(table) {
  return [...table.querySelectorAll("tbody .pick input")];
}

function prepare() {
  for (const head of document.querySelectorAll("th.pick[data-all]:not(:has(input))")) {
    const box = document.createElement("input");
    box.type = "checkbox";
    box.ariaLabel = head.dataset.all;
    head.replaceChildren(box);
  }
}

function tick(box, checked) {
  if (box.checked !== checked) {
    box.checked = checked;
    box.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

document.addEventListener("click", (event) => {
  const box = event.target.closest(".pick input");
  const table = box?.closest("table");
  if (!table) {
    return;
  }
  const all = boxes(table);
  if (box.closest("thead")) {
    all.forEach((one) => tick(one, box.checked));
  } else if (event.shiftKey && all.includes(last)) {
    const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
    all.slice(from, to + 1).forEach((one) => tick(one, box.checked));
  }
  last = box;
});

document.addEventListener("htmx:afterSwap", prepare);
prepare();
