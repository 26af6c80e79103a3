import type { JSX } from "preact";
import type { Session } from "../session";
import { noteGroups, t, type NoteType } from "../text";
import { Check, Choice } from "../ui/choice";
import { useSettings, type Doc, type Settings, type Side } from "./settings";
import { History } from "./setting_history";
import { Form, mayChange, notesOf, Row, SaveBar, SideSwitch, Source, TeamSwitch, Tristate, useSide } from "./setting_parts";

const s = t.settings;

export function General({ session }: { session: Session }): JSX.Element {
  const side = useSide(session);
  const settings = useSettings(side);
  const may = mayChange(session, side);
  return (
    <>
      <header class="screen-head">
        <h1 tabIndex={-1}>{s.general}</h1>
        <p class="soft">{s.generalLead}</p>
      </header>
      <SideSwitch side={side} session={session} />
      <Form settings={settings}>
        {(doc) => (
          <>
            <Row
              title={s.manual}
              help={s.manualHelp}
              changed={"sync_manual_updates" in settings.draft}
              notes={notesOf(doc, "sync_manual_updates")}
              source={<Source name="sync_manual_updates" chosen={doc.effective.sync_manual_updates} />}
            >
              <Tristate settings={settings} doc={doc} name="sync_manual_updates" side={side} disabled={!may} title={s.manual} />
            </Row>
            <NoteTypes settings={settings} doc={doc} side={side} may={may} />
            {side === "team" && (
              <>
                <TeamSwitch settings={settings} doc={doc} name="private_notes" title={s.privateNotes} help={s.privateNotesHelp} may={may} />
                <TeamSwitch settings={settings} doc={doc} name="native_email" title={s.native} help={s.nativeHelp} may={may} />
              </>
            )}
          </>
        )}
      </Form>
      <SaveBar settings={settings} />
      {settings.load.state === "ready" && (
        <History side={side} may={may} version={settings.load.data.data.version} etag={settings.load.data.etag} took={settings.took} />
      )}
    </>
  );
}

function NoteTypes({ settings, doc, side, may }: { settings: Settings; doc: Doc; side: Side; may: boolean }): JSX.Element {
  const chosen = settings.value(doc, "note_types") ?? null;
  const shown = new Set<string>(chosen ?? doc.effective.note_types.value);
  const set = (type: NoteType, on: boolean): void => {
    const all = noteGroups.flatMap((g) => g.types);
    settings.choose(
      doc,
      "note_types",
      all.filter((one) => (one === type ? on : shown.has(one))),
    );
  };
  return (
    <Row
      title={s.notes}
      help={s.notesHelp}
      wide
      changed={"note_types" in settings.draft}
      notes={notesOf(doc, "note_types")}
      source={<Source name="note_types" chosen={doc.effective.note_types} words={s.noteCount(doc.effective.note_types.value.length)} />}
    >
      <Choice<boolean>
        label={s.notes}
        disabled={!may}
        id="set-note_types"
        value={chosen !== null}
        options={[
          { value: false, label: side === "me" ? s.inheritTitle : s.builtInTitle },
          { value: true, label: s.notesOwn },
        ]}
        choose={(own) => settings.choose(doc, "note_types", own ? ([...shown] as NoteType[]) : null)}
      />
      <div class="note-groups">
        {noteGroups.map((g) => (
          <fieldset key={g.name} class="note-group">
            <legend>{g.name}</legend>
            {g.types.map((type) => (
              <Check key={type} label={t.noteTypes[type]} checked={shown.has(type)} disabled={!may || chosen === null} set={(on) => set(type, on)} />
            ))}
          </fieldset>
        ))}
      </div>
    </Row>
  );
}
