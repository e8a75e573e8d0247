// A table of the centre: read, its columns replaced, judged before a byte of it leaves.
Object.assign(Pseudonyms, (() => {
  "use strict";
  const { Refused } = Pseudonyms;
  const SEPARATORS = [",", ";", "\t"];

  // As Python reads it: a quote counts at the start of a cell only; rows without anything are left out.
  function cells(text, separator) {
    const rows = [];
    let row = [], cell = "", quoted = false, started = false;
    const endCell = () => { row.push(cell); cell = ""; started = false; };
    const endRow = () => { if (row.length || started) { endCell(); rows.push(row); } row = []; };
    for (let at = 0; at < text.length; at += 1) {
      const char = text[at];
      if (quoted && char === '"' && text[at + 1] === '"') { cell += '"'; at += 1; }
      else if (quoted) { if (char === '"') quoted = false; else cell += char; }
      else if (char === '"' && !started) { quoted = true; started = true; }
      else if (char === separator) endCell();
      else if (char === "\n") endRow();
      else { cell += char; started = true; }
    }
    endRow();
    return rows;
  }

  function read(raw) {
    const text = raw.replace(/^\ufeff/, "").replace(/\r\n?/g, "\n");
    const first = text.split("\n", 1)[0];
    const count = (char) => first.split(char).length - 1;
    const separator = SEPARATORS.reduce((best, char) => (count(char) > count(best) ? char : best));
    const rows = cells(text, separator);
    if (rows.length < 2) throw new Refused("table_empty");
    rows.forEach((row, at) => { if (row.length !== rows[0].length) throw new Refused("table_ragged", { line: at + 1 }); });
    return rows;
  }

  const quoted = (cell, alone) => (/[",\r\n]/.test(cell) || (alone && !cell) ? `"${cell.replace(/"/g, '""')}"` : cell);
  const write = (rows) => rows.map((row) => `${row.map((cell) => quoted(cell, row.length === 1)).join(",")}\r\n`).join("");

  async function value(row, raw, kind, { admission, key }) {
    if (kind === "drop") return "";
    if (kind === "month") return Pseudonyms.monthOf(raw);
    if (kind === "day") {
      if (admission < 0) throw new Refused("admission_missing");
      return Pseudonyms.daysBetween(raw, row[admission]);
    }
    return Pseudonyms.pseudonym(key, kind, raw);
  }

  async function placed(row, place, kind, within) {
    try {
      return await value(row, row[place], kind, within);
    } catch (refusal) {
      if (!(refusal instanceof Refused)) throw refusal;
      throw new Refused(refusal.code, { line: within.line, column: within.name.trim() });
    }
  }

  // columns: { place, kind, target } for each column that does not stay as it is.
  async function replace(rows, columns, key, find) {
    const made = rows.map((row) => [...row]);
    const admission = (columns.find((one) => one.kind === "month") || { place: -1 }).place;
    for (const { place, kind, target } of columns) {
      made[0][place] = target;
      for (let at = 1; at < rows.length; at += 1) {
        made[at][place] = await placed(rows[at], place, kind, { admission, key, line: at + 1, name: rows[0][place] });
      }
    }
    const dropped = new Set(columns.filter((one) => one.kind === "drop").map((one) => one.place));
    const kept = rows[0].map((_, place) => place).filter((place) => !dropped.has(place));
    for (const place of kept) {
      const found = find.column(made[0][place], made.slice(1).map((row) => row[place]));
      if (found) throw new Refused("identifier", { ...found, column: place + 1 });
    }
    return made.map((row) => kept.map((place) => row[place]));
  }

  return { read, write, replace };
})());
