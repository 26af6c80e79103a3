import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { api, ask, Problem } from "../api/client";
import { keyPage } from "../config";
import { moment } from "../format";
import { useEvery, useLoad, useTask } from "../load";
import { local, type Session } from "../session";
import { sentence, t } from "../text";
import { Button, Notice, Panel, Ready, Trouble, When } from "../ui/basic";
import { TextField } from "../ui/choice";
import { Confirm, Dialog } from "../ui/dialog";
import { Icon } from "../ui/icon";
import { announce } from "../ui/live";
import { Doctor, Organisation, Unmapped } from "./connection_care";
import { isOn, loadConnection, StatusBadge, type Connection, type Part } from "./connection_state";
import { Hooks } from "./hooks";

const c = t.connection;

export function ConnectionScreen({ session }: { session: Session }): JSX.Element {
  const load = useLoad(loadConnection, []);
  const admin = session.role === "admin";
  useEvery(20_000, load.again);
  return (
    <>
      <header class="screen-head">
        <h1 tabIndex={-1}>{t.nav.connection}</h1>
        <p class="soft">{c.lead}</p>
      </header>
      <Ready load={load} rows={5}>
        {(connection) =>
          isOn(connection) ? (
            <On connection={connection} admin={admin} put={load.put} />
          ) : (
            <Off connection={connection} admin={admin} put={load.put} />
          )
        }
      </Ready>
    </>
  );
}


function Off({ connection, admin, put }: Part): JSX.Element {
  return (
    <>
      {connection.status === "disconnected" && (
        <Notice tone="info">
          <p>{sentence(connection.message)}</p>
        </Notice>
      )}
      {!admin && (
        <Notice tone="info">
          <p>{c.memberLead}</p>
        </Notice>
      )}
      <Panel title={c.steps}>
        <ol class="steps">
          <Step title={c.step1}>
            <p>{c.step1Lead}</p>
            <KeyPage />
          </Step>
          <Step title={c.step2}>
            <p>{c.step2Lead}</p>
            <Boxes permissions={connection.permissions} />
          </Step>
          <Step title={c.step3}>{admin ? <Activate put={put} /> : <p class="locked-line"><Icon name="lock" /> {t.session.adminOnly}</p>}</Step>
        </ol>
      </Panel>
    </>
  );
}

const Step = ({ title, children }: { title: string; children: ComponentChildren }): JSX.Element => (
  <li>
    <h3>{title}</h3>
    {children}
  </li>
);

const KeyPage = (): JSX.Element => (
  <p>
    <a class="button plain" href={keyPage} target="_blank" rel="noopener noreferrer">
      <Icon name="out" />
      <span>
        {c.keyPage} <span class="unseen">{c.newTab}</span>
      </span>
    </a>
  </p>
);

/** Boxes lists what to tick on Ashby's page of the key, with what needs it. */
function Boxes({ permissions }: { permissions: Connection["permissions"] }): JSX.Element {
  const ordered = [...permissions].sort((a, b) => Number(b.needed) - Number(a.needed));
  return (
    <ul class="boxes">
      {ordered.map((p) => (
        <li key={p.permission}>
          <span class="tick" aria-hidden="true">
            <Icon name="check" />
          </span>
          <span>
            <strong>{p.box}</strong> <span class="soft">{p.feature}</span>
          </span>
          <span class={p.needed ? "tag strong" : "tag"}>{p.needed ? c.needed : c.useful}</span>
        </li>
      ))}
      <li>
        <span class="tick" aria-hidden="true">
          <Icon name="check" />
        </span>
        <span>
          <strong>{c.privateBox}</strong> <span class="soft">{c.privateReason}</span>
        </span>
        <span class="tag">{c.useful}</span>
      </li>
    </ul>
  );
}

function Activate({ put, done }: { put: (now: Connection) => void; done?: () => void }): JSX.Element {
  const [key, setKey] = useState("");
  const task = useTask(async () => {
    if (!key.trim()) throw new Problem(422, { code: "empty_key", detail: c.emptyKey });
    const now = await ask(api.PUT("/v1/connection", { body: { key } }));
    setKey("");
    put(now);
    announce(c.activated);
    done?.();
  });
  return (
    <form
      class="activate"
      noValidate
      onSubmit={(e) => {
        e.preventDefault();
        void task.run();
      }}
    >
      <TextField label={c.key} type="password" value={key} put={setKey} hint={c.keyHint} invalid={task.problem !== null} />
      {local?.ashby_key && (
        <p class="fine">
          <Button look="quiet" icon="plus" onClick={() => setKey(local?.ashby_key ?? "")}>
            {t.try.useKey}
          </Button>
        </p>
      )}
      <p class="row">
        <Button look="main" type="submit" icon="plug" busy={task.busy}>
          {c.activate}
        </Button>
        {task.busy && <StatusBadge status="not_connected" checking />}
      </p>
      <div aria-live="polite">
        {task.busy && (
          <>
            <div class="progress" />
            <p class="soft">{c.activating}</p>
          </>
        )}
      </div>
      {task.problem && <Trouble problem={task.problem} />}
    </form>
  );
}

