// What people may do about one person.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api, ask, type Schemas } from "../api/client";
import { useTask } from "../load";
import type { Session } from "../session";
import { sentence, t } from "../text";
import { Button, Notice, Trouble } from "../ui/basic";
import { TextField } from "../ui/choice";
import { Confirm } from "../ui/dialog";
import { announce } from "../ui/live";
import { PreviewPush } from "./preview";

const s = t.story;
type Asked = "preview" | "hold" | "link" | "unlink" | "forget" | "backfill";

type WorkProps = { person: string; standing: Schemas["Standing"]; session: Session; again: () => void };

/** PersonWork offers what the role allows: members preview and push, admins do the rest. */
export function PersonWork({ person, standing, session, again }: WorkProps): JSX.Element | null {
  const [asked, ask_] = useState<Asked | null>(null);
  const [candidate, setCandidate] = useState("");
  const [forgotten, setForgotten] = useState<Schemas["Forgotten"] | null>(null);
  const params = { path: { person } };
  const close = (): void => ask_(null);
  const task = useTask(async (call: () => Promise<unknown>, said: string) => {
    await call();
    close();
    announce(said);
    again();
  });
  const forget = useTask(async () => {
    setForgotten(await ask(api.POST("/v1/people/{person}/forget", { params })));
    close();
  });
  if (session.role === "viewer") return null;
  const admin = session.role === "admin";
  const push = (): void => void task.run(() => ask(api.POST("/v1/people/{person}/push", { params })), s.pushed);
  return (
    <>
      <p class="row">
        <Button look="main" icon="send" busy={task.busy} onClick={push}>
          {s.push}
        </Button>
        <Button icon="eye" onClick={() => ask_("preview")}>
          {t.preview.open}
        </Button>
        {admin && (
          <>
            <Button icon="clock" onClick={() => ask_("backfill")}>
              {s.backfill}
            </Button>
            {standing.held ? (
              <Button icon="play" busy={task.busy} onClick={() => void task.run(() => ask(api.POST("/v1/people/{person}/release", { params })), s.released)}>
                {s.release}
              </Button>
            ) : (
              <Button icon="pause" onClick={() => ask_("hold")}>
                {s.hold}
              </Button>
            )}
            {standing.link ? (
              <Button icon="cross" onClick={() => ask_("unlink")}>
                {s.unlink}
              </Button>
            ) : (
              <Button icon="plug" onClick={() => ask_("link")}>
                {s.link}
              </Button>
            )}
            <Button look="danger" icon="cross" onClick={() => ask_("forget")}>
              {s.forget}
            </Button>
          </>
        )}
      </p>
      {task.problem && asked === null && <Trouble problem={task.problem} />}
      {forgotten && (
        <Notice tone="good" title={s.forgotten}>
          <p>{s.removed(forgotten.removed.events)}</p>
          {forgotten.in_flight > 0 && <p>{s.inFlight(forgotten.in_flight)}</p>}
          <p>{sentence(forgotten.kept)}</p>
        </Notice>
      )}
      {asked === "preview" && (
        <PreviewPush
          person={person}
          close={close}
          push={() => {
            close();
            push();
          }}
        />
      )}
      {asked === "backfill" && (
        <Confirm title={s.backfillTitle} yes={s.backfill} busy={task.busy} close={close} go={() => void task.run(() => ask(api.POST("/v1/people/{person}/backfill", { params })), s.backfilled)}>
          <p>{s.backfillLead}</p>
          {task.problem && <Trouble problem={task.problem} />}
        </Confirm>
      )}
      {asked === "hold" && (
        <Confirm title={s.holdTitle} yes={s.hold} busy={task.busy} close={close} go={() => void task.run(() => ask(api.POST("/v1/people/{person}/hold", { params })), s.holding)}>
          <p>{s.holdLead}</p>
          {task.problem && <Trouble problem={task.problem} />}
        </Confirm>
      )}
      {asked === "unlink" && (
        <Confirm title={s.unlinkTitle} yes={s.unlink} busy={task.busy} close={close} go={() => void task.run(() => ask(api.DELETE("/v1/people/{person}/link", { params })), s.unlinkedNow)}>
          <p>{s.unlinkLead}</p>
          {task.problem && <Trouble problem={task.problem} />}
        </Confirm>
      )}
      {asked === "link" && (
        <Confirm
          title={s.linkTitle}
          yes={s.link}
          busy={task.busy}
          close={close}
          go={() => void task.run(() => ask(api.PUT("/v1/people/{person}/link", { params, body: { candidate: candidate.trim() } })), s.linked)}
        >
          <TextField label={s.candidate} hint={s.candidateHint} value={candidate} put={setCandidate} />
          {task.problem && <Trouble problem={task.problem} />}
        </Confirm>
      )}
      {asked === "forget" && (
        <Confirm title={s.forgetTitle(person)} yes={s.forget} danger busy={forget.busy} close={close} go={() => void forget.run()}>
          <p>{s.forgetLead}</p>
          {forget.problem && <Trouble problem={forget.problem} />}
        </Confirm>
      )}
    </>
  );
}
