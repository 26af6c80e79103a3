import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { answer, api, ask, type Schemas } from "../api/client";
import { moment, number } from "../format";
import { useLoad, useTask } from "../load";
import type { Session } from "../session";
import { sentence, t } from "../text";
import { Badge, Button, Empty, Notice, Panel, Ready, Trouble } from "../ui/basic";
import { Confirm, Dialog } from "../ui/dialog";
import { Icon } from "../ui/icon";
import { announce } from "../ui/live";
import { loadFields } from "./fields";
import { differences, kindOf, useMapping, type Draft, type Editing, type Kind, type Mapping } from "./mapping_draft";
import { Rows, type Known } from "./mapping_rows";
import { PreviewMapping } from "./preview";
import { useGuard } from "./settings";

const m = t.mapping;
const kinds: Kind[] = ["text", "list", "social"];

export function MappingScreen({ session }: { session: Session }): JSX.Element {
  const editing = useMapping();
  const known = useLoad(
    async (): Promise<Known> => {
      const [fields, variables] = await Promise.all([loadFields().catch(() => ({ connected: false, fields: [] })), ask(api.GET("/v1/variables"))]);
      return { fields: fields.fields, variables: variables.variables };
    },
    [],
  );
  const admin = session.role === "admin";
  return (
    <>
      <header class="screen-head">
        <h1 tabIndex={-1}>{m.title}</h1>
        <p class="soft">{m.lead}</p>
      </header>
      {!admin && (
        <p class="locked-line">
          <Icon name="lock" /> {t.session.adminOnly}
        </p>
      )}
      <Ready load={editing.load} rows={6}>
        {({ data, etag }) => (
          <Ready load={known} rows={6}>
            {(all) => (
              <>
                <Tools editing={editing} admin={admin} etag={etag} />
                <Editor editing={editing} stored={data} known={all} />
                <PreviewMapping draft={editing.dirty ? editing.draft : null} />
                <MappingHistory editing={editing} admin={admin} version={data.version} etag={etag} />
              </>
            )}
          </Ready>
        )}
      </Ready>
      <Bar editing={editing} />
    </>
  );
}

/** Tools begin an edit, with a warning before it, and put the defaults back. */
function Tools({ editing, admin, etag }: { editing: Editing; admin: boolean; etag: string }): JSX.Element | null {
  const [asking, ask_] = useState<"edit" | "defaults" | null>(null);
  const close = (): void => ask_(null);
  const restore = useTask(async () => {
    editing.took(await answer(api.POST("/v1/mapping/defaults", { params: { header: { "If-Match": etag } } })));
    close();
    announce(m.restored);
  });
  if (!admin) return null;
  return (
    <>
      {!editing.draft && (
        <p class="row">
          <Button look="main" icon="map" onClick={() => ask_("edit")}>
            {m.edit}
          </Button>
          <Button icon="redo" onClick={() => ask_("defaults")}>
            {m.defaults}
          </Button>
        </p>
      )}
      {asking === "edit" && (
        <Confirm
          title={m.warnTitle}
          yes={m.warnYes}
          close={close}
          go={() => {
            close();
            editing.begin();
          }}
        >
          <p>{m.warnLead}</p>
        </Confirm>
      )}
      {asking === "defaults" && (
        <Confirm title={m.defaultsTitle} yes={m.defaults} busy={restore.busy} close={close} go={() => void restore.run()}>
          <p>{m.defaultsLead}</p>
          {restore.problem && <Trouble problem={restore.problem} />}
        </Confirm>
      )}
    </>
  );
}

function Editor({ editing, stored, known }: { editing: Editing; stored: Mapping; known: Known }): JSX.Element {
  const draft: Draft = editing.draft ?? { entries: stored.entries, policies: stored.policies };
  const lists = new Set(known.variables.filter((v) => v.kind === "list").map((v) => v.name));
  const rows = draft.entries.map((entry, index) => ({ entry, index }));
  const elsewhere = editing.mistakes.filter((one) => !one.path.startsWith("entries["));
  return (
    <>
      {editing.problem && editing.problem.mistakes.length === 0 && <Trouble problem={editing.problem} />}
      {editing.mistakes.length > 0 && (
        <Notice tone="bad" title={t.mistakes(editing.mistakes.length)} alert>
          <ul>
            {elsewhere.map((one) => (
              <li key={one.path}>{sentence(one.message ?? one.code)}</li>
            ))}
          </ul>
        </Notice>
      )}
      {!editing.draft &&
        [...(stored.notes ?? []), ...(stored.warnings ?? []).filter((one) => !one.path.startsWith("entries["))].map((one, i) => (
          <Notice key={i} tone="warn">
            <p>{sentence(one.message ?? one.code)}</p>
          </Notice>
        ))}
      {kinds.map((kind) => (
        <Panel key={kind} title={m.kinds[kind].title} lead={m.kinds[kind].lead}>
          <Rows
            kind={kind}
            rows={rows.filter((r) => kindOf(r.entry, lists) === kind)}
            draft={draft}
            known={known}
            editing={editing.draft !== null}
            mistakes={editing.mistakes}
            warnings={editing.draft ? [] : (stored.warnings ?? [])}
            change={editing.change}
          />
        </Panel>
      ))}
    </>
  );
}

