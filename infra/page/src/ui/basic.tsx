import type { ButtonHTMLAttributes, ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Problem } from "../api/client";
import type { Load } from "../load";
import { ago, exactly } from "../format";
import { t } from "../text";
import { Icon, type IconName } from "./icon";

export type Tone = "good" | "warn" | "bad" | "calm" | "info";

type ButtonProps = Omit<ButtonHTMLAttributes, "icon"> & {
  look?: "main" | "plain" | "danger" | "quiet";
  icon?: IconName;
  busy?: boolean;
  children: ComponentChildren;
};

/** Button that is busy stays where it is and is focusable, and does nothing. */
export function Button({ look = "plain", icon, busy, children, onClick, class: more, ...rest }: ButtonProps): JSX.Element {
  return (
    <button
      type="button"
      {...rest}
      class={`button ${look} ${typeof more === "string" ? more : ""}`}
      aria-busy={busy || undefined}
      onClick={(e) => {
        if (!busy) onClick?.(e);
      }}
    >
      {busy ? <span class="spin" aria-hidden="true" /> : icon && <Icon name={icon} />}
      <span>{children}</span>
    </button>
  );
}

export function Badge({ tone, icon, children }: { tone: Tone; icon: IconName; children: ComponentChildren }): JSX.Element {
  return (
    <span class={`badge ${tone}`}>
      <Icon name={icon} />
      {children}
    </span>
  );
}

const noticeIcons: Record<Tone, IconName> = { good: "check", warn: "alert", bad: "alert", calm: "dot", info: "dot" };

type NoticeProps = { tone: Tone; title?: ComponentChildren; alert?: boolean; children?: ComponentChildren };

export function Notice({ tone, title, alert, children }: NoticeProps): JSX.Element {
  return (
    <div class={`notice ${tone}`} role={alert ? "alert" : undefined}>
      <Icon name={noticeIcons[tone]} />
      <div>
        {title && <p class="notice-title">{title}</p>}
        {children}
      </div>
    </div>
  );
}

type PanelProps = { title?: ComponentChildren; lead?: ComponentChildren; aside?: ComponentChildren; id?: string; children: ComponentChildren };

/** Panel is a part of a screen with a heading of its own. */
export function Panel({ title, lead, aside, id, children }: PanelProps): JSX.Element {
  return (
    <section class="panel" id={id}>
      {(title || aside) && (
        <header class="panel-head">
          <div>
            {title && <h2>{title}</h2>}
            {lead && <p class="soft">{lead}</p>}
          </div>
          {aside && <div class="panel-aside">{aside}</div>}
        </header>
      )}
      {children}
    </section>
  );
}

export function Empty({ icon, title, children }: { icon: IconName; title: string; children?: ComponentChildren }): JSX.Element {
  return (
    <div class="empty">
      <Icon name={icon} />
      <p class="empty-title">{title}</p>
      {children}
    </div>
  );
}

export function Loading({ rows = 3 }: { rows?: number }): JSX.Element {
  return (
    <div class="loading" role="status">
      <span class="unseen">{t.loading}</span>
      {Array.from({ length: rows }, (_, i) => (
        <span key={i} class="bone" />
      ))}
    </div>
  );
}

/** Trouble tells of a problem and what to do about it. */
export function Trouble({ problem, again }: { problem: Problem; again?: () => void }): JSX.Element {
  const said = t.problem(problem);
  return (
    <Notice tone={problem.status === 403 ? "warn" : "bad"} title={said.title} alert>
      {said.detail && <p>{said.detail}</p>}
      {problem.mistakes.length > 0 && (
        <ul>
          {problem.mistakes.map((m) => (
            <li key={m.path}>
              <code>{m.path}</code> {m.message}
            </li>
          ))}
        </ul>
      )}
      {problem.request && (
        <p class="fine">
          {t.requestId} <code>{problem.request}</code>
        </p>
      )}
      {again && (
        <p>
          <Button icon="redo" onClick={again}>
            {t.tryAgain}
          </Button>
        </p>
      )}
    </Notice>
  );
}

type ReadyProps<T> = { load: Load<T> & { again: () => void }; rows?: number; children: (data: T) => ComponentChildren };

/** Ready shows what was loaded, or that it is loading, or why it is not there. */
export function Ready<T>({ load, rows, children }: ReadyProps<T>): JSX.Element {
  if (load.state === "loading") return <Loading {...(rows === undefined ? {} : { rows })} />;
  if (load.state === "failed") {
    if (load.problem.code === "no_such_path") return <Empty icon="clock" title={t.notHere} />;
    return <Trouble problem={load.problem} again={load.again} />;
  }
  return <>{children(load.data)}</>;
}

/** When tells a moment as people do; the exact one is its title. */
export function When({ at }: { at: string }): JSX.Element {
  return (
    <time dateTime={at} title={exactly(at)}>
      {ago(at)}
    </time>
  );
}

/** Summary of mistakes, focused when it comes, each leading to where it is. */
export function Summary({ problem, place }: { problem: Problem; place: (path: string) => string | null }): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), [problem]);
  return (
    <div class="notice bad summary" role="alert" tabIndex={-1} ref={box}>
      <Icon name="alert" />
      <div>
        <p class="notice-title">{t.mistakes(problem.mistakes.length)}</p>
        <ul>
          {problem.mistakes.map((m) => {
            const target = place(m.path);
            const said = m.message ?? m.code;
            return (
              <li key={m.path + m.code}>
                {target ? (
                  <a
                    href={`#${target}`}
                    onClick={(e) => {
                      e.preventDefault();
                      const at = document.getElementById(target);
                      at?.scrollIntoView({ block: "center" });
                      at?.focus();
                    }}
                  >
                    {said}
                  </a>
                ) : (
                  said
                )}
              </li>
            );
          })}
        </ul>
      </div>
    </div>
  );
}
