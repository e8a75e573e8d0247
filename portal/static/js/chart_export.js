// PNG of a figure with its title, subtitle, source and the demonstration mark. Fonts are embedded: an SVG that is drawn
// as an image cannot see the fonts of the page.
(() => {
  const fonts = document.currentScript.dataset;
  const FACES = [
    ['Golos Text', fonts.latin, 'U+0000-024F,U+2000-22FF'], ['Golos Text', fonts.cyrillic, 'U+0400-04FF'],
    ['Vazirmatn', fonts.arabic, 'U+0600-06FF,U+200C-200F,U+FB50-FEFC'], ['Clinical Symbols', fonts.symbols, 'U+2030,U+2070-209C,U+2190-25CF,U+0391-03C9'],
  ];
  const FAMILY = '"Golos Text",Vazirmatn,"Clinical Symbols",sans-serif', WIDTH = 1000, EDGE = 24;
  const token = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim(); // dark page, dark picture
  const escapeXml = text => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
  const isolated = node => [...node.childNodes].map(n => (n.nodeName === 'BDI' ? '\u2066' + n.textContent + '\u2069' : n.textContent)).join('').replace(/\s+/g, ' ').trim();
  const pen = document.createElement('canvas').getContext('2d');

  async function base64(url) {
    const bytes = new Uint8Array(await (await fetch(url)).arrayBuffer());
    let text = '';
    for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode.apply(null, bytes.subarray(i, i + 8192));
    return btoa(text);
  }
  async function faces() {
    const rules = await Promise.all(FACES.map(async ([family, url, range]) => `@font-face{font-family:"${family}";src:url(data:font/woff2;base64,${await base64(url)}) format("woff2");font-weight:400 700;unicode-range:${range}}`));
    return rules.join('');
  }
  function wrapped(node, size, weight) {
    if (!node) return [];
    pen.font = `${weight} ${size}px ${getComputedStyle(document.body).fontFamily}`;
    return isolated(node).split(' ').reduce((lines, word) => {
      const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
      if (lines.length && pen.measureText(longer).width <= WIDTH - 2 * EDGE) lines.splice(-1, 1, longer);
      else lines.push(word);
      return lines;
    }, []);
  }

  async function picture(id, box) {
    const find = part => document.getElementById(`${id}-${part}`), rtl = document.dir === 'rtl';
    let y = 16, text = '';
    const write = (node, size, weight, fill) => {
      for (const line of wrapped(node, size, weight)) {
        y += size * 1.35;
        text += `<text x="${rtl ? WIDTH - EDGE : EDGE}" y="${y}" font-size="${size}" font-weight="${weight}" fill="${token(fill)}">${escapeXml(line)}</text>`;
      }
    };
    write(document.querySelector('.demo'), 13, 400, '--warn');
    write(find('title'), 24, 650, '--ink');
    write(find('sub'), 16, 400, '--ink-2');
    const url = await Plotly.toImage(box.querySelector('.plot-live'), { format: 'svg', width: WIDTH, height: 500 });
    const chart = decodeURIComponent(url.split(',').slice(1).join(',')).replace(/^<svg /, `<svg x="0" y="${y + 12}" `);
    y += 512;
    write(find('source'), 13, 400, '--ink-2');
    const height = Math.ceil(y + 20);
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" direction="${rtl ? 'rtl' : 'ltr'}"><style>${await faces()} text{font-family:${FAMILY}}</style>`
      + `<rect width="100%" height="100%" fill="${token('--bg')}"/>${text}<g direction="ltr">${chart}</g></svg>`;
    return raster(svg, height);
  }
  async function raster(svg, height) {
    const image = new Image(), blobUrl = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
    image.src = blobUrl;
    await image.decode();
    await new Promise(done => setTimeout(done, 300)); // the embedded fonts are parsed after decode
    const canvas = Object.assign(document.createElement('canvas'), { width: WIDTH * 2, height: height * 2 });
    canvas.getContext('2d').drawImage(image, 0, 0, WIDTH * 2, height * 2);
    URL.revokeObjectURL(blobUrl);
    return new Promise(done => canvas.toBlob(done, 'image/png'));
  }

  for (const button of document.querySelectorAll('[data-png]')) {
    button.addEventListener('click', async () => {
      const box = document.getElementById(`${button.dataset.png}-plot`);
      if (!box.dataset.ready) await box.draw();
      const href = URL.createObjectURL(await picture(button.dataset.png, box));
      Object.assign(document.createElement('a'), { href, download: `${button.dataset.png}.png` }).click();
      setTimeout(() => URL.revokeObjectURL(href), 10000);
    });
  }
})();
