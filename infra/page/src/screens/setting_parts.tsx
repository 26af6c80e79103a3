// The parts that the screens of settings have in common.
import type { ComponentChildren, JSX } from "preact";
import { asProblem, type Schemas } from "../api/client";
import { day, number } from "../format";
import { go, usePlace, withQuery } from "../router";
import type { Session } from "../session";
import { sentence, t, type Level, type NoteType, type Trigger } from "../text";
import { Button, Loading, Notice, Summary, Trouble } from "../ui/basic";
import { Choice } from "../ui/choice";
import { Dialog } from "../ui/dialog";
import { Icon } from "../ui/icon";
import { same, stored, useGuard, type Doc, type Key, type Settings, type Side } from "./settings";

const s = t.settings;

/** useSide is whose settings are looked at; admins begin with the team's, others with their own. */
export function useSide(session: Session): Side {
  const { query } = usePlace();
  const asked = query.get("for");
  if (asked === "team" || asked === "me") return asked;
  return session.role === "member" ? "me" : "team";
}

export const mayChange = (session: Session, side: Side): boolean => session.role === "admin" || (session.role === "member" && side === "me");

export function SideSwitch({ side, session }: { side: Side; session: Session }): JSX.Element {
  const may = mayChange(session, side);
  return (
    <div class="side">
      <Choice<Side>
        label={s.who}
        look="tabs"
        value={side}
        options={[
          { value: "me", label: s.mine },
          { value: "team", label: s.team },
        ]}
        choose={(to) => go(withQuery({ for: to }))}
      />
      <p class="soft">{side === "me" ? s.mineLead : s.teamLead}</p>
      {!may && (
        <p class="locked-line">
          <Icon name="lock" /> {session.role === "viewer" ? t.session.readOnly : t.session.adminOnly}
        </p>
      )}
    </div>
  );
}

/** show tells a setting's value in words. */
export function show(key: string, value: unknown, titles?: Map<string, string>): string {
  if (value === null || value === undefined) return s.unchosen;
  if (typeof value === "boolean") return value ? t.on : t.off;
  if (key === "trigger") return s.triggers[value as Trigger]?.name ?? String(value);
  if (Array.isArray(value)) {
    if (value.length === 0) return s.noneChosen;
    return value.map((v: string) => (key === "note_types" ? t.noteTypes[v as NoteType] : titles?.get(v)) ?? v).join(", ");
  }
  return typeof value === "string" || typeof value === "number" ? String(value) : JSON.stringify(value);
}

type Chosen = { value?: unknown; level: Level; version?: number; shadowed?: string[]; forced_by_lock?: string[] };

/** Source tells what is in force now, and where that comes from. */
export function Source({ name, chosen, words }: { name: string; chosen: Chosen; words?: string }): JSX.Element {
  return (
    <p class="source">
      <span class="source-label">{s.inForce}</span> <strong>{words ?? show(name, chosen.value)}</strong> <span class="soft">{s.from(chosen.level, chosen.version)}</span>
      {chosen.shadowed && chosen.shadowed.length > 0 && <span class="soft"> · {s.shadows(chosen.shadowed as Level[])}</span>}
    </p>
  );
}

/** notesOf are what the API remarks on a setting. */
export const notesOf = (doc: Doc, name: string): Schemas["Note"][] => doc.notes?.filter((n) => n.setting === name) ?? [];

type RowProps = {
  title: string;
  help: ComponentChildren;
  locked?: boolean;
  changed?: boolean;
  notes?: readonly Schemas["Note"][];
  source?: ComponentChildren;
  wide?: boolean;
  children: ComponentChildren;
};

/** Row is one setting: what it is, the control, and what is in force. */
export function Row({ title, help, locked, changed, notes, source, wide, children }: RowProps): JSX.Element {
  return (
    <section class={`setting ${wide ? "wide" : ""} ${changed ? "changed" : ""}`}>
      <div class="setting-text">
        <h2>
          {title}
          {locked && (
            <span class="lock" title={s.lockedAdmin}>
              <Icon name="lock" />
              <span class="unseen">{s.lockedAdmin}</span>
            </span>
          )}
        </h2>
        <p class="soft">{help}</p>
      </div>
      <div class="setting-control">
        {children}
        {source}
        {notes?.map((n) => (
          <Notice key={n.code} tone="info">
            <p>{sentence(n.message)}</p>
          </Notice>
        ))}
      </div>
    </section>
  );
}

type TeamSwitchProps = { settings: Settings; doc: Doc; name: "backfill" | "native_email" | "private_notes"; title: string; help: string; may: boolean };

/** TeamSwitch is a whole row for a setting that only the team has. */
export function TeamSwitch({ settings, doc, name, title, help, may }: TeamSwitchProps): JSX.Element {
  return (
    <Row
      title={title}
      help={help}
      changed={name in settings.draft}
      notes={notesOf(doc, name)}
      source={<Source name={name} chosen={doc.effective[name]} />}
    >
      <Tristate settings={settings} doc={doc} name={name} side="team" disabled={!may} title={title} />
    </Row>
  );
}

