// Autosave: 300 ms after a pause the form goes to the server as {name: [values]}. The server keeps the draft; this
// device keeps nothing. The line under the form says in words what was saved, and when.
(() => {
  const form = document.querySelector('form[data-draft-url]');
  if (!form) return;
  const status = document.getElementById('draft-status');
  const lang = document.documentElement.lang;
  const clock = new Intl.DateTimeFormat(lang === 'fa' ? 'fa-IR' : lang, { hour: '2-digit', minute: '2-digit', hour12: false });
  let pause, unsent = false, posted = false;

  const say = key => { if (status) status.textContent = form.dataset[key].replace('{t}', clock.format(new Date())); };
  function values() {
    const data = {};
    for (const [name, value] of new FormData(form)) {
      if (typeof value === 'string' && name !== 'csrf_token') (data[name] ||= []).push(value);
    }
    return data;
  }
  async function save() {
    clearTimeout(pause);
    unsent = true;
    const token = form.querySelector('[name=csrf_token]')?.value;
    const answer = await fetch(form.dataset.draftUrl, {
      method: 'PUT', body: JSON.stringify(values()),
      headers: { 'Content-Type': 'application/json', ...(token && { 'X-CSRFToken': token }) },
    }).catch(() => null);
    if (answer?.ok) {
      unsent = false;
      say('server');
    } else if (answer && answer.status < 500) {
      say('refused'); // sending the same again would not help
    } else {
      say('off');
      pause = setTimeout(save, 5000);
    }
  }
  form.addEventListener('input', () => { clearTimeout(pause); pause = setTimeout(save, 300); });
  form.addEventListener('submit', () => { posted = true; clearTimeout(pause); });
  addEventListener('online', () => { if (unsent) save(); });
  addEventListener('beforeunload', event => { if (unsent && !posted) event.preventDefault(); });
})();
