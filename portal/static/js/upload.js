// A form with a file: say how much is sent, refuse a file that is too large before it leaves, keep the form when refused.
// Without script the form posts as usual.
(() => {
  const form = document.querySelector('form[data-upload]'), input = form?.querySelector('input[type=file]');
  if (!input) return;
  const bar = form.querySelector('progress'), line = form.querySelector('[role=status]'), button = form.querySelector('button.btn-primary');
  const lang = document.documentElement.lang, percent = new Intl.NumberFormat(lang === 'fa' ? 'fa-IR' : lang, { style: 'percent' });
  const say = (key, part) => { line.textContent = form.dataset[key].replace('{p}', part === undefined ? '' : percent.format(part)); };
  const free = () => { bar.hidden = true; button.disabled = false; };
  const large = () => input.files[0]?.size > Number(form.dataset.limit);
  function refused(html) {
    const page = new DOMParser().parseFromString(html, 'text/html'), box = page.querySelector('.errsum');
    if (!box) return say('fail');
    line.textContent = '';
    document.title = page.title;
    document.querySelector('.errsum')?.remove();
    document.querySelector('#main h1').before(box);
    box.focus();
  }
  input.addEventListener('change', () => { if (large()) say('large'); else line.textContent = ''; });
  form.addEventListener('submit', event => {
    event.preventDefault();
    if (large()) return say('large');
    const sent = new XMLHttpRequest();
    sent.open('POST', form.action);
    sent.upload.onprogress = event => {
      bar.value = event.loaded / event.total;
      say(event.loaded < event.total ? 'part' : 'read', event.loaded / event.total);
    };
    sent.onload = () => {
      if (sent.status < 400) return location.assign(sent.responseURL);
      free();
      refused(sent.responseText);
    };
    sent.onerror = () => { free(); say('fail'); };
    bar.hidden = false;
    button.disabled = true;
    sent.send(new FormData(form));
  });
})();
