// The board: dropping a ticket on a column fires the ticket's own select, so there is one way to move it.
let held = null;

function mark(column) {
  for (const other of document.querySelectorAll(".column.over")) {
    other.classList.toggle("over", other === column);
  }
  column?.classList.add("over");
}

document.addEventListener("dragstart", (event) => {
  const ticket = event.target.closest?.(".ticket[draggable='true']");
  if (!ticket) {
    return;
  }
  held = ticket;
  ticket.classList.add("held");
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", ticket.id);
});

document.addEventListener("dragend", () => {
  held?.classList.remove("held");
  held = null;
  mark(null);
});

document.addEventListener("dragover", (event) => {
  const column = held && event.target.closest(".column[data-stage]");
  if (column) {
    event.preventDefault();
    mark(column);
  }
});

document.addEventListener("drop", (event) => {
  const column = held && event.target.closest(".column[data-stage]");
  if (!column) {
    return;
  }
  event.preventDefault();
  const select = held.querySelector("select[data-move]");
  if (select && select.value !== column.dataset.stage) {
    select.value = column.dataset.stage;
    select.dispatchEvent(new Event("change", { bubbles: true }));
  }
});
