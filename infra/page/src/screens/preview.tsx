// What would happen, by the same planner that does it, without doing it.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api, ask, type Schemas } from "../api/client";
import { useLoad, useTask } from "../load";
import { Link } from "../router";
import { sentence, t } from "../text";
import { Button, Notice, Panel, Ready, Trouble } from "../ui/basic";
import { TextField } from "../ui/choice";
import { Dialog } from "../ui/dialog";
import { Outcome, personAt } from "./event_parts";
import { bare, type Draft } from "./mapping_draft";
import { FieldTable } from "./why";

const p = t.preview;

/** Calls shows the calls that a push would make, byte for byte. */
function Calls({ calls }: { calls: readonly Schemas["Call"][] }): JSX.Element {
  if (calls.length === 0) return <p class="soft">{p.noCalls}</p>;
  return (
    <ol class="trail">
      {calls.map((c) => (
        <li key={c.id}>
          <details open={calls.length === 1}>
            <summary>
              <code>{c.method}</code>
            </summary>
            <pre class="body">{pretty(c.body)}</pre>
          </details>
        </li>
      ))}
    </ol>
  );
}

function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

/** PreviewPush shows, for one person, what a push asked for now would do. */
export function PreviewPush({ person, close, push }: { person: string; close: () => void; push?: (() => void) | undefined }): JSX.Element {
  const load = useLoad(() => ask(api.POST("/v1/preview", { body: { person } })), [person]);
  return (
    <Dialog
      title={p.title(person)}
      wide
      close={close}
      foot={
        <>
          <Button onClick={close}>{t.close}</Button>
          {push && (
            <Button look="main" icon="send" onClick={push}>
              {p.push}
            </Button>
          )}
        </>
      }
    >
      <Ready load={load}>
        {({ events, warnings }) => (
          <>
            {warnings.map((one) => (
              <Notice key={one.code} tone="warn">
                <p>{sentence(one.message)}</p>
              </Notice>
            ))}
            {events.map((e) => (
              <div key={e.event} class="stack">
                <p class="lead">
                  <Outcome state={e.state} code={e.code} /> {sentence(e.message)}
                </p>
                {e.detail && <p>{sentence(e.detail)}</p>}
                {e.rule && (
                  <p class="soft">
                    {e.row !== undefined && <span class="tag">{t.why.row(e.row)}</span>} {sentence(e.rule)}
                  </p>
                )}
                <h3>{p.calls}</h3>
                <Calls calls={e.calls} />
                {e.plan.fields.length > 0 && <FieldTable fields={e.plan.fields} />}
              </div>
            ))}
          </>
        )}
      </Ready>
    </Dialog>
  );
}

/** PreviewMapping tries the mapping, as it is edited, on a person. */
export function PreviewMapping({ draft }: { draft: Draft | null }): JSX.Element {
  const [person, setPerson] = useState("");
  const [got, setGot] = useState<Schemas["MappingPreview"] | null>(null);
  const task = useTask(async () => {
    const who = person.trim();
    setGot(await ask(api.POST("/v1/mapping/preview", { body: { ...(draft ? { mapping: bare(draft) } : {}), ...(who ? { person: who } : {}) } })));
  });
  return (
    <Panel title={p.mapping} lead={draft ? p.mappingEdited : p.mappingLead}>
      <form
        class="inline-form"
        onSubmit={(e) => {
          e.preventDefault();
          void task.run();
        }}
      >
        <TextField label={p.person} hint={p.personHint} value={person} put={setPerson} />
        <Button type="submit" icon="eye" busy={task.busy}>
          {p.show}
        </Button>
      </form>
      {task.problem && <Trouble problem={task.problem} />}
      <div aria-live="polite">
        {got && (
          <div class="stack">
            <p>
              {got.person && <Link to={personAt(got.person)}>{got.person}</Link>} {sentence(got.message)}
            </p>
            <FieldTable fields={got.fields} />
            <h3>{p.calls}</h3>
            <Calls calls={got.calls} />
          </div>
        )}
      </div>
    </Panel>
  );
}
