// Numbers, times and plurals as people read them, in their own language's way.
const tag = typeof navigator === "undefined" ? "en" : (navigator.languages?.find((l) => l.startsWith("en")) ?? "en");

const numbers = new Intl.NumberFormat(tag);
const percents = new Intl.NumberFormat(tag, { style: "percent", maximumFractionDigits: 0 });
const days = new Intl.DateTimeFormat(tag, { dateStyle: "medium" });
const moments = new Intl.DateTimeFormat(tag, { dateStyle: "medium", timeStyle: "short" });
const exact = new Intl.DateTimeFormat(tag, { dateStyle: "full", timeStyle: "long" });
const clock = new Intl.DateTimeFormat(tag, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const since = new Intl.RelativeTimeFormat(tag, { numeric: "auto" });
const rules = new Intl.PluralRules(tag);
const lists = new Intl.ListFormat(tag, { type: "conjunction" });
const order = new Intl.Collator(tag, { sensitivity: "base", numeric: true });

export const number = (n: number): string => numbers.format(n);
export const percent = (part: number): string => percents.format(part);
export const day = (at: string): string => days.format(new Date(at));
export const moment = (at: string): string => moments.format(new Date(at));
export const exactly = (at: string): string => exact.format(new Date(at));
export const time = (at: string): string => clock.format(new Date(at));
export const list = (words: readonly string[]): string => lists.format(words);
export const compare = (a: string, b: string): number => order.compare(a, b);

/** plural chooses the form for n and puts the number in. */
export function plural(n: number, forms: { one: string; other: string }): string {
  return (rules.select(n) === "one" ? forms.one : forms.other).replace("#", number(n));
}

const units: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
];

/** ago tells how long ago, or in how long, a moment is. */
export function ago(at: string, now = Date.now()): string {
  const seconds = Math.round((Date.parse(at) - now) / 1000);
  for (const [unit, size] of units) {
    if (Math.abs(seconds) >= size) return since.format(Math.trunc(seconds / size), unit);
  }
  return since.format(0, "second");
}

/** duration tells a number of seconds in its two largest units. */
export function duration(seconds: number): string {
  const parts: string[] = [];
  let rest = Math.max(0, Math.round(seconds));
  for (const [unit, size] of units) {
    const n = Math.floor(rest / size);
    if (n > 0 && parts.length < 2) {
      parts.push(new Intl.NumberFormat(tag, { style: "unit", unit, unitDisplay: "long" }).format(n));
      rest -= n * size;
    }
  }
  return parts.length > 0 ? lists.format(parts) : new Intl.NumberFormat(tag, { style: "unit", unit: "second", unitDisplay: "long" }).format(0);
}

/** fold makes two spellings of a word equal, for searching. */
export const fold = (text: string): string =>
  text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/\s+/g, " ")
    .trim();
