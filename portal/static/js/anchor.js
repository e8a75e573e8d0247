// Words that a reviewer marks in a block go into the field of the remark on that block. What was typed there by
// hand stays; without this script the words are copied or typed.
(() => {
  document.addEventListener('input', event => {
    if (event.target.name?.startsWith('quote-')) event.target.dataset.typed = event.target.value ? 'yes' : '';
  });
  document.addEventListener('selectionchange', () => {
    const marked = getSelection();
    const words = marked.toString().trim();
    if (!words || words.length > 500) return;
    const start = marked.anchorNode?.parentElement?.closest('.unit-card > p[lang]');
    // A paragraph marked by three clicks ends at the beginning of what follows it, so its end says nothing.
    if (!start?.textContent.includes(words)) return;
    const key = start.closest('.unit-card')?.id.replace('block-', '');
    const field = key && document.getElementById(`quote-${key}`);
    if (field && !field.dataset.typed) field.value = words;
  });
})();
