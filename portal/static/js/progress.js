// Long work: ask every 2 to 5 seconds for {done, total, finished, text, next}. Without script the page has a refresh link.
(() => {
  for (const box of document.querySelectorAll('[data-progress-url]')) {
    const bar = box.querySelector('progress'), line = box.querySelector('[role=status]');
    let wait = 2000;
    const later = () => setTimeout(ask, wait);
    async function ask() {
      const answer = await fetch(box.dataset.progressUrl, { headers: { Accept: 'application/json' } }).catch(() => null);
      const state = answer?.ok ? await answer.json().catch(() => null) : null;
      if (!state) {
        line.textContent = box.dataset.lost;
        wait = Math.min(wait * 1.5, 15000);
        return later();
      }
      wait = Math.min(wait + 500, 5000);
      bar.max = state.total || 1;
      bar.value = state.done;
      if (line.textContent !== state.text) line.textContent = state.text;
      if (!state.finished) return later();
      box.dataset.finished = '1';
      if (state.next) location.assign(state.next);
    }
    later();
  }
})();