function Bar({ editing }: { editing: Editing }): JSX.Element | null {
  const guard = useGuard(editing.dirty);
  return (
    <>
      {editing.draft && (
        <div class="save-bar" role="region" aria-label={m.editing}>
          <p>{editing.dirty ? m.unsaved : m.editing}</p>
          <Button onClick={editing.stop}>{editing.dirty ? t.discard : t.close}</Button>
          <Button look="main" busy={editing.saving.busy} disabled={!editing.dirty} onClick={() => void editing.saving.run()}>
            {t.save}
          </Button>
        </div>
      )}
      {guard.asking && (
        <Confirm title={t.settings.leaveTitle} yes={t.settings.leave} danger close={guard.stay} go={guard.leave}>
          <p>{t.settings.leaveLead}</p>
        </Confirm>
      )}
      {editing.conflict && editing.draft && (
        <Dialog
          title={t.settings.conflictTitle}
          wide
          close={editing.stop}
          foot={
            <>
              <Button onClick={editing.stop}>{t.settings.takeTheirs}</Button>
              <Button look="main" onClick={() => void editing.over()}>
                {t.settings.keepMine}
              </Button>
            </>
          }
        >
          <p>{t.settings.conflictLead(number(editing.conflict.data.version))}</p>
          <h3>{m.mineAgainstTheirs}</h3>
          <Diff before={{ entries: editing.conflict.data.entries, policies: editing.conflict.data.policies }} after={editing.draft} />
        </Dialog>
      )}
    </>
  );
}

function Diff({ before, after }: { before: Draft; after: Draft }): JSX.Element {
  const all = differences(before, after);
  if (all.length === 0) return <p class="soft">{m.noDifference}</p>;
  return (
    <ul class="changes">
      {all.map(({ what, entry, rule, was }) => {
        const text = m.entry(entry);
        return (
          <li key={what + text}>
            <span class="tag">{m.changes[what]}</span> {what === "removed" ? <del>{text}</del> : what === "added" ? <ins>{text}</ins> : `${entry.title ?? entry.to}: `}
            {what === "changed" && (
              <>
                <ins>{rule ? m.rule(rule) : m.defaultRule}</ins> <del>{was ? m.rule(was) : m.defaultRule}</del>
              </>
            )}
          </li>
        );
      })}
    </ul>
  );
}

type HistoryProps = { editing: Editing; admin: boolean; version: number; etag: string };

function MappingHistory(props: HistoryProps): JSX.Element {
  const [open, setOpen] = useState(false);
  return (
    <Panel
      title={t.settings.history}
      lead={t.settings.historyLead}
      aside={
        <Button icon="clock" aria-expanded={open} onClick={() => setOpen(!open)}>
          {t.settings.history}
        </Button>
      }
    >
      {open && <Versions {...props} />}
    </Panel>
  );
}

function Versions({ editing, admin, version, etag }: HistoryProps): JSX.Element {
  const load = useLoad(() => ask(api.GET("/v1/mapping/history")), [version]);
  const [asked, ask_] = useState<number | null>(null);
  const restoring = useTask(async (to: number) => {
    editing.took(await answer(api.POST("/v1/mapping/rollback", { body: { version: to }, params: { header: { "If-Match": etag } } })));
    ask_(null);
    announce(t.settings.restored);
  });
  return (
    <Ready load={load}>
      {({ versions }) =>
        versions.length === 0 ? (
          <Empty icon="clock" title={t.settings.noHistory} />
        ) : (
          <>
            <ol class="versions">
              {versions.map((v: Schemas["MappingVersion"], i) => {
                const before = versions[i + 1];
                return (
                  <li key={v.version}>
                    <div class="version-head">
                      <strong>{t.settings.version(v.version)}</strong>
                      <span class="soft">
                        {v.saved_at && moment(v.saved_at)} {v.author && t.settings.savedBy(v.author)}
                      </span>
                      {v.version === version ? (
                        <Badge tone="good" icon="check">
                          {t.settings.current}
                        </Badge>
                      ) : (
                        admin &&
                        !editing.draft && (
                          <Button look="quiet" icon="redo" onClick={() => ask_(v.version)}>
                            {t.settings.restore}
                            <span class="unseen"> {t.settings.version(v.version)}</span>
                          </Button>
                        )
                      )}
                    </div>
                    {before ? <Diff before={before} after={v} /> : <p class="soft">{m.firstVersion(v.entries.length)}</p>}
                  </li>
                );
              })}
            </ol>
            {asked !== null && (
              <Confirm title={t.settings.restoreTitle(asked)} yes={t.settings.restore} busy={restoring.busy} close={() => ask_(null)} go={() => void restoring.run(asked)}>
                <p>{t.settings.restoreLead}</p>
                {restoring.problem && <Trouble problem={restoring.problem} />}
              </Confirm>
            )}
          </>
        )
      }
    </Ready>
  );
}
