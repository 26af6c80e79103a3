// Values that users give, for a campaign or a person, for the fields that the team displays.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api, ask, type Schemas } from "../api/client";
import { moment } from "../format";
import { useEvery, useLoad, useTask } from "../load";
import { go, Link, usePlace, withQuery } from "../router";
import type { Session } from "../session";
import { sentence, t } from "../text";
import { Button, Empty, Loading, Panel, Ready, Trouble } from "../ui/basic";
import { Check, SelectField, TextField } from "../ui/choice";
import { Confirm } from "../ui/dialog";
import { announce } from "../ui/live";
import { loadFields } from "./fields";

const g = t.given;
type Given = Schemas["GivenValues"];
type Field = Schemas["AshbyField"];
export type Subject = { kind: "people" | "campaigns"; id: string };

const read = ({ kind, id }: Subject): Promise<Given> =>
  kind === "people" ? ask(api.GET("/v1/values/people/{person}", { params: { path: { person: id } } })) : ask(api.GET("/v1/values/campaigns/{campaign}", { params: { path: { campaign: id } } }));

const write = ({ kind, id }: Subject, values: Record<string, unknown>): Promise<Given> => {
  const body = { values };
  return kind === "people"
    ? ask(api.PUT("/v1/values/people/{person}", { params: { path: { person: id } }, body }))
    : ask(api.PUT("/v1/values/campaigns/{campaign}", { params: { path: { campaign: id } }, body }));
};

/** CampaignValues is the screen on which a campaign's values are given. */
export function CampaignValues({ session }: { session: Session }): JSX.Element {
  const campaign = usePlace().query.get("campaign") ?? "";
  const [id, setId] = useState(campaign);
  return (
    <>
      <header class="screen-head">
        <h1 tabIndex={-1}>{g.title}</h1>
        <p class="soft">{g.lead}</p>
      </header>
      <form
        class="inline-form"
        onSubmit={(e) => {
          e.preventDefault();
          go(withQuery({ campaign: id.trim() || null }), { replace: true });
        }}
      >
        <TextField label={g.campaign} value={id} put={setId} />
        <Button type="submit" icon="search">
          {g.open}
        </Button>
      </form>
      {campaign && <GivenPanel key={campaign} subject={{ kind: "campaigns", id: campaign }} session={session} />}
    </>
  );
}

export function GivenPanel({ subject, session }: { subject: Subject; session: Session }): JSX.Element {
  const load = useLoad(() => read(subject), [subject.kind, subject.id]);
  const fields = useLoad(async () => {
    const [all, settings] = await Promise.all([loadFields(), ask(api.GET("/v1/settings/effective", { params: { query: {} } }))]);
    return all.fields.filter((f) => settings.effective.displayed.value.includes(f.id));
  }, []);
  const [editing, setEditing] = useState<Field | null>(null);
  useEvery(5000, load.again);
  const may = session.role !== "viewer";
  if (load.state === "failed" && load.problem.status === 404) return <></>;
  return (
    <Panel title={g.panel} lead={g.panelLead[subject.kind]}>
      <Ready load={load} rows={1}>
        {({ values }) => {
          if (fields.state !== "ready") return <Loading rows={1} />;
          const kept = values.filter((v) => !fields.data.some((f) => f.id === v.field));
          if (fields.data.length + kept.length === 0) {
            return (
              <Empty icon="tag" title={g.none}>
                <p>
                  <Link to="/integrations/ashby/fields">{t.nav.fields}</Link>
                </p>
              </Empty>
            );
          }
          return (
            <table class="rows">
              <thead>
                <tr>
                  <th scope="col">{t.why.field}</th>
                  <th scope="col">{t.why.value}</th>
                  <th scope="col">
                    <span class="unseen">{g.change}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {[...fields.data.map((f) => ({ id: f.id, title: f.title, field: f })), ...kept.map((v) => ({ id: v.field, title: v.title, field: null }))].map(({ id, title, field }) => {
                  const value = values.find((v) => v.field === id);
                  return (
                    <tr key={id}>
                      <th scope="row">
                        {title}
                        {value && !value.displayed && <small class="warning">{g.notDisplayed}</small>}
                      </th>
                      <td data-label={t.why.value}>
                        {value ? value.shown : <span class="soft">–</span>}
                        {value && (
                          <small class="soft">
                            {g.by(value.author ?? "", moment(value.at))}
                            {value.pushed && ` · ${g.pushed}`}
                          </small>
                        )}
                      </td>
                      <td>
                        {may && field && (
                          <Button look="quiet" onClick={() => setEditing(field)}>
                            {value ? g.change : g.give}
                            <span class="unseen">: {title}</span>
                          </Button>
                        )}
                      </td>
                    </tr>
                  );
                })}
              </tbody>
            </table>
          );
        }}
      </Ready>
      {editing && (
        <Editor
          subject={subject}
          field={editing}
          now={load.state === "ready" ? load.data.values.find((v) => v.field === editing.id)?.value : undefined}
          close={() => setEditing(null)}
          saved={(values) => {
            load.put(values);
            setEditing(null);
            announce(t.settings.saved);
          }}
        />
      )}
    </Panel>
  );
}

type EditorProps = { subject: Subject; field: Field; now: unknown; close: () => void; saved: (values: Given) => void };

function Editor({ subject, field, now, close, saved }: EditorProps): JSX.Element {
  const many = field.type === "List" || field.type === "MultiValueSelect";
  const [value, setValue] = useState<string | string[]>(many ? (Array.isArray(now) ? (now as string[]) : []) : typeof now === "string" ? now : "");
  const options = useLoad(() => ask(api.GET("/v1/fields/{field}/options", { params: { path: { field: field.id } } })), [field.id]);
  const task = useTask(async () => {
    const blank = value.length === 0;
    saved(await write(subject, { [field.id]: blank ? null : value }));
  });
  return (
    <Confirm title={field.title} yes={t.save} busy={task.busy} close={close} go={() => void task.run()}>
      <Ready load={options} rows={2}>
        {({ options: all }) =>
          all.length === 0 ? (
            <TextField
              label={field.title}
              hint={many ? g.oneEach : g.blank}
              value={Array.isArray(value) ? value.join(", ") : value}
              put={(text) => setValue(many ? text.split(",").map((one) => one.trim()).filter(Boolean) : text)}
            />
          ) : many ? (
            <ul class="pick-list short">
              {all.map((o) => (
                <li key={o.value}>
                  <Check
                    label={o.label}
                    checked={value.includes(o.value)}
                    set={(on) => setValue((v) => (on ? [...v, o.value] : [...v].filter((one) => one !== o.value)))}
                  />
                </li>
              ))}
            </ul>
          ) : (
            <SelectField
              label={field.title}
              value={Array.isArray(value) ? "" : value}
              options={[{ value: "", label: g.nothing }, ...all]}
              put={setValue}
            />
          )
        }
      </Ready>
      {task.problem && (
        <>
          <Trouble problem={task.problem} />
          {task.problem.code === "not_displayed" && <p>{sentence(g.notDisplayed)}</p>}
        </>
      )}
    </Confirm>
  );
}
