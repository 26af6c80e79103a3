import type { JSX } from "preact";
import type { Session } from "../session";
import { t, type Trigger } from "../text";
import { Choice } from "../ui/choice";
import { Icon } from "../ui/icon";
import { useSettings, type Doc, type Settings, type Side } from "./settings";
import { History } from "./setting_history";
import { Form, LockedNotice, mayChange, notesOf, Row, SaveBar, SideSwitch, Source, TeamSwitch, Tristate, useSide } from "./setting_parts";

const s = t.settings;
const order: Trigger[] = ["on_add", "on_reply", "on_interested", "never"];

export function Sync({ session }: { session: Session }): JSX.Element {
  const side = useSide(session);
  const settings = useSettings(side);
  const admin = session.role === "admin";
  const may = mayChange(session, side);
  return (
    <>
      <header class="screen-head">
        <h1 tabIndex={-1}>{s.sync}</h1>
        <p class="soft">{s.syncLead}</p>
      </header>
      <SideSwitch side={side} session={session} />
      <Form settings={settings}>
        {(doc) => {
          const locked = doc.locked !== undefined;
          const shut = !may || (locked && !admin);
          return (
            <>
              {doc.locked && <LockedNotice locked={doc.locked} admin={admin} />}
              {side === "team" && (
                <Row title={s.lock} help={s.lockHelp} locked={locked} changed={"lock" in settings.draft}>
                  <Choice<boolean>
                    label={s.lock}
                    id="set-lock"
                    disabled={!admin}
                    value={settings.value(doc, "lock") === true}
                    options={[
                      { value: false, label: t.off },
                      { value: true, label: t.on },
                    ]}
                    choose={(on) => settings.choose(doc, "lock", on)}
                  />
                </Row>
              )}
              <Row
                title={s.toggle}
                help={s.toggleHelp}
                locked={locked}
                changed={"only_synced" in settings.draft}
                notes={[
                  ...notesOf(doc, "only_synced").filter((n) => n.code !== "no_effect_with_on_add"),
                  ...(now(settings, doc, "trigger") === "on_add" ? [{ code: "no_effect_with_on_add", message: s.toggleNoEffect }] : []),
                ]}
                source={<Source name="only_synced" chosen={doc.effective.only_synced} />}
              >
                <Tristate settings={settings} doc={doc} name="only_synced" side={side} disabled={shut} title={s.toggle} />
              </Row>
              <TriggerRow settings={settings} doc={doc} side={side} shut={shut} locked={locked} />
              <Outcome settings={settings} doc={doc} />
              {side === "team" && <TeamSwitch settings={settings} doc={doc} name="backfill" title={s.backfill} help={s.backfillHelp} may={may} />}
            </>
          );
        }}
      </Form>
      <SaveBar settings={settings} />
      {settings.load.state === "ready" && (
        <History side={side} may={may} version={settings.load.data.data.version} etag={settings.load.data.etag} took={settings.took} />
      )}
    </>
  );
}

/** now is the value that would hold if the changes were saved. */
function now<K extends "trigger" | "only_synced">(settings: Settings, doc: Doc, key: K): string | boolean {
  if (!(key in settings.draft)) return doc.effective[key].value; // which may be another than was chosen: the lock sets choices aside
  return settings.value(doc, key) ?? (settings.parent(doc, key) as string | boolean | undefined) ?? doc.effective[key].value;
}

type TriggerProps = { settings: Settings; doc: Doc; side: Side; shut: boolean; locked: boolean };

function TriggerRow({ settings, doc, side, shut, locked }: TriggerProps): JSX.Element {
  return (
    <Row
      title={s.trigger}
      help={s.triggerHelp}
      wide
      locked={locked}
      changed={"trigger" in settings.draft}
      notes={notesOf(doc, "trigger")}
      source={<Source name="trigger" chosen={doc.effective.trigger} />}
    >
      <Choice<Trigger | null>
        label={s.trigger}
        look="cards"
        id="set-trigger"
        disabled={shut}
        value={settings.value(doc, "trigger") ?? null}
        options={[
          { value: null, label: side === "me" ? s.inheritTitle : s.builtInTitle },
          ...order.map((value) => ({ value, label: s.triggers[value].name })),
        ]}
        choose={(v) => settings.choose(doc, "trigger", v)}
      />
    </Row>
  );
}

function Outcome({ settings, doc }: { settings: Settings; doc: Doc }): JSX.Element {
  return (
    <section class="outcome" aria-live="polite">
      <Icon name="flow" />
      <div>
        <h2>{s.outcomeTitle}</h2>
        <p>{s.outcome(now(settings, doc, "trigger") as Trigger, now(settings, doc, "only_synced") as boolean)}</p>
      </div>
    </section>
  );
}
