// Paying inside WeChat: hands the order to WeChat's own browser. What it answers decides nothing; the server asks WeChat.
(() => {
  'use strict';

  const WAIT = 8000;

  // Only this visit's payer: who opens the link later is asked for anew by following it.
  let isKnown = false;
  let isBusy = false;

  const find = (name) => document.querySelector(name);

  const say = (what) => {
    const link = find('[data-inapp]');
    const place = find('[data-inapp-said]');
    isBusy = false;
    if (link && place) {
      link.removeAttribute('aria-busy');
      place.textContent = place.dataset[what];
      place.hidden = false;
    }
  };

  // WeChat announces its bridge some time after the page has loaded, or before this script runs.
  const withBridge = (use) => {
    if (window.WeixinJSBridge) {
      use(window.WeixinJSBridge);
      return;
    }

    const ready = () => {
      clearTimeout(timer);
      use(window.WeixinJSBridge);
    };
    const timer = setTimeout(() => {
      document.removeEventListener('WeixinJSBridgeReady', ready);
      say('sayMissing');
    }, WAIT);
    document.addEventListener('WeixinJSBridgeReady', ready, { once: true });
  };

  const answered = (answer) => {
    const word = String((answer && (answer.err_msg || answer.errMsg)) || '');
    if (word.endsWith(':ok')) {
      isBusy = false;
      const check = find('form[data-check]');
      if (check) {
        check.requestSubmit();
      }
    } else {
      say(word.endsWith(':cancel') ? 'sayCancel' : 'sayFail');
    }
  };

  const pay = () => {
    const link = find('[data-inapp]');
    if (isBusy || !link || !link.dataset.params) {
      return;
    }

    isBusy = true;
    link.setAttribute('aria-busy', 'true');
    find('[data-inapp-said]').hidden = true;
    const params = JSON.parse(link.dataset.params);
    withBridge((bridge) => bridge.invoke('getBrandWCPayRequest', params, answered));
  };

  document.addEventListener('click', (event) => {
    const link = event.target.closest('[data-inapp]');
    if (link && isKnown && link.dataset.params) {
      event.preventDefault();
      pay();
    }
  });

  if (location.hash === '#pay') {
    isKnown = true;
    history.replaceState(null, '', location.pathname + location.search);
    pay();
  }
})();
