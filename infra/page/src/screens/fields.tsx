import type { JSX } from "preact";
import { api, ask, type Schemas } from "../api/client";
import { useLoad } from "../load";
import type { Session } from "../session";
import { sentence, t, type Level } from "../text";
import { Empty, Loading, Trouble } from "../ui/basic";
import { FieldSet, type Offer } from "./field_set";
import { useSettings, type Doc, type Settings, type Side } from "./settings";
import { History } from "./setting_history";
import { Form, mayChange, notesOf, Row, SaveBar, SideSwitch, Source, useSide } from "./setting_parts";

const s = t.settings;
type Field = Schemas["AshbyField"];
type SetKey = "displayed" | "mandatory" | "protected" | "filterable";

export const loadFields = (refresh = false): Promise<Schemas["Fields"]> => ask(api.GET("/v1/fields", { params: { query: refresh ? { refresh } : {} } }));

const offers = (fields: readonly Field[], key: SetKey, within: readonly string[] | null): Offer[] =>
  fields
    .filter((f) => within === null || within.includes(f.id))
    .map((f) => {
      const refused = f[key].may ? "" : sentence(f[key].message ?? f[key].code ?? "");
      return { id: f.id, title: f.title, type: f.type, ...(refused ? { refused } : {}) };
    });

export function Fields({ session }: { session: Session }): JSX.Element {
  const side = useSide(session);
  const settings = useSettings(side);
  const fields = useLoad(() => loadFields(), []);
  const may = mayChange(session, side);
  const known = fields.state === "ready" ? fields.data.fields : [];
  const titles = new Map(known.map((f) => [f.id, f.title]));
  return (
    <>
      <header class="screen-head">
        <h1 tabIndex={-1}>{s.fields}</h1>
        <p class="soft">{s.fieldsLead}</p>
      </header>
      <SideSwitch side={side} session={session} />
      {fields.state === "loading" && <Loading rows={4} />}
      {fields.state === "failed" && <Trouble problem={fields.problem} again={fields.again} />}
      {fields.state === "ready" && (
        <>
          {!fields.data.connected && <Empty icon="plug" title={s.needsConnection} />}
          <Form settings={settings}>
            {(doc) => (
              <>
                <Given name="displayed" title={s.displayed} help={s.displayedHelp} {...{ settings, doc, side, may, known, titles }} />
                <Standing name="mandatory" title={s.mandatory} help={s.mandatoryHelp} {...{ settings, doc, side, may, known, titles }} />
                <Standing name="protected" title={s.protected} help={s.protectedHelp} {...{ settings, doc, side, may, known, titles }} />
                <Given name="filterable" title={s.filterable} help={s.filterableHelp} {...{ settings, doc, side, may, known, titles }} />
              </>
            )}
          </Form>
        </>
      )}
      <SaveBar settings={settings} />
      {settings.load.state === "ready" && (
        <History side={side} may={may} version={settings.load.data.data.version} etag={settings.load.data.etag} took={settings.took} titles={titles} />
      )}
    </>
  );
}

type SetProps<K extends SetKey> = {
  name: K;
  title: string;
  help: string;
  settings: Settings;
  doc: Doc;
  side: Side;
  may: boolean;
  known: readonly Field[];
  titles: Map<string, string>;
};

/** Given is a set that a user's own is a part of. */
function Given({ name, title, help, settings, doc, side, may, known, titles }: SetProps<"displayed" | "filterable">): JSX.Element {
  const parent = settings.parent(doc, name) as string[] | undefined;
  const chosen = settings.value(doc, name) ?? null;
  const mine = side === "me";
  return (
    <Row
      title={title}
      help={mine ? `${help} ${s.subset}` : help}
      wide
      changed={name in settings.draft}
      notes={notesOf(doc, name)}
      source={<Source name={name} chosen={doc.effective[name]} words={names(doc.effective[name].value, titles)} />}
    >
      <FieldSet
        title={title}
        id={`set-${name}`}
        offers={offers(known, name, mine ? (parent ?? []) : null)}
        chosen={mine ? chosen : (chosen ?? [])}
        inherited={parent}
        inheritable={mine}
        disabled={!may}
        set={(v) => settings.choose(doc, name, v)}
      />
    </Row>
  );
}

/** Standing is a set that is the team's and the user's together. */
function Standing({ name, title, help, settings, doc, side, may, known, titles }: SetProps<"mandatory" | "protected">): JSX.Element {
  const mine = side === "me";
  const { elements, value } = doc.effective[name];
  const fixed = mine ? elements.filter((e) => e.level === "team").map((e) => e.field) : [];
  return (
    <Row
      title={title}
      help={mine ? `${help} ${s.addition}` : help}
      wide
      changed={name in settings.draft}
      notes={notesOf(doc, name)}
      source={
        <p class="source">
          <span class="source-label">{s.inForce}</span> <strong>{names(value, titles)}</strong>
          {mine && value.length > 0 && <span class="soft"> {s.together([...new Set(elements.map((e) => e.level as Level))])}</span>}
        </p>
      }
    >
      <FieldSet
        title={title}
        id={`set-${name}`}
        offers={offers(known, name, null)}
        chosen={settings.value(doc, name) ?? []}
        fixed={fixed}
        disabled={!may}
        set={(v) => settings.choose(doc, name, v ?? [])}
      />
    </Row>
  );
}

function names(fields: readonly string[], titles: Map<string, string>): string {
  return fields.length === 0 ? s.noneChosen : fields.map((f) => titles.get(f) ?? f).join(", ");
}
