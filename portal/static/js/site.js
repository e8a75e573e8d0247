// Every page: focus the error summary, close the facets on phones, show the chosen file name in our language, and lose
// no form: without a connection it stays where it is, and a long one with unsaved answers is not left without a question.
(() => {
  document.documentElement.classList.add('js');
  document.querySelector('.errsum')?.focus();
  if (matchMedia('(max-width: 60rem)').matches) document.querySelectorAll('.facets').forEach(box => { box.open = false; });
  for (const input of document.querySelectorAll('.filebox input[type=file]')) {
    const name = input.parentElement.querySelector('[data-none]');
    const show = () => {
      const text = [...input.files].map(file => file.name).join(', ') || name.dataset.none;
      name.replaceChildren(Object.assign(document.createElement('bdi'), { textContent: text }));
    };
    input.addEventListener('change', show);
    show();
  }

  const line = Object.assign(document.createElement('p'), { className: 'err', role: 'alert' });
  document.addEventListener('submit', event => {
    const form = event.target, button = event.submitter || form.querySelector('button');
    if (navigator.onLine || form.getAttribute('method') !== 'post') return;
    event.preventDefault();
    event.stopImmediatePropagation(); // nobody may take the form for sent
    line.textContent = document.body.dataset.offline;
    (button.closest('.btnrow') || button).before(line);
  }, true);
  addEventListener('online', () => line.remove());

  // Forms that save themselves (draft.js) ask by themselves, and only while something has not arrived.
  const unsaved = new Set();
  for (const form of document.querySelectorAll('main form[method=post]:not([data-draft-url])')) {
    if (!form.querySelector('textarea, fieldset')) continue;
    if (form.querySelector('.bad, .errsum')) unsaved.add(form);
    form.addEventListener('input', () => unsaved.add(form));
    form.addEventListener('submit', () => unsaved.delete(form));
  }
  addEventListener('beforeunload', event => { if (unsaved.size) event.preventDefault(); });
})();
