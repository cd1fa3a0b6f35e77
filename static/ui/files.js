// Upload: a file dropped on a .dropzone lands in its own input; the name is shown by the browser.
function zoneOf(event) {
  return event.target.closest?.(".dropzone");
}

for (const kind of ["dragenter", "dragover"]) {
  document.addEventListener(kind, (event) => {
    const zone = zoneOf(event);
    if (zone) {
      event.preventDefault();
      zone.classList.add("over");
    }
  });
}

document.addEventListener("dragleave", (event) => zoneOf(event)?.classList.remove("over"));

document.addEventListener("drop", (event) => {
  const zone = zoneOf(event);
  const input = zone?.querySelector("input[type='file']");
  if (!input || !event.dataTransfer.files.length) {
    return;
  }
  event.preventDefault();
  zone.classList.remove("over");
  input.files = event.dataTransfer.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
});
