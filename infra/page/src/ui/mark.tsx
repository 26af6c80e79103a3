import type { JSX } from "preact";

/** AshbyMark stands for Ashby; it is a letter and no trade mark. */
export const AshbyMark = (): JSX.Element => (
  <svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
    <rect width="32" height="32" rx="8" />
    <path d="M9.5 23 16 8.5 22.5 23M12 18h8" />
  </svg>
);
