import type { JSX } from "preact";

// Drawn on a grid of 20, in the colour of the text around them.
const paths = {
  alert: "M10 3 2 17h16L10 3Zm0 5v4m0 2.5v.5",
  arrow: "M4 10h11m-4-4 4 4-4 4",
  back: "M16 10H5m4-4-4 4 4 4",
  check: "M4 10.5 8 14.5 16 6",
  clock: "M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15ZM10 6v4l3 2",
  cross: "M5 5l10 10M15 5 5 15",
  dot: "M10 8a2 2 0 1 0 0 4 2 2 0 0 0 0-4Z",
  down: "M5 8l5 5 5-5",
  empty: "M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15Z",
  eye: "M2 10s3-5.5 8-5.5 8 5.5 8 5.5-3 5.5-8 5.5S2 10 2 10Zm8-2.2a2.2 2.2 0 1 0 0 4.4 2.2 2.2 0 0 0 0-4.4Z",
  flow: "M3 6h9l-2.5-2.5M17 14H8l2.5 2.5",
  gear: "M10 7a3 3 0 1 0 0 6 3 3 0 0 0 0-6Zm0-4.5v2M10 15.5v2M2.5 10h2M15.5 10h2M4.7 4.7l1.4 1.4M13.9 13.9l1.4 1.4M15.3 4.7l-1.4 1.4M6.1 13.9l-1.4 1.4",
  inbox: "M3 11 5 4h10l2 7v5H3v-5Zm0 0h4l1 2h4l1-2h4",
  list: "M7 5h10M7 10h10M7 15h10M3 5h.5M3 10h.5M3 15h.5",
  lock: "M5 9h10v8H5V9Zm2 0V6.5a3 3 0 0 1 6 0V9",
  map: "M3 5h5v4H3V5Zm9 6h5v4h-5v-4ZM8 7h3.5v6",
  out: "M8 4H4v12h12v-4M11 4h5v5M16 4l-7 7",
  pause: "M7 4.5v11M13 4.5v11",
  people: "M7 9a3 3 0 1 0 0-6 3 3 0 0 0 0 6Zm-5 8c0-3 2-5 5-5s5 2 5 5M13 9a2.5 2.5 0 1 0 0-5M14 12c2.5 0 4 2 4 4.5",
  play: "M6 4l10 6-10 6V4Z",
  plug: "M7 3v4M13 3v4M5 7h10v3a5 5 0 0 1-10 0V7Zm5 8v3",
  plus: "M10 4v12M4 10h12",
  redo: "M16 5v4h-4M15.5 9A6 6 0 1 0 16 12",
  search: "M9 3a6 6 0 1 0 0 12A6 6 0 0 0 9 3Zm4.5 10.5L17 17",
  send: "M3 10 17 4l-4 13-3-5-7-2Z",
  tag: "M3 3h6l8 8-6 6-8-8V3Zm3.5 3.5h.1",
} as const;

export type IconName = keyof typeof paths;

/** Icon never speaks: words are beside it. */
export function Icon({ name }: { name: IconName }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}
