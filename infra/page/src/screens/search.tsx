// Ashby's candidates, by the fields that the team chose as filters.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { api, ask, type Schemas } from "../api/client";
import { moment } from "../format";
import { useEvery, useLoad, useTask } from "../load";
import { Link } from "../router";
import type { Session } from "../session";
import { sentence, t } from "../text";
import { Badge, Button, Empty, Notice, Panel, Ready, Summary, Trouble, When } from "../ui/basic";
import { SelectField } from "../ui/choice";
import { Icon } from "../ui/icon";
import { announce } from "../ui/live";
import { personAt } from "./event_parts";
import { FilterRow, type Condition, type Definition } from "./search_filter";

const s = t.search;
type Hit = Schemas["Hit"];
type Found = Schemas["SearchPage"];

export function Search({ session }: { session: Session }): JSX.Element {
  const load = useLoad(() => ask(api.GET("/v1/search/filters")), []);
  return (
    <>
      <header class="screen-head">
        <h1 tabIndex={-1}>{s.title}</h1>
        <p class="soft">{s.lead}</p>
      </header>
      <Freshness session={session} changed={load.again} />
      <Ready load={load} rows={3}>
        {({ filters }) =>
          filters.length === 0 ? (
            <Empty icon="search" title={s.noFilters}>
              <p class="soft">{s.noFiltersLead}</p>
              <p>
                <Link to="/integrations/ashby/fields">{t.nav.fields}</Link>
              </p>
            </Empty>
          ) : (
            <Finder definitions={filters} />
          )
        }
      </Ready>
    </>
  );
}

function Finder({ definitions }: { definitions: readonly Definition[] }): JSX.Element {
  const [conditions, setConditions] = useState<Condition[]>([]);
  const [sort, setSort] = useState("");
  const [found, setFound] = useState<{ hits: Hit[]; last: Found } | null>(null);
  const asked = (cursor?: string): Promise<Found> =>
    ask(
      api.POST("/v1/search", {
        body: {
          filters: conditions.filter((c) => c.value !== null).map(({ field, op, value }) => ({ field, op, value })),
          ...(sort ? { sort: { field: sort.replace(/^-/, ""), dir: sort.startsWith("-") ? ("desc" as const) : ("asc" as const) } } : {}),
          ...(cursor ? { cursor } : {}),
          limit: 25,
        } as never,
      }),
    );
  const search = useTask(async () => {
    const last = await asked();
    setFound({ hits: last.hits, last });
    announce(s.found(last.total.value, last.total.exact));
  });
  const more = useTask(async (cursor: string) => {
    const last = await asked(cursor);
    setFound((f) => ({ hits: [...(f?.hits ?? []), ...last.hits], last }));
  });
  const free = definitions.filter((d) => !conditions.some((c) => c.field === d.field));
  return (
    <>
      <form
        class="panel"
        onSubmit={(e) => {
          e.preventDefault();
          void search.run();
        }}
      >
        {conditions.map((c, i) => {
          const definition = definitions.find((d) => d.field === c.field);
          return (
            definition && (
              <FilterRow
                key={c.field}
                index={i}
                definition={definition}
                condition={c}
                change={(next) => setConditions(conditions.map((one) => (one === c ? next : one)))}
                remove={() => setConditions(conditions.filter((one) => one !== c))}
              />
            )
          );
        })}
        <div class="inline-form">
          <SelectField
            label={s.add}
            value=""
            options={[{ value: "", label: s.choose }, ...free.map((d) => ({ value: d.field, label: d.title }))]}
            put={(field) => {
              const d = definitions.find((one) => one.field === field);
              if (d) setConditions([...conditions, { field, op: d.operators[0] ?? "exists", value: null }]);
            }}
          />
          <SelectField
            label={s.sort}
            value={sort}
            options={[
              { value: "", label: s.byName },
              ...definitions
                .filter((d) => d.sortable)
                .flatMap((d) => [
                  { value: d.field, label: s.up(d.title) },
                  { value: `-${d.field}`, label: s.down(d.title) },
                ]),
            ]}
            put={setSort}
          />
          <Button look="main" type="submit" icon="search" busy={search.busy}>
            {s.go}
          </Button>
        </div>
      </form>
      {search.problem && (search.problem.mistakes.length > 0 ? <Summary problem={search.problem} place={() => null} /> : <Trouble problem={search.problem} />)}
      {found && <Hits found={found} definitions={definitions} busy={more.busy} more={(cursor) => void more.run(cursor)} />}
      {more.problem && <Trouble problem={more.problem} />}
    </>
  );
}

