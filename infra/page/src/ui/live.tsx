// What happened, said once: to screen readers through a live region, to everybody else as a slip that goes away.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

let speak: (text: string) => void = () => undefined;

export const announce = (text: string): void => speak(text);

export function Live(): JSX.Element {
  const [said, say] = useState({ text: "", n: 0 });
  useEffect(() => {
    speak = (text) => say((before) => ({ text, n: before.n + 1 }));
    return () => void (speak = () => undefined);
  }, []);
  useEffect(() => {
    if (!said.text) return;
    const timer = setTimeout(() => say((s) => (s.n === said.n ? { text: "", n: s.n } : s)), 6000);
    return () => clearTimeout(timer);
  }, [said.n]);
  return (
    <div class="live" role="status" aria-live="polite">
      {said.text && (
        <p class="slip" key={said.n}>
          {said.text}
        </p>
      )}
    </div>
  );
}
