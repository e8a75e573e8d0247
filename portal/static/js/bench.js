// The translators' bench: buttons under a text and keys for what is done a hundred times a day. Without script every
// text is a plain form, and suggestions are taken over by the server.
(() => {
  const PERSIAN = '۰۱۲۳۴۵۶۷۸۹', JOINER = '\u200c';

  function insert(area, text, from = area.selectionStart, to = area.selectionEnd) {
    area.focus();
    area.setSelectionRange(from, to);
    // The only way that leaves what the browser can undo.
    if (!document.execCommand('insertText', false, text)) {
      area.setRangeText(text, from, to, 'end');
      area.dispatchEvent(new Event('input', { bubbles: true }));
    }
  }
  const copy = area => (area.value.trim() ? insert(area, area.dataset.source) : insert(area, area.dataset.source, 0, area.value.length));
  const join = area => insert(area, JOINER);

  // Digits of the selection, or of the whole text, in the other script. What is marked as a dose stays Latin.
  function turn(area) {
    const whole = area.selectionStart === area.selectionEnd;
    const from = whole ? 0 : area.selectionStart, to = whole ? area.value.length : area.selectionEnd;
    const parts = area.value.slice(from, to).split(/(⟦[^⟧]*⟧|\[\[[^\]]*\]\])/);
    const toLatin = /[۰-۹]/.test(parts.filter((_, i) => i % 2 === 0).join(''));
    const other = digit => (toLatin ? String(PERSIAN.indexOf(digit)) : PERSIAN[digit]);
    insert(area, parts.map((part, i) => (i % 2 ? part : part.replace(toLatin ? /[۰-۹]/g : /[0-9]/g, other))).join(''), from, to);
  }

  function tools(area) {
    const row = Object.assign(document.createElement('p'), { className: 'tools' });
    const acts = [['copy', copy, 'F2'], ['joiner', join, 'Shift+Space'], ['digits', turn, 'F4']];
    for (const [name, act, key] of acts) {
      if (!area.dataset[name]) continue;
      const button = Object.assign(document.createElement('button'), { type: 'button', className: 'btn btn-sm', textContent: area.dataset[name] });
      button.setAttribute('aria-keyshortcuts', key);
      button.addEventListener('click', () => act(area));
      row.append(button);
    }
    const marker = area.nextElementSibling;
    if (marker?.matches('button')) row.append(marker);
    area.after(row);
  }

  function onKey(event) {
    const area = event.currentTarget;
    if (event.key === 'F2') copy(area);
    else if (event.key === 'F4' && area.dataset.digits) turn(area);
    else if (event.key === ' ' && event.shiftKey && area.dataset.joiner) join(area);
    else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) area.form.requestSubmit(area.form.querySelector('[data-next]'));
    else return;
    event.preventDefault();
  }

  for (const area of document.querySelectorAll('textarea[data-source]')) {
    tools(area);
    area.addEventListener('keydown', onKey);
  }
  document.addEventListener('click', event => {
    const button = event.target.closest('[data-use]');
    const area = button?.form.elements.body;
    if (!area) return;
    event.preventDefault();
    button.form.elements.suggestion.value = button.dataset.unit;
    insert(area, button.dataset.use, 0, area.value.length);
  });
  document.querySelectorAll('.keys').forEach(line => { line.hidden = false; });
  // The next text after saving: ready to be typed in, once the browser has gone to the fragment of the address.
  addEventListener('load', () => requestAnimationFrame(() => {
    document.querySelector('.unit-card:target textarea[name=body]')?.focus({ preventScroll: true });
  }));
})();
