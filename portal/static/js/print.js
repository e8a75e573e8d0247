// The reader's page on paper: the button, and the day of printing in the reader's calendar.
(() => {
  for (const button of document.querySelectorAll('[data-print]')) button.addEventListener('click', () => print());
  addEventListener('beforeprint', () => {
    for (const line of document.querySelectorAll('[data-printed]')) {
      const { lang } = document.documentElement, time = line.querySelector('time'), now = new Date();
      time.textContent = new Intl.DateTimeFormat(lang === 'fa' ? 'fa-IR' : lang === 'en' ? 'en-GB' : lang, { dateStyle: 'long' }).format(now);
      time.dateTime = now.toISOString().slice(0, 10);
      line.hidden = false;
    }
    for (const box of document.querySelectorAll('.keep details')) box.open = false;
  });
})();
