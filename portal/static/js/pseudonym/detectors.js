// The detectors of portal/core/identifiers, for patient data: which kinds of identifier a cell or a column holds.
Pseudonyms.detectors = (data) => {
  "use strict";
  const anywhere = ([source, flags]) => new RegExp(source, `${flags}g`);
  const whole = ([source, flags]) => new RegExp(`^(?:${source})$`, flags);
  const once = ([source, flags]) => new RegExp(source, flags);
  const shapes = data.shapes.map(([kind, ...pattern]) => [kind, anywhere(pattern)]);
  const context = Object.fromEntries(Object.entries(data.context).map(([kind, pattern]) => [kind, once(pattern)]));
  const one = Object.fromEntries(["irMobile", "ruMobile", "ruPhone", "passportShape", "token", "shortCode", "numberCell", "nameHeader"].map((name) => [name, whole(data[name])]));
  const iban = anywhere(data.iban), run = anywhere(data.run), cluster = anywhere(data.cluster);
  const labelled = new RegExp(`^(?:${data.labelled[0]})`, data.labelled[1]);
  const block = new Set([...data.block, "name_column"]);

  function character(char) {
    if (/\p{Cf}/u.test(char) || char === "\u0640") return "";
    if (/\p{Nd}/u.test(char)) return Pseudonyms.digits(char);
    if (/\p{Pd}/u.test(char) || char === "\u2212") return "-";
    if (/\p{Zs}/u.test(char)) return " ";
    return { "\u064a": "\u06cc", "\u0643": "\u06a9" }[char] || char;
  }
  const isAscii = (text) => /^[\x00-\x7f]*$/.test(text);
  const folded = (found) => (isAscii(found) ? found : [...found.normalize("NFKC")].map(character).join(""));
  const fold = (text) => (isAscii(text) ? text : text.replace(cluster, folded));

  const weighted = (text, weights) => weights.reduce((sum, w, i) => sum + Number(text[i]) * w, 0) % 11 % 10;
  const same = (text) => new Set(text).size === 1;
  const innPerson = (t) => t.length === 12 && !same(t) && Number(t[10]) === weighted(t, [7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) && Number(t[11]) === weighted(t, [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]);
  function card(text) {
    if (![16, 18, 19].includes(text.length) || "01".includes(text[0]) || new Set(text).size <= 2) return false;
    const sum = [...text].reverse().reduce((total, d, i) => total + (i % 2 ? (Number(d) * 2 > 9 ? Number(d) * 2 - 9 : Number(d) * 2) : Number(d)), 0);
    return sum % 10 === 0;
  }
  const isIban = (text) => text.length === 24 && BigInt(`${text.slice(2)}1827${text.slice(0, 2)}`) % 97n === 1n;
  const CHECKED = {
    10: ["ir_national_code", Pseudonyms.irNationalCode], 11: ["ru_snils", Pseudonyms.ruSnils], 12: ["ru_inn_person", innPerson],
    16: ["bank_card_or_oms", card], 18: ["bank_card_or_oms", card], 19: ["bank_card_or_oms", card],
  };

  function phone(text, raw, told, plus) {
    if (one.irMobile.test(text)) return "ir_mobile";
    if (text.length === 10 && text[0] === "9" && (plus || context.ir_mobile.test(told))) return "ir_mobile";
    if (one.ruMobile.test(text)) return "ru_mobile";
    return (plus || raw.includes("(") || context.ru_phone.test(told)) && one.ruPhone.test(text) ? "ru_phone" : "";
  }

  function kindsOf(raw, told, plus) {
    const text = raw.replace(/[^0-9]/g, ""), found = [], national = context.ir_national_code.test(told);
    const [kind, holds] = CHECKED[text.length] || [];
    if (kind && holds(text)) found.push(kind);
    if ((text.length === 8 || text.length === 9) && national && Pseudonyms.irNationalCode(text.padStart(10, "0"))) found.push("ir_national_code_lost_zeros");
    const called = phone(text, raw, told, plus);
    return called ? [...found, called] : found;
  }

  // The whole run, each group of it, and each few neighbouring groups.
  function spans(start, text) {
    const groups = [...text.matchAll(/[0-9]+/g)].map((m) => [start + m.index, start + m.index + m[0].length]);
    const reach = text.length <= data.longestCell ? data.mostGroups : 1;
    const found = text.length <= 3 * data.longest ? [[start, start + text.length]] : [];
    groups.forEach(([first], at) => {
      let count = 0;
      for (const [from, to] of groups.slice(at, at + reach)) {
        count += to - from;
        if (count >= data.shortest && count <= data.longest) found.push([first, to]);
      }
    });
    return found;
  }

  function digitKinds(text, header) {
    return [...text.matchAll(run)].filter((m) => m[0].length >= data.shortest).flatMap((m) => spans(m.index, m[0]).flatMap(([from, to]) => {
      const lead = before(text, from);
      return kindsOf(text.slice(from, to), `${header} ${lead}`, lead.endsWith("+") || lead.endsWith("+("));
    }));
  }
  const before = (text, at) => [...text.slice(Math.max(0, at - 2 * data.contextLength), at)].slice(-data.contextLength).join("");

  function withWord(kind, match, text, header) {
    if (!data.needsWord.includes(kind)) return kind;
    if (context[kind].test(`${header} ${before(text, match.index)}`) || labelled.test(match[0])) return kind;
    return one.passportShape.test(match[0]) ? "ru_passport_shape" : "";
  }

  function scan(raw, header = "") {
    const text = fold(raw), found = [];
    for (const m of text.matchAll(iban)) if (isIban(m[1].replace(/[^0-9]/g, ""))) found.push("ir_iban");
    for (const [kind, pattern] of shapes) for (const m of text.matchAll(pattern)) found.push(withWord(kind, m, text, header));
    return [...new Set([...found, ...digitKinds(text, header)])].filter((kind) => block.has(kind)).sort();
  }

  // A number as a spreadsheet writes it, 9.99E+09 or 11111119.0, as its digits.
  function asNumber(raw) {
    const text = fold(raw).trim();
    return one.numberCell.test(text) && !/^[0-9]+$/.test(text) && Number.isFinite(Number(text)) ? BigInt(Math.trunc(Number(text))).toString() : "";
  }

  function cell(value, header) {
    if (one.token.test(value) || one.shortCode.test(value)) return [];
    const number = asNumber(value);
    return [...new Set([...scan(value, header), ...(number ? scan(number, header) : [])])].sort();
  }

  function isCodeColumn(values) {
    const ten = values.filter((v) => [...v].length >= 10).map((v) => fold(v).replace(/[^0-9]/g, "")).filter((d) => d.length === 10);
    return ten.length >= data.minValues && ten.filter(Pseudonyms.irNationalCode).length >= data.minShare * ten.length;
  }

  function header(name) {
    return one.nameHeader.test(fold(name).trim()) ? [...scan(name), "name_column"].sort() : scan(name);
  }

  // The first thing found, with its line; line 1 for what the column shows as a whole.
  function column(name, values) {
    const named = header(name);
    if (named.length) return { kind: named[0], line: 1 };
    const seen = new Set();
    for (const [at, value] of values.entries()) {
      if (seen.has(value)) continue;
      seen.add(value);
      const found = cell(value, `${name} `);
      if (found.length) return { kind: found[0], line: at + 2 };
    }
    return isCodeColumn(values) ? { kind: "ir_national_code", line: 1 } : null;
  }

  return { fold, scan, cell, header, column };
};
