import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api, ask, type Schemas } from "../api/client";
import { useEvery, useLoad, useTask } from "../load";
import { go, Link, usePlace, withQuery } from "../router";
import { current, type Session } from "../session";
import { sentence, t } from "../text";
import { Badge, Button, Empty, Panel, Ready, Trouble, When } from "../ui/basic";
import { Icon } from "../ui/icon";
import { announce } from "../ui/live";
import { eventAt, personAt } from "./event_parts";

const i = t.inbox;
type Cause = Schemas["Cause"];

export function Inbox({ session }: { session: Session }): JSX.Element {
  const load = useLoad(() => ask(api.GET("/v1/inbox")), []);
  const cause = usePlace().query.get("cause");
  useEvery(10_000, load.again);
  return (
    <>
      <header class="screen-head">
        <h1 tabIndex={-1}>{i.title}</h1>
        <p class="soft">{i.lead}</p>
      </header>
      <Ready load={load} rows={4}>
        {({ causes }) =>
          causes.length === 0 ? (
            <Empty icon="check" title={i.empty}>
              <p class="soft">{i.emptyLead}</p>
            </Empty>
          ) : (
            <ul class="causes">
              {causes.map((one) => (
                <li key={one.cause + (one.field ?? "")}>
                  <CausePanel cause={one} open={cause === one.cause} session={session} />
                </li>
              ))}
            </ul>
          )
        }
      </Ready>
    </>
  );
}

const leads: Partial<Record<Schemas["Action"]["kind"], string>> = {
  review: "/integrations/ashby/reviews",
  relink: "/integrations/ashby/reviews",
  connect: "/integrations/ashby",
};

function CausePanel({ cause, open, session }: { cause: Cause; open: boolean; session: Session }): JSX.Element {
  const lead = leads[cause.action.kind];
  return (
    <Panel
      title={
        <>
          {cause.title}{" "}
          <Badge tone="warn" icon="inbox">
            {cause.count_text}
          </Badge>
        </>
      }
      lead={sentence(cause.sentence)}
      aside={
        <Button icon="list" aria-expanded={open} onClick={() => go(withQuery({ cause: open ? null : cause.cause }), { replace: true })}>
          {open ? i.hide : i.show}
          <span class="unseen">: {cause.title}</span>
        </Button>
      }
    >
      <p class="fine">
        {i.since} <When at={cause.first_seen} /> · {i.last} <When at={cause.last_seen} />
        {!lead && <> · {sentence(cause.action.label)}</>}
      </p>
      {lead && (
        <p>
          <Link to={lead} class="button plain">
            <Icon name="arrow" />
            <span>{sentence(cause.action.label).slice(0, -1)}</span>
          </Link>
        </p>
      )}
      {open && <Entries cause={cause} session={session} />}
    </Panel>
  );
}

function Entries({ cause, session }: { cause: Cause; session: Session }): JSX.Element {
  const page = (cursor?: string) => ask(api.GET("/v1/inbox/{cause}", { params: { path: { cause: cause.cause }, query: { limit: 50, ...(cursor ? { cursor } : {}) } } }));
  const load = useLoad(() => page(), [cause.cause, cause.count]);
  const [more, setMore] = useState<Schemas["InboxPage"][]>([]);
  const further = useTask(async (cursor: string) => {
    const next = await page(cursor);
    setMore((m) => [...m, next]);
  });
  const exporting = useTask(async () => save(cause.cause));
  return (
    <Ready load={load}>
      {(first) => {
        const entries = [first, ...more].flatMap((p) => p.entries);
        const next = (more.at(-1) ?? first).next;
        return (
          <>
            <table class="rows">
              <thead>
                <tr>
                  <th scope="col">{i.person}</th>
                  <th scope="col">{i.event}</th>
                  <th scope="col">{i.why}</th>
                  <th scope="col">{i.waiting}</th>
                </tr>
              </thead>
              <tbody>
                {entries.map((e) => (
                  <tr key={e.event}>
                    <th scope="row">
                      <Link to={personAt(e.person)}>{e.person}</Link>
                    </th>
                    <td data-label={i.event}>
                      <Link to={eventAt(e.event)}>{t.eventType(e.type)}</Link>
                    </td>
                    <td data-label={i.why}>
                      {sentence(e.message)}
                      {e.detail && <small class="soft">{sentence(e.detail)}</small>}
                    </td>
                    <td data-label={i.waiting}>
                      <When at={e.since} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
            <p class="row">
              {next && (
                <Button busy={further.busy} onClick={() => void further.run(next)}>
                  {t.more}
                </Button>
              )}
              <Button icon="out" busy={exporting.busy} onClick={() => void exporting.run()}>
                {i.download}
              </Button>
              {session.role === "admin" && <Redrive cause={cause} />}
            </p>
            {exporting.problem && <Trouble problem={exporting.problem} />}
          </>
        );
      }}
    </Ready>
  );
}

function Redrive({ cause }: { cause: Cause }): JSX.Element {
  const task = useTask(async () => {
    await ask(api.POST("/v1/inbox/{cause}/redrive", { params: { path: { cause: cause.cause } } }));
    announce(i.redriven);
    go("/integrations/ashby/bulk");
  });
  return (
    <>
      <Button icon="redo" busy={task.busy} onClick={() => void task.run()}>
        {i.redrive}
      </Button>
      {task.problem && <Trouble problem={task.problem} />}
    </>
  );
}

/** save downloads what the API exports, with all its pages in one file. */
async function save(cause: string): Promise<void> {
  let text = "";
  for (let at: string | null = `/v1/inbox/${encodeURIComponent(cause)}/export`; at; ) {
    const got: Response = await fetch(at, { headers: { Authorization: `Bearer ${current()?.token ?? ""}` } });
    if (!got.ok) throw new Error(i.noDownload);
    const page = await got.text();
    text += text ? page.slice(page.indexOf("\n") + 1) : page;
    at = /<([^>]+)>;\s*rel="next"/.exec(got.headers.get("Link") ?? "")?.[1] ?? null;
  }
  const url = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `${cause}.csv`;
  link.click();
  URL.revokeObjectURL(url);
  announce(i.downloaded);
}
