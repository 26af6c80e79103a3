// Why an event was, or was not, or was not yet written: everything that the service knows of it.
import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { api, ask, type Schemas } from "../api/client";
import { exactly, moment, number, time } from "../format";
import { useEvery, useLoad, useTask } from "../load";
import { Link } from "../router";
import type { Session } from "../session";
import { sentence, t } from "../text";
import { Badge, Button, Empty, Notice, Panel, Ready, Trouble, type Tone, When } from "../ui/basic";
import { TextField } from "../ui/choice";
import { Icon, type IconName } from "../ui/icon";
import { announce } from "../ui/live";
import { eventAt, Outcome, personAt } from "./event_parts";
import { show } from "./setting_parts";

const w = t.why;
type Explanation = Schemas["Explanation"];

export function Why({ event, session }: { event: string; session: Session }): JSX.Element {
  const load = useLoad(() => ask(api.GET("/v1/events/{event}", { params: { path: { event } } })), [event]);
  useEvery(load.state === "ready" && load.data.state !== "final" ? 3000 : 0, load.again);
  if (load.state !== "ready") {
    return (
      <>
        <h1 tabIndex={-1}>{event}</h1>
        {load.state === "failed" && load.problem.status === 404 ? (
          <Empty icon="search" title={w.noEvent}>
            <p class="soft">{w.noEventLead}</p>
          </Empty>
        ) : (
          <Ready load={load} rows={6}>
            {() => null}
          </Ready>
        )}
      </>
    );
  }
  return (
    <Ready load={load} rows={6}>
      {(x) => (
        <>
          <header class="screen-head">
            <p>
              <Link to={personAt(x.person)}>
                <Icon name="back" /> {x.person}
              </Link>
            </p>
            <h1 tabIndex={-1}>
              {t.eventType(x.type)} <Outcome state={x.state} {...(x.code ? { code: x.code } : {})} />
            </h1>
            <p class="soft">
              <time dateTime={x.occurred_at}>{exactly(x.occurred_at)}</time> · <code>{x.event}</code>
            </p>
          </header>
          <Decision x={x} session={session} again={load.again} />
          {session.role === "admin" && x.steps.filter((s) => s.answers).map((s) => <Word key={s.id} event={x.event} step={s} again={load.again} />)}
          <Steps steps={x.steps} />
          {x.plan && x.plan.fields.length > 0 && <FieldTable fields={x.plan.fields} />}
          <SettingsTable settings={x.settings} />
          {x.plan && <Basis plan={x.plan} />}
        </>
      )}
    </Ready>
  );
}

function Decision({ x, session, again }: { x: Explanation; session: Session; again: () => void }): JSX.Element {
  const retry = useTask(async () => {
    await ask(api.POST("/v1/events/{event}/retry", { params: { path: { event: x.event } } }));
    announce(w.retried);
    again();
  });
  const open = x.state === "waiting" || x.state === "resting" || x.code === "rejected" || x.code === "quarantined";
  return (
    <Panel title={w.decision}>
      <p class="lead">{sentence(x.message)}</p>
      {x.detail && <p>{sentence(x.detail)}</p>}
      {x.rule && (
        <p class="soft">
          {x.row !== undefined && <span class="tag">{w.row(x.row)}</span>} {sentence(x.rule)}
        </p>
      )}
      {x.note && (
        <p class="soft">
          <Icon name={x.note.written ? "check" : "dot"} /> {x.note.written ? (x.note.as === "email" ? w.emailWritten : w.noteWritten) : w.noteNot} {x.note.message && sentence(x.note.message)}
        </p>
      )}
      {x.wait && (
        <Notice tone="warn" title={w.waits[x.wait.owner]}>
          <p>{sentence(x.wait.exit)}</p>
          {x.wait.behind && (
            <p>
              {w.behind} <Link to={eventAt(x.wait.behind)}>{x.wait.behind}</Link>
            </p>
          )}
          {x.due && (
            <p>
              {w.due} <When at={x.due} />
            </p>
          )}
        </Notice>
      )}
      {x.carried_by && (
        <p>
          {w.carriedBy} <Link to={eventAt(x.carried_by)}>{x.carried_by}</Link>
        </p>
      )}
      {x.shared_candidate && <p class="soft">{w.shared}</p>}
      {x.plan?.carries && x.plan.carries.length > 0 && (
        <p>
          {w.carries}{" "}
          {x.plan.carries.map((one) => (
            <span key={one}>
              <Link to={eventAt(one)}>{one}</Link>{" "}
            </span>
          ))}
        </p>
      )}
      {x.flags && x.flags.length > 0 && (
        <p class="row">
          {x.flags.map((f) => (
            <span key={f} class="tag">
              {f}
            </span>
          ))}
        </p>
      )}
      {open && session.role === "admin" && (
        <p>
          <Button icon="redo" busy={retry.busy} onClick={() => void retry.run()}>
            {w.retry}
          </Button>
        </p>
      )}
      {retry.problem && <Trouble problem={retry.problem} />}
    </Panel>
  );
}

