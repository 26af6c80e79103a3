// What happens in the team, as it happens.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { api, ask, type Schemas } from "../api/client";
import { compare } from "../format";
import { useEvery, useLoad, useTask } from "../load";
import { go, usePlace, withQuery } from "../router";
import { noteGroups, t, type EventState } from "../text";
import { Button, Empty, Panel, Ready, Trouble } from "../ui/basic";
import { SelectField, TextField } from "../ui/choice";
import { Virtual } from "../ui/virtual";
import { EntryRow, rowHeight } from "./event_parts";
import { merged } from "./story";
import { UsagePanel } from "./usage";

const a = t.activity;
type Happening = Schemas["Happening"];
type Filter = { state?: EventState; type?: string; person?: string };

const types = [...noteGroups.flatMap((g) => g.types as string[]), "contact_edited", "contact_removed", "push_requested", "backfill_requested"];
const key = (h: Happening): string => `${h.event}@${h.at}`;

const page = (filter: Filter, cursor?: string): Promise<Schemas["Activity"]> =>
  ask(api.GET("/v1/activity", { params: { query: { limit: 100, ...filter, ...(cursor ? { cursor } : {}) } as never } }));

export function ActivityScreen(): JSX.Element {
  const { query } = usePlace();
  const filter: Filter = {};
  for (const name of ["state", "type", "person"] as const) {
    const value = query.get(name);
    if (value) Object.assign(filter, { [name]: value });
  }
  return (
    <>
      <header class="screen-head">
        <h1 tabIndex={-1}>{a.title}</h1>
        <p class="soft">{a.lead}</p>
      </header>
      <UsagePanel />
      <Filters filter={filter} />
      <Live key={JSON.stringify(filter)} filter={filter} />
    </>
  );
}

function Filters({ filter }: { filter: Filter }): JSX.Element {
  const [person, setPerson] = useState(filter.person ?? "");
  const set = (change: Record<string, string | null>): void => go(withQuery(change), { replace: true });
  return (
    <form
      class="inline-form"
      role="search"
      aria-label={a.filters}
      onSubmit={(e) => {
        e.preventDefault();
        set({ person: person.trim() || null });
      }}
    >
      <SelectField
        label={a.state}
        value={filter.state ?? ""}
        options={[{ value: "", label: a.any }, ...(["waiting", "resting", "final"] as const).map((value) => ({ value, label: t.event.states[value] }))]}
        put={(state) => set({ state: state || null })}
      />
      <SelectField
        label={a.type}
        value={filter.type ?? ""}
        options={[{ value: "", label: a.any }, ...types.map((value) => ({ value, label: t.eventType(value) })).sort((x, y) => compare(x.label, y.label))]}
        put={(type) => set({ type: type || null })}
      />
      <TextField label={a.person} value={person} put={setPerson} />
      <Button type="submit" icon="search">
        {a.find}
      </Button>
    </form>
  );
}

/** Live shows new things at once while the top is looked at, and offers them to who has scrolled away. */
function Live({ filter }: { filter: Filter }): JSX.Element {
  const load = useLoad(() => page(filter), []);
  const [known, setKnown] = useState<readonly Happening[] | null>(null);
  const [held, setHeld] = useState<readonly Happening[]>([]);
  const [next, setNext] = useState<string | undefined>();
  useEvery(3000, load.again);
  useEffect(() => {
    if (load.state !== "ready") return;
    const { events } = load.data;
    if (!known) {
      setKnown(events);
      setNext(load.data.next);
      return;
    }
    const seen = new Set(known.map(key));
    const fresh = events.filter((h) => !seen.has(key(h)));
    if (fresh.length === 0) return;
    if (scrollY > 400) setHeld(fresh);
    else setKnown(merged(fresh, known, key));
  }, [load.state === "ready" && load.data]);
  const further = useTask(async (cursor: string) => {
    const more = await page(filter, cursor);
    setKnown((k) => merged(k ?? [], more.events, key));
    setNext(more.next);
  });
  const showHeld = (): void => {
    setKnown((k) => merged(held, k ?? [], key));
    setHeld([]);
    scrollTo(0, 0);
  };
  return (
    <Panel title={a.timeline} aside={<span class="live-dot soft">{a.live}</span>}>
      {held.length > 0 && (
        <p class="news">
          <Button look="main" onClick={showHeld}>
            {a.news(held.length)}
          </Button>
        </p>
      )}
      {known === null ? (
        <Ready load={load} rows={6}>
          {() => null}
        </Ready>
      ) : known.length === 0 ? (
        <Empty icon="list" title={Object.keys(filter).length > 0 ? a.noneFound : a.empty}>
          <p class="soft">{Object.keys(filter).length > 0 ? a.noneFoundLead : t.story.emptyLead}</p>
        </Empty>
      ) : (
        <>
          {load.state === "failed" && <Trouble problem={load.problem} />}
          <Virtual label={a.timeline} items={known} id={key} height={rowHeight} row={(h) => <EntryRow entry={h} person={h.person} />} more={() => next && void further.run(next)} />
          {further.problem && <Trouble problem={further.problem} />}
        </>
      )}
    </Panel>
  );
}
