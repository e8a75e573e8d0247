// A button under a text with doses: puts the selection into the signs that no keyboard has, or takes them away again.
// Without script people write [[ and ]].
(() => {
  function mark(area) {
    const { selectionStart: from, selectionEnd: to, value } = area;
    const [, before, text, after] = /^(\s*)([^]*?)(\s*)$/.exec(value.slice(from, to));
    const inside = /[⟦⟧]/.test(text) ? text.replace(/[⟦⟧]/g, '') : `⟦${text}⟧`;
    area.setRangeText(before + inside + after, from, to, 'end');
    if (!text) area.setSelectionRange(area.selectionEnd - after.length - 1, area.selectionEnd - after.length - 1);
    area.focus();
    area.dispatchEvent(new Event('input', { bubbles: true }));
  }
  for (const area of document.querySelectorAll('textarea[data-mark]')) {
    const button = Object.assign(document.createElement('button'), { type: 'button', className: 'btn btn-sm', textContent: area.dataset.mark });
    button.addEventListener('click', () => mark(area));
    area.after(button);
  }
})();
