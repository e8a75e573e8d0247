// Autosave: 300 ms after a pause a form goes to the server as {name: [values]}. The server keeps the draft; this
// device keeps nothing. The line under the form says in words what was saved, and when.
(() => {
  const lang = document.documentElement.lang;
  const clock = new Intl.DateTimeFormat(lang === 'fa' ? 'fa-IR' : lang, { hour: '2-digit', minute: '2-digit', hour12: false });

  function values(form) {
    const data = {};
    for (const [name, value] of new FormData(form)) {
      if (typeof value === 'string' && name !== 'csrf_token') (data[name] ||= []).push(value);
    }
    return data;
  }
  const put = form => fetch(form.dataset.draftUrl, {
    method: 'PUT', body: JSON.stringify(values(form)),
    headers: { 'Content-Type': 'application/json', 'X-CSRFToken': form.querySelector('[name=csrf_token]')?.value || '' },
  }).catch(() => null);

  function keep(form) {
    const status = form.querySelector('[role=status]');
    const say = key => { if (status) status.textContent = form.dataset[key].replace('{t}', clock.format(new Date())); };
    let pause, unsent = false, posted = false, typed = 0;

    async function save() {
      clearTimeout(pause);
      const before = typed, answer = await put(form);
      if (answer?.ok) {
        unsent = typed !== before; // what was typed meanwhile goes with the next save
        say('server');
      } else if (answer && answer.status < 500) {
        say('refused'); // sending the same again would not help
      } else {
        say('off');
        pause = setTimeout(save, 5000);
      }
    }
    form.addEventListener('input', () => { typed += 1; unsent = true; clearTimeout(pause); pause = setTimeout(save, 300); });
    form.addEventListener('submit', () => { posted = true; clearTimeout(pause); });
    addEventListener('online', () => { if (unsent) save(); });
    // On a phone the page may never come back from the background.
    document.addEventListener('visibilitychange', () => { if (document.hidden && unsent && !posted) save(); });
    addEventListener('beforeunload', event => { if (unsent && !posted) event.preventDefault(); });
  }
  document.querySelectorAll('form[data-draft-url]').forEach(keep);
})();
