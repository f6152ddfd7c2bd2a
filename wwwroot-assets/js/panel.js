// Opens a dialog element as a modal one: focus stays inside, Escape closes, focus goes back.
export const show = (dialog) => {
  if (dialog && !dialog.open) {
    dialog.showModal();
    dialog.querySelector("[autofocus]")?.focus();
  }
};
