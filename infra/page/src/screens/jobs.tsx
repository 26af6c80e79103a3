import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api, ask, type Schemas } from "../api/client";
import { duration, moment } from "../format";
import { useEvery, useLoad, useTask } from "../load";
import { Link } from "../router";
import type { Session } from "../session";
import { sentence, t } from "../text";
import { Badge, Button, Empty, Panel, Ready, Trouble, type Tone } from "../ui/basic";
import { Choice } from "../ui/choice";
import { Icon, type IconName } from "../ui/icon";
import { announce } from "../ui/live";
import { eventAt, personAt } from "./event_parts";

const j = t.jobs;
type Job = Schemas["Job"];
const most = 1000;

export function Jobs({ session }: { session: Session }): JSX.Element {
  const load = useLoad(() => ask(api.GET("/v1/jobs", { params: { query: { limit: 20 } } })), []);
  const admin = session.role === "admin";
  const running = load.state === "ready" && load.data.jobs.some((one) => one.state === "running");
  useEvery(running ? 2000 : 10_000, load.again);
  return (
    <>
      <header class="screen-head">
        <h1 tabIndex={-1}>{j.title}</h1>
        <p class="soft">{j.lead}</p>
      </header>
      {admin ? (
        <Start begun={load.again} />
      ) : (
        <p class="locked-line">
          <Icon name="lock" /> {t.session.adminOnly}
        </p>
      )}
      <Ready load={load}>
        {({ jobs }) =>
          jobs.length === 0 ? (
            <Empty icon="send" title={j.empty} />
          ) : (
            <ul class="causes">
              {jobs.map((one) => (
                <li key={one.job}>
                  <JobPanel job={one} admin={admin} again={load.again} />
                </li>
              ))}
            </ul>
          )
        }
      </Ready>
    </>
  );
}

function Start({ begun }: { begun: () => void }): JSX.Element {
  const [kind, setKind] = useState<"push" | "backfill">("push");
  const [text, setText] = useState("");
  const people = [...new Set(text.split(/[\s,;]+/).filter(Boolean))];
  const task = useTask(async () => {
    const body = { people };
    await (kind === "push" ? ask(api.POST("/v1/push", { body })) : ask(api.POST("/v1/backfill", { body })));
    setText("");
    announce(j.begun);
    begun();
  });
  return (
    <Panel title={j.start}>
      <form
        class="stack"
        onSubmit={(e) => {
          e.preventDefault();
          if (people.length > 0 && people.length <= most) void task.run();
        }}
      >
        <Choice<"push" | "backfill">
          label={j.what}
          look="cards"
          value={kind}
          options={[
            { value: "push", label: j.kinds.push, help: j.pushHelp },
            { value: "backfill", label: j.kinds.backfill, help: j.backfillHelp },
          ]}
          choose={setKind}
        />
        <div class="text-field">
          <label for="job-people">{j.people}</label>
          <textarea id="job-people" rows={4} value={text} spellcheck={false} onInput={(e) => setText(e.currentTarget.value)} aria-describedby="job-hint" />
          <small id="job-hint" class={people.length > most ? "mistake" : "soft"}>
            {people.length > most ? j.tooMany(people.length) : j.peopleHint(people.length)}
          </small>
        </div>
        <p>
          <Button look="main" type="submit" icon="send" busy={task.busy} disabled={people.length === 0 || people.length > most}>
            {j.go(kind)}
          </Button>
        </p>
        {task.problem && <Trouble problem={task.problem} />}
      </form>
    </Panel>
  );
}

const looks: Record<Job["state"], { tone: Tone; icon: IconName }> = {
  running: { tone: "info", icon: "clock" },
  done: { tone: "good", icon: "check" },
  failed: { tone: "bad", icon: "alert" },
  cancelled: { tone: "calm", icon: "cross" },
};

function JobPanel({ job, admin, again }: { job: Job; admin: boolean; again: () => void }): JSX.Element {
  const cancel = useTask(async () => {
    await ask(api.DELETE("/v1/jobs/{job}", { params: { path: { job: job.job } } }));
    announce(j.cancelled);
    again();
  });
  return (
    <Panel
      title={
        <>
          {j.kinds[job.kind]} <Badge {...looks[job.state]}>{j.states[job.state]}</Badge>
        </>
      }
      lead={j.by(job.by, moment(job.at))}
      aside={
        admin &&
        job.state === "running" && (
          <Button icon="cross" busy={cancel.busy} onClick={() => void cancel.run()}>
            {j.cancel}
          </Button>
        )
      }
    >
      <progress max={Math.max(job.total, 1)} value={job.done + job.failed} aria-label={j.progress(job.done, job.total)} />
      <p class="soft">
        {j.progress(job.done, job.total)}
        {job.waiting > 0 && ` · ${j.waiting(job.waiting)}`}
        {job.failed > 0 && ` · ${j.failed(job.failed)}`}
        {job.state === "running" && job.forecast_seconds !== undefined && ` · ${j.forecast(duration(Math.max(job.forecast_seconds, 1)))}`}
      </p>
      {job.errors.length > 0 && (
        <details>
          <summary>{j.errors(job.errors.length)}</summary>
          <ul class="bullets">
            {job.errors.map((e, i) => (
              <li key={i}>
                {e.about && <Link to={job.kind === "redrive" ? eventAt(e.about) : personAt(e.about)}>{e.about}</Link>} {sentence(e.message)}
              </li>
            ))}
          </ul>
        </details>
      )}
      {cancel.problem && <Trouble problem={cancel.problem} />}
    </Panel>
  );
}