// What became of a write that the service cannot see, said by somebody who can.
function Word({ event, step, again }: { event: string; step: Schemas["Step"]; again: () => void }): JSX.Element {
  const [candidate, setCandidate] = useState("");
  const creates = step.id === "create";
  const say = useTask(async (answer: Schemas["SettleEvent"]["answer"]) => {
    const named = creates && answer === "applied" ? { candidate: candidate.trim() } : {};
    await ask(api.POST("/v1/events/{event}/settle", { params: { path: { event } }, body: { answer, ...named } }));
    announce(w.said);
    again();
  });
  return (
    <Panel title={w.wordTitle} lead={w.wordLead(w.writes[step.id] ?? step.method)}>
      {creates && <TextField label={w.madeCandidate} hint={w.madeCandidateHint} value={candidate} put={setCandidate} />}
      <p class="row">
        <Button icon="check" busy={say.busy} disabled={creates && candidate.trim() === ""} onClick={() => void say.run("applied")}>
          {w.isThere}
        </Button>
        <Button icon="redo" busy={say.busy} onClick={() => void say.run("send_again")}>
          {w.isNotThere}
        </Button>
      </p>
      {say.problem && <Trouble problem={say.problem} />}
    </Panel>
  );
}

const statuses: Record<Schemas["Step"]["status"], { tone: Tone; icon: IconName }> = {
  intent: { tone: "info", icon: "clock" },
  done: { tone: "good", icon: "check" },
  rejected: { tone: "bad", icon: "cross" },
  not_sent: { tone: "calm", icon: "empty" },
  unknown: { tone: "warn", icon: "alert" },
  disputed: { tone: "bad", icon: "alert" },
};

export function Steps({ steps }: { steps: readonly Schemas["Step"][] }): JSX.Element {
  return (
    <Panel title={w.steps} lead={steps.length === 0 ? w.noSteps : w.stepsLead}>
      {steps.length > 0 && (
        <ol class="trail">
          {steps.map((step) => (
            <li key={step.id}>
              <div class="row">
                <strong>
                  <code>{step.method}</code>
                </strong>
                <Badge {...statuses[step.status]}>{w.status[step.status]}</Badge>
                <span class="soft">
                  {w.attempts(step.attempts)}
                  {step.done_at && <> · {time(step.done_at)}</>}
                </span>
              </div>
              <p class="soft">
                {sentence(step.message)} {step.reason && <q>{step.reason}</q>} {step.code && <code>{step.code}</code>}
              </p>
              {step.warnings?.map((one) => (
                <p key={one} class="warning">
                  <Icon name="alert" /> {one}
                </p>
              ))}
              {(step.remote_id || step.request_id) && (
                <p class="fine">
                  {step.remote_id && (
                    <>
                      {w.remote} <code>{step.remote_id}</code>{" "}
                    </>
                  )}
                  {step.request_id && (
                    <>
                      {w.request} <code>{step.request_id}</code>
                    </>
                  )}
                </p>
              )}
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}

export function FieldTable({ fields }: { fields: readonly Schemas["Field"][] }): JSX.Element {
  const ordered = [...fields].sort((a, b) => Number(a.action === "skip") - Number(b.action === "skip"));
  return (
    <Panel title={w.fields} lead={w.fieldsLead}>
      <table class="rows">
        <thead>
          <tr>
            <th scope="col">{w.field}</th>
            <th scope="col">{w.before}</th>
            <th scope="col">{w.after}</th>
            <th scope="col">{w.why}</th>
          </tr>
        </thead>
        <tbody>
          {ordered.map((f) => (
            <tr key={f.field} class={f.action === "skip" ? "skipped" : undefined}>
              <th scope="row">
                {f.title ?? f.field}
                <small class="soft">{f.from ? t.mapping.variables(f.from) : w.given}</small>
              </th>
              <td data-label={w.before}>{f.before || <span class="soft">–</span>}</td>
              <td data-label={w.after}>{f.action === "skip" ? <span class="soft">{f.after || f.value || "–"}</span> : <ins>{f.after}</ins>}</td>
              <td data-label={w.why}>
                {sentence(f.message)}
                <small class="soft">
                  {f.policy && t.mapping.policies[f.policy]} {f.code && <code>{f.code}</code>}
                </small>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

export function SettingsTable({ settings }: { settings: Schemas["Effective"] }): JSX.Element {
  return (
    <Panel title={w.settings} lead={w.settingsLead}>
      <table class="rows">
        <thead>
          <tr>
            <th scope="col">{t.settings.setting}</th>
            <th scope="col">{w.value}</th>
            <th scope="col">{w.level}</th>
          </tr>
        </thead>
        <tbody>
          {(Object.entries(settings) as [string, Schemas["ChosenString"]][]).map(([name, chosen]) => (
            <tr key={name}>
              <th scope="row">{t.settings.names[name] ?? name}</th>
              <td data-label={w.value}>{name === "note_types" && Array.isArray(chosen.value) ? t.settings.noteCount((chosen.value as string[]).length) : show(name, chosen.value)}</td>
              <td data-label={w.level}>
                {t.level(chosen.level)}
                {chosen.version ? `, ${t.settings.version(chosen.version)}` : ""}
                {chosen.forced_by_lock && chosen.forced_by_lock.length > 0 && <small class="warning">{w.forced}</small>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

function Basis({ plan }: { plan: Schemas["Plan"] }): JSX.Element {
  const facts: [string, ComponentChildren][] = [[w.mapping, plan.mapping_version === 0 ? w.builtInMapping : number(plan.mapping_version)]];
  if (plan.at) facts.push([w.planned, moment(plan.at)]);
  if (plan.key_fingerprint) facts.push([t.connection.fingerprint, <code key="k">{plan.key_fingerprint.slice(0, 12)}</code>]);
  return (
    <Panel title={w.basis}>
      <dl class="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {plan.reads.length > 0 && (
        <div>
          <h3>{w.reads}</h3>
          <ul class="bullets">
            {plan.reads.map((r, i) => (
              <li key={i}>
                {w.read[r.kind] ?? r.kind} {r.arg && <code>{r.arg}</code>}
              </li>
            ))}
          </ul>
        </div>
      )}
    </Panel>
  );
}