type SwitchProps = { settings: Settings; doc: Doc; name: "only_synced" | "sync_manual_updates" | TeamSwitchProps["name"]; side: Side; disabled: boolean; title: string };

/** Tristate is on, off, or what the level above says. */
export function Tristate({ settings, doc, name, side, disabled, title }: SwitchProps): JSX.Element {
  const parent = settings.parent(doc, name);
  const above = typeof parent === "boolean" ? (side === "me" ? s.inherit(parent ? t.on : t.off) : s.builtIn(parent ? t.on : t.off)) : side === "me" ? s.inheritTitle : s.builtInTitle;
  return (
    <Choice<boolean | null>
      label={title}
      id={`set-${name}`}
      disabled={disabled}
      value={settings.value(doc, name) ?? null}
      options={[
        { value: null, label: above },
        { value: true, label: t.on },
        { value: false, label: t.off },
      ]}
      choose={(v) => settings.choose(doc, name, v)}
    />
  );
}

/** SaveBar is there while something is unsaved; it tells of mistakes and of another's save. */
export function SaveBar({ settings }: { settings: Settings }): JSX.Element {
  const guard = useGuard(settings.changed > 0);
  const { problem, conflict } = settings;
  return (
    <>
      {problem && (problem.mistakes.length > 0 ? <Summary problem={problem} place={(path) => (document.getElementById(`set-${path.split(/[.[]/)[0]}`) ? `set-${path.split(/[.[]/)[0]}` : null)} /> : <Trouble problem={problem} />)}
      {settings.changed > 0 && (
        <div class="save-bar" role="region" aria-label={s.changed(settings.changed)}>
          <p>{s.changed(settings.changed)}</p>
          <Button onClick={settings.discard}>{t.discard}</Button>
          <Button look="main" busy={settings.saving.busy} onClick={() => void settings.saving.run()}>
            {t.save}
          </Button>
        </div>
      )}
      {guard.asking && (
        <Dialog
          title={s.leaveTitle}
          close={guard.stay}
          foot={
            <>
              <Button look="danger" onClick={guard.leave}>
                {s.leave}
              </Button>
              <Button look="main" onClick={guard.stay}>
                {s.stay}
              </Button>
            </>
          }
        >
          <p>{s.leaveLead}</p>
        </Dialog>
      )}
      {conflict && <ConflictDialog settings={settings} conflict={conflict} />}
    </>
  );
}

function ConflictDialog({ settings, conflict }: { settings: Settings; conflict: NonNullable<Settings["conflict"]> }): JSX.Element {
  const keys = Object.keys(settings.draft) as Key[];
  return (
    <Dialog
      title={s.conflictTitle}
      wide
      close={settings.discard}
      foot={
        <>
          <Button onClick={settings.discard}>{s.takeTheirs}</Button>
          <Button look="main" onClick={() => void settings.over()}>
            {s.keepMine}
          </Button>
        </>
      }
    >
      <p>{s.conflictLead(number(conflict.stored.data.version))}</p>
      <table class="plain">
        <thead>
          <tr>
            <th scope="col">{s.setting}</th>
            <th scope="col">{s.theirs}</th>
            <th scope="col">{s.ours}</th>
          </tr>
        </thead>
        <tbody>
          {keys.map((key) => {
            const theirs = stored(conflict.stored.data, key);
            const moved = !same(theirs, stored(conflict.base, key));
            return (
              <tr key={key} class={moved ? "moved" : undefined}>
                <th scope="row">{s.names[key] ?? key}</th>
                <td>{show(key, theirs)}</td>
                <td>{show(key, settings.draft[key])}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Dialog>
  );
}

/** Locked tells who keeps these settings for the admins. */
export function LockedNotice({ locked, admin }: { locked: Schemas["Locked"]; admin: boolean }): JSX.Element {
  return (
    <div class="notice warn">
      <Icon name="lock" />
      <div>
        <p class="notice-title">
          <time dateTime={locked.at} title={day(locked.at)}>
            {s.locked(locked.by, locked.at)}
          </time>
        </p>
        <p>{admin ? s.lockedAdmin : s.lockedLead}</p>
      </div>
    </div>
  );
}

type FormProps = { settings: Settings; children: (doc: Doc) => ComponentChildren };

/** Form shows the settings of a side once they are there. */
export function Form({ settings, children }: FormProps): JSX.Element {
  const { load } = settings;
  if (load.state === "loading") return <Loading rows={6} />;
  if (load.state === "failed") return <Trouble problem={asProblem(load.problem)} again={load.again} />;
  return <>{children(load.data.data)}</>;
}
