import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { api, ask, Problem, type Schemas } from "../api/client";
import { keyPage } from "../config";
import { moment } from "../format";
import { useEvery, useLoad, useTask } from "../load";
import { local, type Session } from "../session";
import { sentence, t } from "../text";
import { Badge, Button, Notice, Panel, Ready, Trouble, type Tone, When } from "../ui/basic";
import { TextField } from "../ui/choice";
import { Confirm, Dialog } from "../ui/dialog";
import { Icon, type IconName } from "../ui/icon";
import { announce } from "../ui/live";
import { Hooks } from "./hooks";

type Connection = Schemas["Connection"];
const c = t.connection;

const looks: Record<Connection["status"], { tone: Tone; icon: IconName }> = {
  not_connected: { tone: "calm", icon: "plug" },
  connected: { tone: "good", icon: "check" },
  connected_with_limits: { tone: "warn", icon: "alert" },
  attention_needed: { tone: "bad", icon: "alert" },
  paused: { tone: "info", icon: "pause" },
  disconnected: { tone: "calm", icon: "cross" },
};

export function StatusBadge({ status, checking }: { status: Connection["status"]; checking?: boolean }): JSX.Element {
  const look = checking ? { tone: "info" as const, icon: "clock" as const } : looks[status];
  return <Badge {...look}>{checking ? c.checking : c.statuses[status]}</Badge>;
}

export const isOn = (connection: Connection): boolean => connection.status !== "not_connected" && connection.status !== "disconnected";

export const loadConnection = (): Promise<Connection> => ask(api.GET("/v1/connection"));

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

type Part = { connection: Connection; admin: boolean; put: (now: Connection) => void };

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

/** Organisation asks what to do with links that the key does not know. */
function Organisation({ connection, admin, put }: Part): JSX.Element | null {
  const choose = useTask(async (answer: Schemas["AnswerOrganisation"]["answer"]) => {
    put(await ask(api.PUT("/v1/connection/organisation", { body: { answer } })));
    announce(c.chosen);
  });
  if (connection.reason !== "other_organisation") return null;
  return (
    <Notice tone="bad" title={c.otherTitle}>
      <p>{c.otherLead}</p>
      {admin ? (
        <ul class="answers">
          <li>
            <Button busy={choose.busy} onClick={() => void choose.run("keep_links")}>
              {c.keepLinks}
            </Button>{" "}
            {c.keepLinksLead}
          </li>
          <li>
            <Button busy={choose.busy} onClick={() => void choose.run("start_fresh")}>
              {c.startFresh}
            </Button>{" "}
            {c.startFreshLead}
          </li>
        </ul>
      ) : (
        <p>{t.session.adminOnly}</p>
      )}
      {choose.problem && <Trouble problem={choose.problem} />}
    </Notice>
  );
}

/** Unmapped says that company and role do not reach Ashby, and lets them, with one button. */
function Unmapped({ connection, admin, put }: Part): JSX.Element | null {
  const names = connection.unmapped ?? [];
  const create = useTask(async () => {
    await ask(api.POST("/v1/fields", { body: { for: names } }));
    put(await loadConnection());
    announce(c.createdBoth);
  });
  if (names.length === 0) return null;
  return (
    <Notice tone="warn" title={c.unmappedTitle(names)}>
      <p>{c.unmappedLead}</p>
      {admin && (
        <p>
          <Button icon="plus" busy={create.busy} onClick={() => void create.run()}>
            {c.createBoth(names.length)}
          </Button>
        </p>
      )}
      {create.problem && <Trouble problem={create.problem} />}
    </Notice>
  );
}

const states: Record<Schemas["Feature"]["status"], { tone: Tone; icon: IconName }> = {
  on: { tone: "good", icon: "check" },
  off: { tone: "bad", icon: "cross" },
  unknown: { tone: "calm", icon: "clock" },
};

/** Doctor tells feature by feature what the key lets work, and the box to tick for the rest. */
function Doctor({ connection }: { connection: Connection }): JSX.Element {
  const load = useLoad(() => ask(api.GET("/v1/connection/doctor")), [connection.checked_at, connection.key?.fingerprint]);
  return (
    <Panel title={c.doctor} lead={c.doctorLead}>
      <Ready load={load}>
        {({ features, switches }) => (
          <table class="rows">
            <thead>
              <tr>
                <th scope="col">{c.feature}</th>
                <th scope="col">{c.box}</th>
                <th scope="col">{c.state}</th>
              </tr>
            </thead>
            <tbody>
              {[...features, ...switches.map((one) => ({ ...one, feature: c.switches[one.switch], needed: false }))].map((one) => (
                <tr key={one.box + one.feature}>
                  <th scope="row">
                    {sentence(one.feature).slice(0, -1)} {one.needed && <span class="tag strong">{c.needed}</span>}
                    {one.status !== "on" && one.message && <small class="soft">{sentence(one.message)}</small>}
                  </th>
                  <td data-label={c.box}>{one.box}</td>
                  <td data-label={c.state}>
                    <Badge {...states[one.status]}>{c.states[one.status]}</Badge>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Ready>
    </Panel>
  );
}
