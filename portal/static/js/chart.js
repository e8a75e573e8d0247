// Figures: Plotly is loaded only when one comes near, and draws over the server's SVG. No inline style, no eval.
// A figure is {data, layout} in the light palette; its colours become those of the page's scheme when it is drawn.
(() => {
  const source = document.currentScript.dataset.plotly;
  const fa = document.documentElement.lang === 'fa';
  const PALETTE = {
    '#0a7078': '--c1', '#ce4414': '--c2', '#14296b': '--c3', '#cf63b7': '--c4', '#7b8b91': '--c-line', '#15262b': '--ink',
    '#47585f': '--ink-2', '#d6dfe0': '--line', '#ffffff': '--bg', '#0d181b': '--on-c4',
  };
  const CONFIG = { responsive: true, displayModeBar: false, displaylogo: false, scrollZoom: false, showSendToCloud: false, plotlyServerURL: '' };
  const WORDS = new Set(['text', 'hovertext', 'ticktext', 'name']);
  const token = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  function colour(value) {
    const plain = value.toLowerCase();
    if (PALETTE[plain]) return token(PALETTE[plain]);
    const rgba = /^rgba\((\d+), ?(\d+), ?(\d+), ?([\d.]+)\)$/.exec(plain);
    const hex = rgba && '#' + rgba.slice(1, 4).map(part => Number(part).toString(16).padStart(2, '0')).join('');
    if (!hex || !PALETTE[hex]) return value;
    const parts = token(PALETTE[hex]).match(/[0-9a-f]{2}/gi).map(pair => parseInt(pair, 16));
    return `rgba(${parts.join(',')},${rgba[4]})`;
  }
  // Plotly forces left to right: a Persian line that the server has not isolated would lose its order.
  const isolated = text => text.split('<br>').map(line => (/[\u0600-\u06ff]/.test(line) && !/[\u2066-\u2069]/.test(line) ? `\u2067${line}\u2069` : line)).join('<br>');
  function adapt(value, key) {
    if (Array.isArray(value)) return value.map(item => adapt(item, key));
    if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, adapt(item, name)]));
    if (typeof value !== 'string') return value;
    return fa && WORDS.has(key) ? isolated(value) : colour(value);
  }

  function layout(figure, tall) {
    const phone = innerWidth < 600, given = adapt(figure.layout || {});
    const font = { family: getComputedStyle(document.body).fontFamily, size: 14, color: token('--ink-2') };
    const axis = { linecolor: token('--c-line'), tickcolor: token('--c-line'), gridcolor: token('--line'), zeroline: false, tickangle: 0, fixedrange: true };
    const made = {
      paper_bgcolor: 'rgba(0,0,0,0)', plot_bgcolor: 'rgba(0,0,0,0)', hovermode: 'closest', dragmode: false, showlegend: false,
      margin: { l: phone ? 48 : 60, r: 16, t: 8, b: 52 }, ...given, height: Math.max(tall, phone ? 340 : 240), font: { ...given.font, ...font },
      hoverlabel: { font: { family: font.family, size: 14, color: token('--bg') }, bgcolor: token('--ink'), bordercolor: token('--ink'), align: fa ? 'right' : 'left' },
    };
    if (phone) Object.assign(made, { margin: { ...made.margin, r: Math.min(made.margin.r ?? 16, 90) } });
    for (const name of new Set(['xaxis', 'yaxis', ...Object.keys(given).filter(key => /^[xy]axis\d*$/.test(key))])) {
      const side = name[0] === 'x' ? { showgrid: false, ticks: 'outside' } : {};
      made[name] = { ...axis, ...side, ...made[name] };
    }
    return made;
  }

  let loading;
  const load = () => loading ||= new Promise((resolve, reject) => {
    document.head.append(Object.assign(document.createElement('script'), { src: source, onload: resolve, onerror: reject }));
  });
  async function draw(box) {
    const figure = JSON.parse(document.getElementById(box.dataset.figure).textContent);
    const live = box.querySelector('.plot-live');
    await load();
    await document.fonts.ready;
    box.dataset.tall ||= box.querySelector('.plot-static').offsetHeight; // the place of the SVG: nothing moves
    live.setAttribute('aria-hidden', 'true'); // the table is the accessible form
    box.dataset.ready = '1';
    await Plotly.react(live, adapt(figure.data), layout(figure, Number(box.dataset.tall)), CONFIG);
  }

  const boxes = [...document.querySelectorAll('.plot[data-figure]')];
  for (const box of boxes) box.draw = () => draw(box);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => boxes.filter(box => box.dataset.ready).forEach(box => draw(box)));
  const slow = navigator.connection && (navigator.connection.saveData || /2g/.test(navigator.connection.effectiveType || ''));
  const later = window.requestIdleCallback || setTimeout;
  const near = new IntersectionObserver(entries => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      later(() => draw(target).catch(() => { delete target.dataset.ready; })); // on failure the SVG stays
    }
  }, { rootMargin: '200px' });
  if (!slow) addEventListener('load', () => boxes.forEach(box => near.observe(box)));
})();
