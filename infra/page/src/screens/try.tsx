// What a run on one machine has besides: SourceWhale's part to play, and the simulated Ashby to look at and to break.
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { api, asProblem, ask, Problem } from "../api/client";
import { number, time } from "../format";
import { useEvery, useLoad, useTask } from "../load";
import { Link } from "../router";
import { local, type Session } from "../session";
import { t } from "../text";
import { Badge, Button, Empty, Notice, Panel, Ready, Trouble } from "../ui/basic";
import { TextField } from "../ui/choice";
import { announce } from "../ui/live";
import { isOn, loadConnection } from "./connection_state";
import { EntryRow, lineOf, personAt } from "./event_parts";
import { Faults } from "./try_faults";
import { Candidates } from "./try_state";

const y = t.try;

/** dev asks what only a local run serves. */
export async function dev<T>(method: string, path: string, body?: unknown): Promise<T> {
  const got = await fetch(`/dev/${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } }),
  }).catch(() => null);
  if (!got) throw new Problem(0, {});
  const text = await got.text();
  if (!got.ok) {
    const told = (text.startsWith("{") ? JSON.parse(text) : {}) as { error?: string; detail?: string; code?: string };
    throw new Problem(got.status, { code: told.code ?? "refused", detail: told.detail ?? told.error ?? "" });
  }
  return (text ? JSON.parse(text) : undefined) as T;
}

export function Try({ session }: { session: Session }): JSX.Element {
  const connection = useLoad(loadConnection, [session.token]);
  const [people, setPeople] = useState<string[]>([]);
  return (
    <>
      <header class="screen-head">
        <h1 tabIndex={-1}>{y.title}</h1>
        <p class="soft">{y.lead}</p>
      </header>
      <Ready load={connection}>
        {(now) =>
          isOn(now) ? null : (
            <Notice tone="warn" title={y.connectFirst}>
              <p>
                <Link to="/integrations/ashby">{y.toConnection}</Link>
              </p>
            </Notice>
          )
        }
      </Ready>
      <Play played={setPeople} />
      {people.length > 0 && <Cast people={people} />}
      {local?.ashby_key ? (
        <>
          <div class="beside">
            <Calls />
            <Candidates />
          </div>
          <Faults />
        </>
      ) : (
        <Empty icon="plug" title={y.noSimulator} />
      )}
    </>
  );
}

function Play({ played }: { played: (people: string[]) => void }): JSX.Element {
  const [name, setName] = useState("spring");
  const [count, setCount] = useState("5");
  const task = useTask(async () => {
    const got = await dev<{ events: number; people: string[] }>("POST", "play", { campaign: name.trim(), people: Number(count) });
    played(got.people);
    announce(y.sent(got.events));
  });
  return (
    <Panel title={y.play} lead={y.playLead}>
      <form
        class="inline-form"
        onSubmit={(e) => {
          e.preventDefault();
          void task.run();
        }}
      >
        <TextField label={y.campaign} value={name} put={setName} />
        <TextField label={y.people} type="number" min={1} max={500} value={count} put={setCount} />
        <Button look="main" type="submit" icon="play" busy={task.busy}>
          {y.go}
        </Button>
      </form>
      {task.problem && <Trouble problem={task.problem} />}
    </Panel>
  );
}

const scenes = [
  { type: "email_sent", extra: {} },
  { type: "email_reply", extra: {} },
  { type: "meeting_booked", extra: {} },
  { type: "call_completed", extra: {} },
  { type: "opted_out", extra: {} },
] as const;

/** Cast are the people of the campaign; each can be led on by hand. */
function Cast({ people }: { people: string[] }): JSX.Element {
  const [person, setPerson] = useState(people[0] ?? "");
  const one = people.includes(person) ? person : (people[0] ?? "");
  const task = useTask(async (type: string) => {
    const id = `${one}-${type}-${Date.now().toString(36)}`;
    const campaign = one.replace(/-p\d+$/, "");
    const event = {
      id,
      type,
      occurred_at: new Date().toISOString(),
      actor: { id: "u-robin", email: "robin@team.example.com", name: "Robin" },
      campaign: { id: campaign, name: campaign, step: "by hand" },
      person: { id: one },
      ...(type.startsWith("email") ? { message: { subject: y.subject, body: y.body, from: "robin@team.example.com", to: "somebody@example.com", thread: one } } : {}),
    };
    await dev("POST", "events", { events: [event] });
    announce(y.sent(1));
  });
  return (
    <Panel title={y.cast} lead={y.castLead}>
      <ul class="chips">
        {people.slice(0, 24).map((p) => (
          <li key={p}>
            <button type="button" class={p === one ? "chip pressed" : "chip"} aria-pressed={p === one} onClick={() => setPerson(p)}>
              {p}
            </button>
          </li>
        ))}
      </ul>
      <p class="row">
        {scenes.map(({ type }) => (
          <Button key={type} icon="send" busy={task.busy} onClick={() => void task.run(type)}>
            {t.eventType(type)}
          </Button>
        ))}
        <Link to={personAt(one)}>{y.story(one)}</Link>
      </p>
      {task.problem && <Trouble problem={task.problem} />}
      <Events key={one} person={one} />
    </Panel>
  );
}

/** Events are what became of a person's events, as it becomes. */
function Events({ person }: { person: string }): JSX.Element | null {
  const load = useLoad(() => ask(api.GET("/v1/people/{person}/timeline", { params: { path: { person }, query: { limit: 12 } } })), [person]);
  useEvery(1500, load.again);
  if (load.state !== "ready") return null;
  return (
    <ol class="lines" aria-label={y.story(person)}>
      {load.data.events.map((e) => (
        <li key={e.event}>
          <EntryRow entry={lineOf(e)} />
        </li>
      ))}
    </ol>
  );
}

interface Call {
  seq: number;
  at: string;
  endpoint: string;
  status: number;
  success: boolean;
  code?: string;
  fault?: string;
  applied: boolean;
  request?: unknown;
}

/** Calls shows what reaches Ashby, as it comes. */
function Calls(): JSX.Element {
  const [calls, setCalls] = useState<Call[]>([]);
  const [problem, setProblem] = useState<Problem | null>(null);
  const last = useRef(-1);
  const look = async (): Promise<void> => {
    try {
      if (last.current < 0) {
        const { calls: n } = await dev<{ calls: number }>("GET", "ashby/stats");
        last.current = Math.max(0, n - 30);
      }
      const fresh = await dev<Call[] | null>("GET", `ashby/calls?after=${last.current}&limit=200`);
      if (!fresh || fresh.length === 0) return;
      last.current = fresh.at(-1)?.seq ?? last.current;
      setCalls((known) => [...fresh.reverse(), ...known].slice(0, 100));
      setProblem(null);
    } catch (e) {
      setProblem(asProblem(e));
    }
  };
  useEffect(() => void look(), []);
  useEvery(1500, () => void look());
  return (
    <Panel title={y.calls} lead={y.callsLead} aside={<span class="soft">{y.shown(calls.length)}</span>}>
      {problem && <Trouble problem={problem} />}
      {calls.length === 0 ? (
        <p class="soft">{y.noCalls}</p>
      ) : (
        <div class="scroll" tabIndex={0} role="region" aria-label={y.calls}>
          <ol class="log">
            {calls.map((c) => (
              <li key={c.seq}>
                <details>
                  <summary>
                    <span class="soft">{time(c.at)}</span> <code>{c.endpoint}</code>
                    {c.applied && (
                      <Badge tone="good" icon="check">
                        {y.applied}
                      </Badge>
                    )}
                    {!c.success && (
                      <Badge tone="bad" icon="cross">
                        {c.fault ?? c.code ?? number(c.status)}
                      </Badge>
                    )}
                  </summary>
                  <pre>{JSON.stringify(c.request, null, 2)}</pre>
                </details>
              </li>
            ))}
          </ol>
        </div>
      )}
    </Panel>
  );
}

