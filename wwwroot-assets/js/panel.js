// Focus of what floats above the page: inside at once, and back to where it came from when the element goes.
export const focusInside = (element) => {
  if (!element || element.contains(document.activeElement)) {
    return;
  }
  const origin = document.activeElement;
  (element.querySelector("[autofocus]") ?? element).focus();
  const watch = new MutationObserver(() => {
    if (!element.isConnected) {
      watch.disconnect();
      // Something else may have taken the focus on purpose, such as the next page's heading.
      if (origin?.isConnected && (!document.activeElement || document.activeElement === document.body)) {
        origin.focus();
      }
    }
  });
  watch.observe(document.body, { childList: true, subtree: true });
};
