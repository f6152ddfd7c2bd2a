// The buyer's page inside a shop's: tells the page around it what it shows, and nothing that could not be seen there.
// The server has pinned the one origin that is told; without it this stays silent.
(() => {
  'use strict';

  const STATES = { waiting: 'pending', paid: 'paid', expired: 'expired', closed: 'closed' };

  const card = () => document.querySelector('[data-checkout]');
  const host = card() && card().dataset.embedHost;
  if (!host || window.parent === window) {
    return;
  }

  const tell = (type, more) => window.parent.postMessage({ merchantPortal: 1, type, ...more }, host);

  let told = '';
  const look = () => {
    const close = card() && card().querySelector('[data-close]');
    if (close) {
      close.hidden = false;
    }

    const status = card() && STATES[card().dataset.state];
    if (status && status !== told) {
      told = status;
      tell('status', { status });
    }
  };

  tell('ready');
  look();
  // Each new state comes as a new card.
  new MutationObserver(look).observe(document.body, { childList: true });
  new ResizeObserver(() => tell('resize', { height: Math.ceil(document.body.getBoundingClientRect().height) })).observe(document.body);

  // Keys pressed in here do not reach the dialog around.
  document.addEventListener('keydown', (event) => {
    // Unless a dialog in here takes it.
    if (event.key === 'Escape' && !event.defaultPrevented && !event.isComposing && !document.querySelector('dialog:modal')) {
      tell('close');
    }
  });
  document.addEventListener('click', (event) => {
    if (event.target.closest('[data-close]')) {
      tell('close');
    }
  });
})();
