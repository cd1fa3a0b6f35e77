// Keys: "/" or Ctrl-K to the search, "?" to the list of keys, "g" and a digit to an entry of the menu, "z" takes back what
// a toast offers to undo.
const typing = "input, textarea, select, [contenteditable]";
let going = false;

function search() {
  const finder = document.getElementById("finder");
  if (finder && !document.querySelector("dialog[open]")) {
    document.dispatchEvent(new Event("find"));
  }
  return Boolean(finder);
}

function go(key) {
  const entry = document.querySelectorAll(".nav a")[Number(key) - 1];
  entry?.click();
  return Boolean(entry);
}

function undo() {
  const offered = [...document.querySelectorAll(".toast .undo")].at(-1);
  offered?.click();
  return Boolean(offered);
}

function act(event) {
  if (going) {
    going = false;
    return /^[1-9]$/.test(event.key) && go(event.key);
  }
  if (event.key === "/") {
    return search();
  }
  if (event.key === "?") {
    document.getElementById("keys")?.showModal();
    return true;
  }
  if (event.key === "z") {
    return undo();
  }
  going = event.key === "g";
  return going;
}

// A key as the Latin layout has it, "" where it is one already: whoever types Russian need not switch for a shortcut.
function latin(event) {
  if (event.code === "Slash") {
    return { ".": "/", ",": "?" }[event.key] ?? "";
  }
  const letter = event.key > "\x7f" && /^Key([A-Z])$/.exec(event.code)?.[1];
  return letter ? (event.shiftKey ? letter : letter.toLowerCase()) : "";
}

document.addEventListener("keydown", (event) => {
  const shortcut = event.ctrlKey || event.metaKey || !event.target.closest?.(typing);
  const key = event.isTrusted && !event.isComposing && !event.altKey && shortcut && latin(event);
  if (!key) {
    return;
  }
  const { code, ctrlKey, metaKey, shiftKey } = event;
  const same = new KeyboardEvent("keydown", {
    key, code, ctrlKey, metaKey, shiftKey, bubbles: true, cancelable: true,
  });
  event.stopImmediatePropagation();
  if (!event.target.dispatchEvent(same)) {
    event.preventDefault();
  }
}, true);

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    if (search()) {
      event.preventDefault();
    }
    return;
  }
  const elsewhere = event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.(typing);
  if (!elsewhere && !document.querySelector("dialog[open]") && act(event)) {
    event.preventDefault();
  }
});