type HitsProps = { found: { hits: Hit[]; last: Found }; definitions: readonly Definition[]; busy: boolean; more: (cursor: string) => void };

function Hits({ found, definitions, busy, more }: HitsProps): JSX.Element {
  const { hits, last } = found;
  const shown = definitions.filter((d) => hits.some((h) => d.field in h.fields)).slice(0, 4);
  if (hits.length === 0) {
    return (
      <Empty icon="search" title={s.nobody}>
        <p class="soft">{s.nobodyLead}</p>
      </Empty>
    );
  }
  return (
    <Panel title={s.found(last.total.value, last.total.exact)}>
      <table class="rows">
        <thead>
          <tr>
            <th scope="col">{s.name}</th>
            {shown.map((d) => (
              <th key={d.field} scope="col">
                {d.title}
              </th>
            ))}
            <th scope="col">{s.linked}</th>
          </tr>
        </thead>
        <tbody>
          {hits.map((h) => (
            <tr key={h.candidate}>
              <th scope="row">
                {h.profile ? (
                  <a href={h.profile} target="_blank" rel="noopener noreferrer">
                    {h.name} <span class="unseen">{t.connection.newTab}</span>
                  </a>
                ) : (
                  h.name
                )}
              </th>
              {shown.map((d) => (
                <td key={d.field} data-label={d.title}>
                  {tell(d, h.fields[d.field])}
                </td>
              ))}
              <td data-label={s.linked}>{h.person ? <Link to={personAt(h.person)}>{h.person}</Link> : <span class="soft">{s.notLinked}</span>}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {last.next && (
        <p>
          <Button busy={busy} onClick={() => more(last.next ?? "")}>
            {t.more}
          </Button>
        </p>
      )}
    </Panel>
  );
}

/** tell gives a value in words; options by their label. */
function tell(d: Definition, value: unknown): string {
  if (value === undefined || value === null) return "–";
  if (typeof value === "boolean") return value ? t.yes : t.no;
  const label = (one: unknown): string => d.options?.find((o) => o.value === one)?.label ?? (typeof one === "object" ? JSON.stringify(one) : String(one));
  return Array.isArray(value) ? value.map(label).join(", ") : label(value);
}

/** Freshness says how old our copy of Ashby's candidates is, and lets admins ask for a new one. */
function Freshness({ session, changed }: { session: Session; changed: () => void }): JSX.Element | null {
  const load = useLoad(() => ask(api.GET("/v1/mirror")), []);
  const refresh = useTask(async () => {
    load.put(await ask(api.POST("/v1/mirror/refresh")));
    announce(s.refreshing);
  });
  const fresh = load.state === "ready" ? load.data.fresh_as_of : undefined;
  useEvery(5000, load.again);
  useEffect(() => {
    if (fresh) changed(); // there may be more options to choose from
  }, [fresh]);
  if (load.state !== "ready") return null;
  const now = load.data;
  return (
    <>
      {now.problem && (
        <Notice tone="warn">
          <p>{sentence(now.problem.message)}</p>
        </Notice>
      )}
      {now.state === "building" && (
        <Notice tone="info">
          <p>{s.building(now.candidates)}</p>
        </Notice>
      )}
      <p class="row">
        <Badge tone={now.state === "fresh" ? "good" : "calm"} icon={now.state === "fresh" ? "check" : "clock"}>
          {s.states[now.state] ?? now.state}
        </Badge>
        {now.fresh_as_of && (
          <span class="soft" title={moment(now.fresh_as_of)}>
            {s.asOf} <When at={now.fresh_as_of} />
          </span>
        )}
        {session.role === "admin" && (
          <Button look="quiet" icon="redo" busy={refresh.busy} onClick={() => void refresh.run()}>
            {s.refresh}
          </Button>
        )}
        {refresh.problem && (
          <span class="mistake">
            <Icon name="alert" /> {t.problem(refresh.problem).title}
          </span>
        )}
      </p>
    </>
  );
}
