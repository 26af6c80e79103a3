import type { ComponentChildren, JSX } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { t } from "../text";
import { Button } from "./basic";

type DialogProps = { title: string; close: () => void; wide?: boolean; foot?: ComponentChildren; children: ComponentChildren };

/** Dialog is the browser's own: it keeps the focus inside, ends with Escape, and gives the focus back. */
export function Dialog({ title, close, wide, foot, children }: DialogProps): JSX.Element {
  const box = useRef<HTMLDialogElement>(null);
  const name = useId();
  useEffect(() => {
    const opener = document.activeElement;
    box.current?.showModal();
    return () => {
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);
  return (
    <dialog
      ref={box}
      class={wide ? "wide" : undefined}
      aria-labelledby={name}
      onCancel={(e) => {
        e.preventDefault();
        close();
      }}
    >
      <header>
        <h2 id={name}>{title}</h2>
        <Button look="quiet" icon="cross" aria-label={t.close} class="only-icon" onClick={close}>
          <span class="unseen">{t.close}</span>
        </Button>
      </header>
      <div class="dialog-body">{children}</div>
      {foot && <footer>{foot}</footer>}
    </dialog>
  );
}

type ConfirmProps = { title: string; yes: string; danger?: boolean; busy?: boolean; close: () => void; go: () => void; children: ComponentChildren };

export function Confirm({ title, yes, danger, busy, close, go, children }: ConfirmProps): JSX.Element {
  return (
    <Dialog
      title={title}
      close={close}
      foot={
        <>
          <Button onClick={close}>{t.cancel}</Button>
          <Button look={danger ? "danger" : "main"} busy={busy ?? false} onClick={go}>
            {yes}
          </Button>
        </>
      }
    >
      {children}
    </Dialog>
  );
}
