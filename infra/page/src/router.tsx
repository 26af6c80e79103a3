// Addresses and screens. Leaving a screen with unsaved changes asks first.
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

export interface Place {
  path: string;
  query: URLSearchParams;
}

type Guard = (go: () => void) => void;

let guard: Guard | null = null;
const watchers = new Set<() => void>();
const here = (): Place => ({ path: location.pathname.replace(/(.)\/+$/, "$1"), query: new URLSearchParams(location.search) });
let shown = location.href;

const tell = (): void => {
  shown = location.href;
  for (const watch of watchers) watch();
};

/** go shows another address, unless a guard keeps the person. */
export function go(to: string, options: { replace?: boolean; force?: boolean } = {}): void {
  const move = (): void => {
    history[options.replace ? "replaceState" : "pushState"](null, "", to);
    tell();
    if (!options.replace) {
      scrollTo(0, 0);
      document.querySelector<HTMLElement>("main")?.focus({ preventScroll: true });
    }
  };
  if (guard && !options.force) guard(move);
  else move();
}

addEventListener("popstate", () => {
  if (!guard) return tell();
  const wanted = location.href;
  history.pushState(null, "", shown);
  guard(() => {
    history.replaceState(null, "", wanted);
    tell();
  });
});

/** keep sets who is asked before the screen is left; null: nobody. */
export function keep(next: Guard | null): void {
  guard = next;
}

addEventListener("beforeunload", (e) => {
  if (guard) e.preventDefault();
});

export function usePlace(): Place {
  const [place, see] = useState(here);
  useEffect(() => {
    const watch = (): void => see(here());
    watchers.add(watch);
    return () => void watchers.delete(watch);
  }, []);
  return place;
}

/** withQuery gives the address here with some of its query changed; null takes away. */
export function withQuery(change: Record<string, string | null>): string {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(change)) {
    if (value === null) query.delete(name);
    else query.set(name, value);
  }
  const text = query.toString();
  return location.pathname + (text ? `?${text}` : "");
}

type LinkProps = { to: string; class?: string; current?: "page" | undefined; children: ComponentChildren };

/** Link is an ordinary link that does not load the page anew. */
export function Link({ to, current, children, class: look }: LinkProps): JSX.Element {
  return (
    <a
      class={look}
      aria-current={current}
      href={to}
      onClick={(e) => {
        if (e.metaKey || e.ctrlKey || e.shiftKey || e.button !== 0) return;
        e.preventDefault();
        go(to);
      }}
    >
      {children}
    </a>
  );
}
