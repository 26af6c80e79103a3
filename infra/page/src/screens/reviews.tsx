// Whether a person is one of Ashby's candidates, where the evidence does not say it alone; and what to do after a deletion.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api, ask, type Schemas } from "../api/client";
import { useEvery, useLoad, useTask } from "../load";
import { Link } from "../router";
import type { Session } from "../session";
import { t } from "../text";
import { Badge, Button, Empty, Notice, Panel, Ready, Trouble, When } from "../ui/basic";
import { TextField } from "../ui/choice";
import { Icon } from "../ui/icon";
import { announce } from "../ui/live";
import { personAt } from "./event_parts";

const r = t.reviews;
type Review = Schemas["Review"];
type Answer = Schemas["AnswerReview"];

const page = (cursor?: string): Promise<Schemas["Reviews"]> => ask(api.GET("/v1/reviews", { params: { query: { limit: 20, ...(cursor ? { cursor } : {}) } } }));

export function Reviews({ session }: { session: Session }): JSX.Element {
  const load = useLoad(() => page(), []);
  const [more, setMore] = useState<Schemas["Reviews"][]>([]);
  const further = useTask(async (cursor: string) => {
    const next = await page(cursor);
    setMore((m) => [...m, next]);
  });
  useEvery(15_000, load.again);
  return (
    <>
      <header class="screen-head">
        <h1 tabIndex={-1}>{r.title}</h1>
        <p class="soft">{r.lead}</p>
      </header>
      <Ready load={load} rows={4}>
        {(first) => {
          const all = [first, ...more].flatMap((p) => p.reviews);
          const next = (more.at(-1) ?? first).next;
          if (all.length === 0 && !next) {
            return (
              <Empty icon="check" title={r.empty}>
                <p class="soft">{r.emptyLead}</p>
              </Empty>
            );
          }
          return (
            <>
              {all.map((one) => (
                <ReviewPanel key={one.person} person={one.person} may={session.role !== "viewer"} answered={load.again} />
              ))}
              {next && (
                <p>
                  <Button busy={further.busy} onClick={() => void further.run(next)}>
                    {t.more}
                  </Button>
                </p>
              )}
            </>
          );
        }}
      </Ready>
    </>
  );
}

/** ReviewPanel shows one case with what Ashby has of each candidate, side by side. */
export function ReviewPanel({ person, may, answered }: { person: string; may: boolean; answered?: () => void }): JSX.Element {
  const load = useLoad(() => ask(api.GET("/v1/reviews/{person}", { params: { path: { person } } })), [person]);
  const answer = useTask(async (body: Answer) => {
    await ask(api.PUT("/v1/reviews/{person}", { params: { path: { person } }, body }));
    announce(r.thanks);
    load.again();
    answered?.();
  });
  const undo = useTask(async () => {
    await ask(api.DELETE("/v1/reviews/{person}", { params: { path: { person } } }));
    announce(r.undone);
    load.again();
    answered?.();
  });
  return (
    <Ready load={load} rows={2}>
      {(review) => (
        <Panel
          title={
            <>
              {review.kind === "deleted" ? r.deleted : r.who} <Link to={personAt(person)}>{review.name ?? person}</Link>{" "}
              {review.waiting > 0 && (
                <Badge tone="warn" icon="pause">
                  {r.waiting(review.waiting)}
                </Badge>
              )}
            </>
          }
          lead={
            review.since && (
              <>
                {r.since} <When at={review.since} />
              </>
            )
          }
        >
          {review.answer ? (
            <Notice tone="info" title={r.answered(r.answers[review.answer], review.by ?? "")}>
              {review.undoable && may && (
                <p>
                  <Button icon="redo" busy={undo.busy} onClick={() => void undo.run()}>
                    {r.undo}
                  </Button>
                </p>
              )}
            </Notice>
          ) : null}
          {(review.kind !== undefined || review.undoable) && <Suspects review={review} may={may && !review.answer} busy={answer.busy} answer={(a) => void answer.run(a)} />}
          {answer.problem && <Trouble problem={answer.problem} />}
          {undo.problem && <Trouble problem={undo.problem} />}
        </Panel>
      )}
    </Ready>
  );
}

function Suspects({ review, may, busy, answer }: { review: Review; may: boolean; busy: boolean; answer: (a: Answer) => void }): JSX.Element {
  const [other, setOther] = useState("");
  const offered = new Set(review.answers ?? []);
  return (
    <>
      <ul class="suspects">
        {review.suspects.map((s) => (
          <li key={s.id} class={review.chosen === s.id ? "suspect chosen" : "suspect"}>
            <h3>{s.name ?? s.id}</h3>
            {s.gone && (
              <Badge tone="bad" icon="cross">
                {t.story.gone}
              </Badge>
            )}
            {s.emails && s.emails.length > 0 && <p>{s.emails.join(", ")}</p>}
            {s.evidence && s.evidence.length > 0 && (
              <ul class="evidence">
                {s.evidence.map((e) => (
                  <li key={e}>
                    <Icon name="check" /> {e}
                  </li>
                ))}
              </ul>
            )}
            {s.profile && (
              <p>
                <a href={s.profile} target="_blank" rel="noopener noreferrer">
                  {t.story.open} <Icon name="out" />
                  <span class="unseen">{t.connection.newTab}</span>
                </a>
              </p>
            )}
            {may && offered.has("link") && !s.gone && (
              <Button look="main" icon="check" busy={busy} onClick={() => answer({ answer: "link", candidate: s.id })}>
                {r.thisOne}
                <span class="unseen">: {s.name ?? s.id}</span>
              </Button>
            )}
          </li>
        ))}
      </ul>
      {may && (
        <div class="row">
          {(["create_new", "recreate", "never", "stop"] as const)
            .filter((one) => offered.has(one))
            .map((one) => (
              <Button key={one} busy={busy} icon={one === "never" || one === "stop" ? "cross" : "plus"} onClick={() => answer({ answer: one })}>
                {r.answers[one]}
              </Button>
            ))}
        </div>
      )}
      {may && offered.has("link") && review.kind === "deleted" && (
        <form
          class="inline-form"
          onSubmit={(e) => {
            e.preventDefault();
            if (other.trim()) answer({ answer: "link", candidate: other.trim() });
          }}
        >
          <TextField label={r.another} value={other} put={setOther} />
          <Button type="submit" icon="check" busy={busy}>
            {r.linkIt}
          </Button>
        </form>
      )}
    </>
  );
}
