// The buyer's page, made livelier: the server renders every state, this only knows when to fetch it again.
// Pushed events first; asking with an ETag where they do not come through. It never gives up while the page is open.
(() => {
  'use strict';

  const POLL_FIRST = 2000;
  const POLL_MOST = 10000;
  const POLL_EXPIRED = 15000;
  const RETURN_AFTER = 5;
  const LEAVE = 1000;

  let card = document.querySelector('[data-checkout]');
  if (!card) {
    return;
  }

  let source = null;
  let pollTimer = 0;
  let pollWait = POLL_FIRST;
  let etag = '';
  let end = 0;
  let said = new Set();
  let loading = false;
  let leaving = false;
  let returning = 0;

  const waits = () => card.dataset.state === 'waiting' || card.dataset.state === 'expired';
  const find = (name) => card.querySelector(name);

  const announce = (text) => {
    const place = find('[data-announce]');
    if (place && text) {
      place.textContent = text;
    }
  };

  // ---- the page itself -------------------------------------------------------------------------------------------------

  const show = (html, address) => {
    const fresh = new DOMParser().parseFromString(html, 'text/html');
    const next = fresh.querySelector('[data-checkout]');
    if (!next) {
      location.reload();
      return;
    }

    // A gateway's script runs under the policy of its own page, and ends with it.
    if (next.dataset.foreign || card.dataset.foreign) {
      location.replace(address || next.dataset.page);
      return;
    }

    const changed = next.dataset.state !== card.dataset.state;
    card.replaceWith(document.importNode(next, true));
    document.title = fresh.title;
    card = document.querySelector('[data-checkout]');
    if (address) {
      history.replaceState(null, '', address);
    }

    if (changed) {
      const heading = find('h1, h2');
      if (heading) {
        heading.tabIndex = -1;
        heading.focus({ preventScroll: true });
      }
      window.scrollTo(0, 0);
    }

    begin();
  };

  const reload = async () => {
    // News of what the buyer has just pressed must not cut that press short.
    if (loading || leaving) {
      return;
    }

    loading = true;
    try {
      const answer = await fetch(card.dataset.page, { cache: 'no-store', credentials: 'omit' });
      if (answer.ok) {
        show(await answer.text());
      }
    } catch {
      poll(pollWait);
    } finally {
      loading = false;
    }
  };

  const take = (status) => {
    endsIn(Date.parse(status.expires_at) - Date.parse(status.server_time));
    found();
    if (status.revision !== card.dataset.revision) {
      reload();
    }
  };

  // ---- news ------------------------------------------------------------------------------------------------------------

  const lost = () => {
    const place = document.querySelector('[data-lost]');
    if (place) {
      place.textContent = card.dataset.sayLost;
      place.hidden = false;
    }
  };

  const found = () => {
    const place = document.querySelector('[data-lost]');
    if (place) {
      place.hidden = true;
    }
  };

  const listen = () => {
    if (card.dataset.state === 'expired') {
      poll(POLL_EXPIRED);
      return;
    }
    if (!window.EventSource) {
      poll(0);
      return;
    }

    source = new EventSource(card.dataset.events);
    source.addEventListener('status', (event) => {
      stopPolling();
      take(JSON.parse(event.data));
    });
    source.addEventListener('beat', () => {
      stopPolling();
      found();
    });
    source.onerror = () => {
      // Closed for good (no place left, a proxy in the way) or only interrupted: ask in the meantime either way.
      if (source && source.readyState === EventSource.CLOSED) {
        source = null;
      }
      poll(0);
    };
  };

  const stopPolling = () => {
    clearTimeout(pollTimer);
    pollTimer = 0;
    pollWait = POLL_FIRST;
  };

  const poll = (wait) => {
    clearTimeout(pollTimer);
    pollTimer = waits() ? setTimeout(ask, wait) : 0;
  };

  const ask = async () => {
    try {
      const answer = await fetch(card.dataset.status, { headers: etag ? { 'If-None-Match': etag } : {}, credentials: 'omit' });
      if (answer.ok) {
        etag = answer.headers.get('ETag') || '';
        take(await answer.json());
      } else if (answer.status === 304) {
        found();
      }
    } catch {
      lost();
    }

    if (source && source.readyState === EventSource.OPEN) {
      stopPolling();
      return;
    }

    pollWait = card.dataset.state === 'expired' ? POLL_EXPIRED : Math.min(pollWait * 1.3, POLL_MOST);
    poll(pollWait);
  };

  // Phones freeze pages in the background: whatever happened meanwhile is asked for at once.
  const lookAgain = () => {
    if (waits() && document.visibilityState === 'visible') {
      pollWait = POLL_FIRST;
      // While a device sleeps no time passes for the page: it wants to hear how much is left, changed or not.
      etag = '';
      poll(0);
      if (!source) {
        listen();
      }
    }
  };

  // ---- countdown -------------------------------------------------------------------------------------------------------

  // The server says how long, and the page counts by the time that passes: neither clock, when it is set, ends anything here.
  const endsIn = (milliseconds) => {
    end = performance.now() + milliseconds;
  };

  const two = (number) => String(number).padStart(2, '0');

  const figures = (seconds) => {
    const hours = Math.floor(seconds / 3600);
    const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
    return hours > 0 ? `${hours}:${rest}` : rest;
  };

  const sayOnce = (key, text) => {
    if (!said.has(key)) {
      said.add(key);
      announce(text);
    }
  };

  const tick = () => {
    const place = find('[data-countdown]');
    if (!place) {
      return;
    }

    const seconds = Math.max(0, Math.ceil((end - performance.now()) / 1000));
    place.textContent = figures(seconds);
    const ring = find('[data-ring]');
    const whole = Number(ring.dataset.whole || 0);
    if (whole > 0) {
      ring.setAttribute('stroke-dashoffset', String(100 - Math.min(100, (seconds / whole) * 100)));
    }
    place.closest('.countdown').classList.toggle('countdown-soon', seconds <= 60);

    if (seconds === 0) {
      sayOnce('over', card.dataset.sayOver);
      reloadWhenOver();
    } else if (seconds <= 60) {
      sayOnce('1', card.dataset.sayMinute);
    } else if (seconds <= 300) {
      sayOnce('5', card.dataset.sayMinutes.replace('{0}', String(Math.ceil(seconds / 60))));
    }
  };

  let overAt = -2000;
  const reloadWhenOver = () => {
    if (performance.now() - overAt > 2000) {
      overAt = performance.now();
      reload();
    }
  };

  // ---- the gateway's page in another tab ----------------------------------------------------------------------------------

  // The buyer has gone to the gateway's page from here and has not said how it went.
  let left = false;

  const leave = (button) => {
    left = true;
    setTimeout(() => {
      button.removeAttribute('aria-busy');
      poll(0);
    }, LEAVE);
  };

  const askHowItWent = () => {
    const dialog = find('[data-after]');
    if (!left || !dialog || !dialog.showModal) {
      return;
    }

    dialog.close();
    dialog.showModal();
    // Put away with Escape it stays in the page's flow.
    dialog.addEventListener('cancel', (event) => {
      event.preventDefault();
      left = false;
      dialog.close();
      dialog.show();
    });
  };

  // ---- what the buyer presses --------------------------------------------------------------------------------------------

  document.addEventListener('submit', async (event) => {
    const form = event.target;
    const button = event.submitter || form.querySelector('button');
    if (button.getAttribute('aria-busy') === 'true') {
      event.preventDefault();
      return;
    }

    button.setAttribute('aria-busy', 'true');
    if (form.target === '_blank') {
      leave(button);
      return;
    }

    left = false;
    if (!form.hasAttribute('data-swap') || card.dataset.foreign) {
      leaving = true;
      return;
    }

    event.preventDefault();
    const fields = new URLSearchParams();
    if (button.name) {
      fields.set(button.name, button.value);
    }

    try {
      const answer = await fetch(form.action, { method: 'POST', body: fields, credentials: 'omit' });
      if (!answer.ok) {
        throw new Error(String(answer.status));
      }
      show(await answer.text(), answer.url);
    } catch {
      lost();
      button.removeAttribute('aria-busy');
      poll(0);
    }
  });

  document.addEventListener('click', async (event) => {
    if (event.target.closest('[data-copy]')) {
      try {
        await navigator.clipboard.writeText(find('[data-copy-text]').textContent.trim());
        event.target.textContent = card.dataset.sayCopied;
        announce(card.dataset.sayCopied);
      } catch {
        getSelection().selectAllChildren(find('[data-copy-text]'));
      }
    } else if (event.target.closest('[data-stay]')) {
      clearInterval(returning);
      event.target.hidden = true;
      find('[data-return]').textContent = find('[data-return]').dataset.plain;
    }
  });

  // Back to the shop by itself, once: who comes back to this page wants to see it.
  const goBack = () => {
    const link = find('[data-return]');
    const key = `left ${card.dataset.status}`;
    let been = true;
    try {
      been = sessionStorage.getItem(key) === '1';
    } catch {
      been = true;
    }

    if (!link || returning || been) {
      return;
    }

    let left = RETURN_AFTER;
    link.dataset.plain = link.textContent;
    find('[data-stay]').hidden = false;
    const step = () => {
      if (left === 0) {
        clearInterval(returning);
        sessionStorage.setItem(key, '1');
        location.assign(link.href);
        return;
      }
      link.textContent = card.dataset.sayReturn.replace('{0}', String(left));
      left -= 1;
    };
    step();
    returning = setInterval(step, 1000);
  };

  // ---- beginning -------------------------------------------------------------------------------------------------------

  const begin = () => {
    endsIn(Number(card.dataset.expires) - Number(card.dataset.now));
    etag = '';
    const ring = find('[data-ring]');
    if (ring) {
      const percent = Math.max(1, Number(ring.dataset.ring));
      ring.dataset.whole = String((Number(card.dataset.expires) - Number(card.dataset.now)) / 10 / percent);
    }
    const copy = find('[data-copy]');
    if (copy) {
      copy.hidden = false;
    }

    if (source && card.dataset.state !== 'waiting') {
      source.close();
      source = null;
    }
    if (!waits()) {
      stopPolling();
      if (card.dataset.state === 'paid') {
        goBack();
      }
      return;
    }

    said = new Set();
    tick();
    askHowItWent();
    if (!source) {
      listen();
    }
  };

  setInterval(tick, 1000);
  document.addEventListener('visibilitychange', lookAgain);
  window.addEventListener('focus', lookAgain);
  window.addEventListener('online', lookAgain);
  window.addEventListener('pageshow', (event) => {
    if (event.persisted) {
      leaving = false;
      reload();
    }
  });
  begin();
})();
