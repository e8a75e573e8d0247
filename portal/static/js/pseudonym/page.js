// The page around: keys, one pseudonym, a table. Nothing is stored, and nothing is sent.
(() => {
  "use strict";
  const told = JSON.parse(document.getElementById("told").textContent);
  const find = Pseudonyms.detectors(told.detectors);
  const byId = (id) => document.getElementById(id);
  const KINDS = ["keep", ...Pseudonyms.TYPES, "month", "day", "drop"];
  const TARGETS = { "ir-nc": "person_token", "ru-snils": "person_token", local: "source_key", month: "admission_month" };
  const FIRST = 5;
  const said = new Map(); // what each line of the page last said, to say it anew in another language
  let lang = document.documentElement.lang, key = null, rows = null;

  function words(code, values = {}) {
    const text = (told.words[told.own[code] || code] || told.words.unforeseen)[lang];
    const shown = (name) => (typeof values[name] === "number" ? new Intl.NumberFormat(lang).format(values[name]) : isolated(name, values[name]));
    const filled = (template) => template.replace(/\{(\w+)\}/g, (_, name) => shown(name));
    const where = told.placed.includes(code) && "line" in values ? filled(told.words.where[lang]) : "";
    return where + filled(text);
  }
  // A header or a sum keeps its own direction in any sentence.
  function isolated(name, value) {
    if (name === "kind") return told.words[told.kinds[value]][lang];
    return name === "checksum" ? `\u2066${value}\u2069` : `\u2068${value}\u2069`;
  }

  function say(id, code, values, refused = false) {
    said.set(id, [code, values, refused]);
    byId(id).textContent = code ? words(code, values) : "";
    byId(id).classList.toggle("refused", refused);
  }

  async function attempt(id, act) {
    say(id, "");
    try {
      await act();
    } catch (refusal) {
      const known = refusal instanceof Pseudonyms.Refused;
      say(id, known ? refusal.code : "unforeseen", known ? refusal.values : {}, true);
    }
  }

  function speak(chosen) {
    lang = chosen;
    Object.assign(document.documentElement, { lang, dir: lang === "fa" ? "rtl" : "ltr" });
    document.title = words("title");
    for (const element of document.querySelectorAll("[data-say]")) element.textContent = words(element.dataset.say, JSON.parse(element.dataset.values || "{}"));
    for (const button of document.querySelectorAll("[data-lang]")) button.setAttribute("aria-pressed", String(button.dataset.lang === lang));
    for (const [id, [code, values, refused]] of said) say(id, code, values, refused);
  }

  function save(id, text, type) {
    URL.revokeObjectURL(byId(id).href);
    byId(id).href = URL.createObjectURL(new Blob([text], { type }));
  }

  function use(made, code) {
    key = made;
    say("key-said", code, { checksum: made.checksum });
  }

  async function openKey() {
    const file = byId("key-file").files[0], typed = byId("key-typed").value;
    use(await Pseudonyms.readKey(typed.trim() || !file ? typed : await file.text()), "key_ready");
    byId("key-typed").value = "";
    byId("key-new").hidden = true;
  }

  async function makeKey() {
    const made = await Pseudonyms.newKey();
    byId("key-printed").textContent = made.text;
    save("key-save", made.text, "text/plain");
    byId("key-new").hidden = false;
    use({ hmac: made.hmac, checksum: made.checksum }, "key_created");
  }

  function needKey() {
    if (!key) throw new Pseudonyms.Refused("key_first");
  }

  async function makeOne() {
    byId("one-made").textContent = "";
    needKey();
    byId("one-made").textContent = await Pseudonyms.pseudonym(key, byId("one-kind").value, byId("one-raw").value);
    byId("one-raw").value = "";
  }

  async function tableText() {
    const file = byId("table-file").files[0], pasted = byId("table-pasted").value;
    if (pasted.trim()) return pasted;
    if (!file) throw new Pseudonyms.Refused("table_none");
    const decoder = new TextDecoder(byId("table-encoding").value, { fatal: true });
    try {
      return decoder.decode(await file.arrayBuffer());
    } catch {
      throw new Pseudonyms.Refused("table_unreadable");
    }
  }

  function made(tag, properties = {}, ...children) {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  }

  const spoken = (element, code, values = {}) => {
    Object.assign(element.dataset, { say: code, values: JSON.stringify(values) });
    element.textContent = words(code, values);
    return element;
  };

  function guess(name) {
    const kinds = find.header(name);
    if (/کد\s?ملی|national\s?(code|id)/i.test(name)) return "ir-nc";
    if (/снилс|snils/i.test(name)) return "ru-snils";
    return kinds.length ? "drop" : "keep";
  }

  function column(name, place) {
    const options = KINDS.map((kind) => spoken(made("option", { value: kind }), Pseudonyms.TYPES.includes(kind) ? `kind_${kind}` : `column_${kind}`));
    const select = made("select", { id: `kind-${place}` }, ...options);
    const target = made("input", { id: `target-${place}`, type: "text", dir: "auto", autocomplete: "off" });
    const named = made("p", { hidden: true }, spoken(made("label", { htmlFor: target.id }), "column_target"), target);
    const show = () => {
      target.value = TARGETS[select.value] || name.trim();
      named.hidden = ["keep", "drop"].includes(select.value);
    };
    select.value = guess(name);
    select.addEventListener("change", show);
    show();
    const label = spoken(made("label", { htmlFor: select.id }), "column_kind", { column: name.trim() });
    return made("div", { className: "column" }, made("p", {}, label, select), named);
  }

  async function readTable() {
    byId("table-columns").hidden = true;
    byId("table-done").hidden = true;
    say("table-said", "");
    rows = Pseudonyms.read(await tableText());
    byId("columns").replaceChildren(...rows[0].map(column));
    byId("table-columns").hidden = false;
    say("table-seen", "table_seen", { rows: rows.length - 1, columns: rows[0].length });
  }

  function chosen() {
    const every = rows[0].map((_, place) => ({ place, kind: byId(`kind-${place}`).value, target: byId(`target-${place}`).value.trim() }));
    return every.filter((one) => one.kind !== "keep");
  }

  async function makeTable() {
    byId("table-done").hidden = true;
    needKey();
    say("table-said", "table_working");
    const done = await Pseudonyms.replace(rows, chosen(), key, find);
    save("table-save", Pseudonyms.write(done), "text/csv");
    const line = (row, tag) => made("tr", {}, ...row.map((cell) => made(tag, { textContent: cell, dir: "auto" })));
    byId("table-first").replaceChildren(made("thead", {}, line(done[0], "th")), made("tbody", {}, ...done.slice(1, FIRST + 1).map((row) => line(row, "td"))));
    byId("table-done").hidden = false;
    say("table-said", "table_made", { rows: done.length - 1 });
  }

  const acts = [["key-use", "key-said", openKey], ["key-make", "key-said", makeKey], ["one-make", "one-said", makeOne], ["table-read", "table-seen", readTable], ["table-make", "table-said", makeTable]];
  for (const [id, line, act] of acts) byId(id).addEventListener("click", () => attempt(line, act));
  for (const which of ["key", "table"]) byId(`${which}-file`).addEventListener("change", () => {
    const name = byId(`${which}-file-name`), file = byId(`${which}-file`).files[0];
    if (file) name.removeAttribute("data-say"); // a name of a file is nobody's language
    name.textContent = file ? file.name : words("no_file");
    byId(which === "key" ? "key-typed" : "table-pasted").value = "";
    if (file && which === "key") attempt("key-said", openKey);
  });
  for (const button of document.querySelectorAll("[data-lang]")) button.addEventListener("click", () => speak(button.dataset.lang));
  const spokenHere = navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => tag in told.words.title);
  speak(location.protocol === "file:" && spokenHere ? spokenHere : lang);
})();
