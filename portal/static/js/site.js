// Every page: focus the error summary, close the facets on phones, show the chosen file name in our language.
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
})();
