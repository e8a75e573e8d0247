// Keys, pseudonyms and dates: what portal/core/pseudonyms does on the command line, to the same letter.
const Pseudonyms = (() => {
  "use strict";
  const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const HEADING = "portal-pseudonym key 1";
  const KEY_BYTES = 32, LENGTH = 26, GROUP = 4, SHORTEST_IR = 8, IR_DIGITS = 10;
  const TYPES = ["ir-nc", "ru-snils", "local"];
  const bytes = new TextEncoder();

  class Refused extends Error {
    constructor(code, values = {}) { super(code); this.code = code; this.values = values; }
  }

  // Decimal digits of every script come in tens that begin with nought.
  const isDigit = (point) => /^\p{Nd}$/u.test(String.fromCodePoint(point));
  function asciiDigit(char) {
    let start = char.codePointAt(0);
    const point = start;
    while (isDigit(start - 1)) start -= 1;
    return String((point - start) % 10);
  }
  const digits = (text) => text.replace(/\p{Nd}/gu, asciiDigit);
  const persian = (text) => text.replace(/\u064a/g, "\u06cc").replace(/\u0643/g, "\u06a9");
  const trimmed = (text) => text.replace(/^[\s\x1c-\x1f\x85]+|[\s\x1c-\x1f\x85]+$/gu, "");
  const plain = (raw) => trimmed(digits(persian(raw.normalize("NFC")).replace(/\p{Cf}/gu, "")));

  function onlyDigits(raw) {
    const text = plain(raw).replace(/[ \-\u2010-\u2014\u2212./\t\u00a0\u202f]/gu, "");
    if (!/^[0-9]+$/.test(text)) throw new Refused("not_digits");
    return text;
  }

  function irNationalCode(text) {
    if (text.length !== IR_DIGITS || text.startsWith("000") || new Set(text).size === 1) return false;
    const rest = [...text.slice(0, 9)].reduce((sum, d, i) => sum + Number(d) * (10 - i), 0) % 11;
    return Number(text[9]) === (rest < 2 ? rest : 11 - rest);
  }

  function ruSnils(text) {
    if (text.length !== 11 || Number(text.slice(0, 9)) <= 1001998) return false;
    const rest = [...text.slice(0, 9)].reduce((sum, d, i) => sum + Number(d) * (9 - i), 0) % 101;
    return Number(text.slice(9)) === rest % 100;
  }

  function checked(text, holds) {
    if (!holds(text)) throw new Refused("check_digit");
    return text;
  }

  const READERS = {
    "ir-nc": (raw) => {
      const text = onlyDigits(raw);
      return checked(text.length >= SHORTEST_IR ? text.padStart(IR_DIGITS, "0") : text, irNationalCode);
    },
    "ru-snils": (raw) => checked(onlyDigits(raw), ruSnils),
    local: (raw) => {
      const text = plain(raw);
      if (!text) throw new Refused("empty");
      return text;
    },
  };

  function base32(data) {
    let out = "", bits = 0, value = 0;
    for (const byte of data) {
      value = ((value << 8) | byte) & 0xfff;
      for (bits += 8; bits >= 5; bits -= 5) out += LETTERS[(value >>> (bits - 5)) & 31];
    }
    return bits ? out + LETTERS[(value << (5 - bits)) & 31] : out;
  }

  function fromBase32(text) {
    if (/[^A-Z2-7]/.test(text) || [1, 3, 6].includes(text.length % 8)) throw new Refused("key_unreadable");
    const out = [];
    let bits = 0, value = 0;
    for (const letter of text) {
      value = ((value << 5) | LETTERS.indexOf(letter)) & 0xfff;
      bits += 5;
      if (bits >= 8) { bits -= 8; out.push((value >>> bits) & 255); }
    }
    return Uint8Array.from(out);
  }

  const together = (...parts) => Uint8Array.from(parts.flatMap((part) => [...part]));

  async function checksum(raw) {
    const found = await crypto.subtle.digest("SHA-256", together(bytes.encode("ATP-KEY\x1f1\x1f"), raw));
    return [...new Uint8Array(found)].slice(0, 4).map((b) => b.toString(16).padStart(2, "0")).join("");
  }

  // The browser keeps the key and never gives it back; nothing is stored.
  async function key(raw) {
    if (raw.length !== KEY_BYTES) throw new Refused("key_length");
    const kept = { name: "HMAC", hash: "SHA-256" };
    return { hmac: await crypto.subtle.importKey("raw", raw, kept, false, ["sign"]), checksum: await checksum(raw) };
  }

  async function keyText(raw) {
    const groups = base32(raw).match(new RegExp(`.{1,${GROUP}}`, "g")).join(" ");
    return `${HEADING}\n${groups}\nchecksum ${await checksum(raw)}\n`;
  }

  async function readKey(text) {
    const lines = text.split(/\r\n|\r|\n/).map(trimmed).filter(Boolean);
    if (lines.length !== 3 || lines[0] !== HEADING || !lines[2].startsWith("checksum ")) throw new Refused("key_unreadable");
    const raw = fromBase32(lines[1].replace(/\s/g, "").toUpperCase());
    if (raw.length !== KEY_BYTES) throw new Refused("key_length");
    if ((await checksum(raw)) !== lines[2].slice(9).trim().toLowerCase()) throw new Refused("key_checksum");
    return key(raw);
  }

  async function newKey() {
    const raw = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
    const made = { ...(await key(raw)), text: await keyText(raw) };
    raw.fill(0);
    return made;
  }

  async function pseudonym(kept, kind, raw) {
    if (!TYPES.includes(kind)) throw new Refused("unknown_type");
    const message = bytes.encode(["ATP-PSEUD", "1", kind, READERS[kind](raw)].join("\x1f"));
    const signed = await crypto.subtle.sign("HMAC", kept.hmac, message);
    return base32(new Uint8Array(signed)).toLowerCase().slice(0, LENGTH);
  }

  // Days are counted as in the command line: the first of January of the year one is day 1.
  const BEFORE_SOLAR = 226894, BEFORE_UNIX = 719163, DAY_MS = 86400000;
  const CLOCK = "(?:[ T][0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)?";
  const YEAR_FIRST = new RegExp(`^([0-9]{4})([-/.])([0-9]{1,2})\\2([0-9]{1,2})${CLOCK}$`);
  const DAY_FIRST = new RegExp(`^([0-9]{1,2})([-/.])([0-9]{1,2})\\2([0-9]{4})${CLOCK}$`);

  function parts(text) {
    let found = YEAR_FIRST.exec(text);
    if (found) return [Number(found[1]), Number(found[3]), Number(found[4])];
    found = DAY_FIRST.exec(text);
    if (found) return [Number(found[4]), Number(found[3]), Number(found[1])];
    throw new Refused("not_a_date");
  }

  const newYear = (year) => BEFORE_SOLAR + 365 * (year - 1) + Math.floor((8 * year + 21) / 33) + 1;

  function solar(year, month, day) {
    const start = newYear(year), before = 31 * (month - 1) - Math.max(0, month - 7);
    const longest = month <= 6 ? 31 : month < 12 ? 30 : newYear(year + 1) - start - before;
    if (month < 1 || month > 12 || day < 1 || day > longest) throw new Refused("not_a_date");
    return start + before + day - 1;
  }

  function dayNumber(raw) {
    const [year, month, day] = parts(plain(raw));
    if (year >= 1300 && year < 1500) return solar(year, month, day);
    const made = new Date(Date.UTC(year, month - 1, day));
    if (year < 1900 || year > 2100 || made.getUTCMonth() !== month - 1 || made.getUTCDate() !== day) throw new Refused("not_a_date");
    return made.getTime() / DAY_MS + BEFORE_UNIX;
  }

  const monthOf = (raw) => new Date((dayNumber(raw) - BEFORE_UNIX) * DAY_MS).toISOString().slice(0, 7);
  const daysBetween = (raw, admission) => (plain(raw) ? String(dayNumber(raw) - dayNumber(admission)) : "");

  return { Refused, TYPES, plain, digits, irNationalCode, ruSnils, key, newKey, readKey, pseudonym, monthOf, daysBetween };
})();
