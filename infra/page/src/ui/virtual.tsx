import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

type VirtualProps<T> = {
  label: string;
  items: readonly T[];
  id: (item: T) => string;
  height: { wide: number; narrow: number }; // of a row, rem
  row: (item: T) => JSX.Element;
  more?: () => void; // asked for when the end is near
};

const over = 8; // rows kept above and below what is seen

/** Virtual is a list of any length that scrolls with the page: only the rows near what is seen are there. Every row is of one height. */
export function Virtual<T>({ label, items, id, height, row, more }: VirtualProps<T>): JSX.Element {
  const box = useRef<HTMLOListElement>(null);
  const [range, setRange] = useState({ from: 0, to: 30 });
  const narrow = useNarrow();
  const px = (narrow ? height.narrow : height.wide) * parseFloat(getComputedStyle(document.documentElement).fontSize);
  const latest = useRef({ count: items.length, more });
  latest.current = { count: items.length, more };

  useEffect(() => {
    let asked = 0;
    const measure = (): void => {
      asked = 0;
      if (!box.current) return;
      const top = -box.current.getBoundingClientRect().top;
      const from = Math.max(0, Math.floor(top / px) - over);
      const to = Math.ceil((top + innerHeight) / px) + over;
      setRange((r) => (r.from === from && r.to === to ? r : { from, to }));
      if (to >= latest.current.count) latest.current.more?.();
    };
    const soon = (): void => {
      asked ||= requestAnimationFrame(measure);
    };
    addEventListener("scroll", soon, { passive: true });
    addEventListener("resize", soon);
    measure();
    return () => {
      removeEventListener("scroll", soon);
      removeEventListener("resize", soon);
      cancelAnimationFrame(asked);
    };
  }, [px, items.length]);

  useLayoutEffect(() => {
    if (box.current) box.current.style.height = `${items.length * px}px`;
  });
  const { from } = range;
  const shown = items.slice(from, range.to);
  return (
    <ol class="virtual" aria-label={label} ref={box}>
      {shown.map((item, i) => (
        <li
          key={id(item)}
          aria-setsize={items.length}
          aria-posinset={from + i + 1}
          ref={(li) => {
            if (li) {
              li.style.top = `${(from + i) * px}px`;
              li.style.height = `${px}px`;
            }
          }}
        >
          {row(item)}
        </li>
      ))}
    </ol>
  );
}

const query = matchMedia("(max-width: 40rem)");

function useNarrow(): boolean {
  const [narrow, set] = useState(query.matches);
  useEffect(() => {
    const look = (): void => set(query.matches);
    query.addEventListener("change", look);
    return () => query.removeEventListener("change", look);
  }, []);
  return narrow;
}
