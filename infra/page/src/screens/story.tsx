import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { api, ask, type Schemas } from "../api/client";
import { useEvery, useLoad, useTask } from "../load";
import type { Session } from "../session";
import { t } from "../text";
import { Badge, Empty, Loading, Notice, Panel, Trouble, When } from "../ui/basic";
import { Icon } from "../ui/icon";
import { Virtual } from "../ui/virtual";
import { EntryRow, lineOf, rowHeight } from "./event_parts";
import { GivenPanel } from "./given";
import { PersonWork } from "./person_work";
import { ReviewPanel } from "./reviews";

const s = t.story;
type Entry = Schemas["Entry"];
const id = (e: Entry): string => e.event;

const page = (person: string, cursor?: string): Promise<Schemas["Timeline"]> =>
  ask(api.GET("/v1/people/{person}/timeline", { params: { path: { person }, query: { limit: 100, ...(cursor ? { cursor } : {}) } } }));

/** merged puts newer pages before older ones; what is in both is told as the newer one has it. */
export function merged<T>(fresh: readonly T[], known: readonly T[], id: (one: T) => string): T[] {
  const seen = new Set(fresh.map(id));
  return [...fresh, ...known.filter((one) => !seen.has(id(one)))];
}

/** Story is one person: what is known of them, and all that happened. */
export function Story({ person, session }: { person: string; session: Session }): JSX.Element {
  const load = useLoad(() => page(person), [person]);
  const standing = useLoad(() => ask(api.GET("/v1/people/{person}", { params: { path: { person } } })), [person]);
  const [entries, setEntries] = useState<readonly Entry[]>([]);
  const [next, setNext] = useState<string | undefined>();
  useEffect(() => {
    if (load.state !== "ready") return;
    setEntries((known) => merged(load.data.events, known, id));
    if (entries.length === 0) setNext(load.data.next);
  }, [load.state === "ready" && load.data]);
  const again = (): void => {
    load.again();
    standing.again();
  };
  useEvery(4000, again);
  const further = useTask(async (cursor: string) => {
    const more = await page(person, cursor);
    setEntries((known) => merged(known, more.events, id));
    setNext(more.next);
  });
  const failed = load.state === "failed" ? load.problem : null;
  return (
    <>
      <header class="screen-head">
        <h1 tabIndex={-1}>{person}</h1>
      </header>

      {load.state === "loading" && <Loading rows={5} />}
      {failed && failed.status === 404 && (
        <Empty icon="people" title={s.empty}>
          <p class="soft">{s.emptyLead}</p>
        </Empty>
      )}
      {failed && failed.status !== 404 && <Trouble problem={failed} again={load.again} />}
      {load.state === "ready" && (
        <>
          {standing.state === "ready" && <PersonWork person={person} standing={standing.data} session={session} again={again} />}
          <About person={load.data.person} standing={standing.state === "ready" ? standing.data : null} />
          {standing.state === "ready" && standing.data.review && (standing.data.review.kind || standing.data.review.undoable) && (
            <ReviewPanel person={person} may={session.role !== "viewer"} answered={again} />
          )}
          <GivenPanel subject={{ kind: "people", id: person }} session={session} />
          <Panel title={s.timeline}>
            <Virtual label={s.timeline} items={entries} id={id} height={rowHeight} row={(e) => <EntryRow entry={lineOf(e)} />} more={() => next && void further.run(next)} />
            {further.problem && <Trouble problem={further.problem} />}
          </Panel>
        </>
      )}
    </>
  );
}

function About({ person, standing }: { person: Schemas["Person"]; standing: Schemas["Standing"] | null }): JSX.Element {
  const { link } = person;
  return (
    <Panel>
      {person.held && (
        <Notice tone="warn">
          <p>{s.held}</p>
        </Notice>
      )}
      <dl class="facts">
        <div>
          <dt>{s.inAshby}</dt>
          <dd>
            {!link && <Badge tone="calm" icon="empty">{s.unlinked}</Badge>}
            {link && (
              <>
                <Badge tone={link.gone ? "bad" : link.kind === "synced" ? "good" : "info"} icon={link.gone ? "cross" : "check"}>
                  {link.gone ? s.gone : link.kind === "synced" ? s.synced : s.noteOnly}
                </Badge>{" "}
                {link.profile && (
                  <a href={link.profile} target="_blank" rel="noopener noreferrer">
                    {s.open} <Icon name="out" />
                    <span class="unseen">{t.connection.newTab}</span>
                  </a>
                )}
              </>
            )}
          </dd>
        </div>
        {standing && standing.pending + standing.waiting + standing.resting > 0 && (
          <div>
            <dt>{s.open_}</dt>
            <dd>{s.counts(standing.pending, standing.waiting, standing.resting)}</dd>
          </div>
        )}
        <div>
          <dt>{s.stage}</dt>
          <dd>{person.stage ?? "–"}</dd>
        </div>
        <div>
          <dt>{s.responded}</dt>
          <dd>{person.responded_at ? <When at={person.responded_at} /> : s.notYet}</dd>
        </div>
        <div>
          <dt>{s.interested}</dt>
          <dd>{person.interested_at ? <When at={person.interested_at} /> : s.notYet}</dd>
        </div>
      </dl>
    </Panel>
  );
}