function On({ connection, admin, put }: Part): JSX.Element {
  const [asking, ask_] = useState<"rotate" | "pause" | "disconnect" | null>(null);
  const close = (): void => ask_(null);
  const work = (call: () => Promise<Connection>, said: string) =>
    useTask(async () => {
      put(await call());
      close();
      announce(said);
    });
  const check = work(() => ask(api.POST("/v1/connection/check")), c.checkedNow);
  const pause = work(() => ask(api.POST("/v1/connection/pause")), c.paused);
  const resume = work(() => ask(api.POST("/v1/connection/resume")), c.resumed);
  const off = work(() => ask(api.DELETE("/v1/connection")), c.disconnected);
  const { key } = connection;
  return (
    <>
      <Panel
        title={
          <>
            Ashby <StatusBadge status={connection.status} checking={check.busy} />
          </>
        }
        aside={
          admin && (
            <Button icon="redo" busy={check.busy} onClick={() => void check.run()}>
              {c.checkNow}
            </Button>
          )
        }
      >
        <p class="lead">{sentence(connection.message)}</p>
        {[check, resume].map((task) => task.problem && <Trouble problem={task.problem} />)}
        {connection.mapped && connection.mapped.length > 0 && <p class="soft">{c.mapped(connection.mapped)}</p>}
        {key && (
          <dl class="facts">
            <div>
              <dt>{c.details}</dt>
              <dd>{[key.title, key.last_four && c.ending(key.last_four)].filter(Boolean).join(", ")}</dd>
            </div>
            <div>
              <dt>{c.fingerprint}</dt>
              <dd>
                <code>{key.fingerprint.slice(0, 12)}</code>
              </dd>
            </div>
            {connection.activated_at && (
              <div>
                <dt>{c.activatedBy}</dt>
                <dd>{c.by(connection.activated_by ?? "", connection.activated_at)}</dd>
              </div>
            )}
            {connection.checked_at && (
              <div>
                <dt>{c.checked}</dt>
                <dd title={moment(connection.checked_at)}>
                  <When at={connection.checked_at} />
                </dd>
              </div>
            )}
          </dl>
        )}
        {admin && (
          <p class="row">
            <Button icon="redo" onClick={() => ask_("rotate")}>
              {c.rotate}
            </Button>
            {connection.paused_at ? (
              <Button look="main" icon="play" busy={resume.busy} onClick={() => void resume.run()}>
                {c.resume}
              </Button>
            ) : (
              <Button icon="pause" onClick={() => ask_("pause")}>
                {c.pause}
              </Button>
            )}
            <Button look="danger" icon="cross" onClick={() => ask_("disconnect")}>
              {c.disconnect}
            </Button>
          </p>
        )}
      </Panel>
      {connection.notes
        ?.filter((n) => n.code !== "unmapped")
        .map((n) => (
          <Notice key={n.code + n.message} tone="info">
            <p>{sentence(n.message)}</p>
          </Notice>
        ))}
      <Organisation connection={connection} admin={admin} put={put} />
      <Unmapped connection={connection} admin={admin} put={put} />
      <Doctor connection={connection} />
      {admin && <Hooks />}
      {asking === "rotate" && (
        <Dialog title={c.rotate} close={close}>
          <p>{c.rotateLead}</p>
          <KeyPage />
          <Activate put={put} done={close} />
        </Dialog>
      )}
      {asking === "pause" && (
        <Confirm title={c.pauseTitle} yes={c.pause} busy={pause.busy} close={close} go={() => void pause.run()}>
          <p>{c.pauseLead}</p>
          {pause.problem && <Trouble problem={pause.problem} />}
        </Confirm>
      )}
      {asking === "disconnect" && (
        <Confirm title={c.disconnectTitle} yes={c.disconnect} danger busy={off.busy} close={close} go={() => void off.run()}>
          <p>{c.disconnectLead}</p>
          {off.problem && <Trouble problem={off.problem} />}
        </Confirm>
      )}
    </>
  );
}
