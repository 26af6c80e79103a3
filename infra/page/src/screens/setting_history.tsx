// What was changed of the settings, by whom and when, and the way back.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Answer, Schemas } from "../api/client";
import { moment } from "../format";
import { useLoad, useTask } from "../load";
import { t } from "../text";
import { Badge, Button, Empty, Panel, Ready, Trouble } from "../ui/basic";
import { Confirm } from "../ui/dialog";
import { announce } from "../ui/live";
import { show } from "./setting_parts";
import { history, rollback, type Doc, type Side } from "./settings";

const s = t.settings;

type HistoryProps = { side: Side; may: boolean; version: number; etag: string; took: (now: Answer<Doc>) => void; titles?: Map<string, string> };

/** History lists the versions with what each changed, and makes an earlier one current again. */
export function History({ side, may, version, etag, took, titles }: HistoryProps): JSX.Element {
  const [open, setOpen] = useState(false);
  return (
    <Panel
      title={s.history}
      lead={s.historyLead}
      aside={
        <Button icon="clock" aria-expanded={open} onClick={() => setOpen(!open)}>
          {s.history}
        </Button>
      }
    >
      {open && <Versions {...{ side, may, version, etag, took }} {...(titles ? { titles } : {})} />}
    </Panel>
  );
}

function Versions({ side, may, version, etag, took, titles }: HistoryProps): JSX.Element {
  const load = useLoad(() => history(side), [side, version]);
  const [more, setMore] = useState<Schemas["History"][]>([]);
  const [asked, ask_] = useState<number | null>(null);
  const restoring = useTask(async (to: number) => {
    took(await rollback(side, to, etag));
    ask_(null);
    announce(s.restored);
  });
  const further = useTask(async (cursor: string) => {
    const page = await history(side, cursor);
    setMore((m) => [...m, page]);
  });
  return (
    <Ready load={load}>
      {(first) => {
        const versions = [first, ...more].flatMap((p) => p.versions);
        const next = (more.at(-1) ?? first).next;
        if (versions.length === 0) return <Empty icon="clock" title={s.noHistory} />;
        return (
          <>
            <ol class="versions">
              {versions.map((v) => (
                <li key={v.version}>
                  <div class="version-head">
                    <strong>{s.version(v.version)}</strong>
                    <span class="soft">
                      {moment(v.saved_at)} {s.savedBy(v.author)}
                    </span>
                    {v.version === version ? (
                      <Badge tone="good" icon="check">
                        {s.current}
                      </Badge>
                    ) : (
                      may && (
                        <Button look="quiet" icon="redo" onClick={() => ask_(v.version)}>
                          {s.restore}
                          <span class="unseen"> {s.version(v.version)}</span>
                        </Button>
                      )
                    )}
                  </div>
                  <dl class="diff">
                    {v.changes.map((c) => (
                      <div key={c.setting}>
                        <dt>{s.names[c.setting] ?? c.setting}</dt>
                        <dd>
                          <ins>{show(c.setting, c.to, titles)}</ins> <del>
                            <span class="unseen">{s.was} </span>
                            {show(c.setting, c.from, titles)}
                          </del>
                        </dd>
                      </div>
                    ))}
                  </dl>
                </li>
              ))}
            </ol>
            <p class="row">
              {next && (
                <Button busy={further.busy} onClick={() => void further.run(next)}>
                  {t.more}
                </Button>
              )}
              {may && version > 0 && (
                <Button look="quiet" icon="redo" onClick={() => ask_(0)}>
                  {s.restore}: {s.first}
                </Button>
              )}
            </p>
            {asked !== null && (
              <Confirm title={s.restoreTitle(asked)} yes={s.restore} busy={restoring.busy} close={() => ask_(null)} go={() => void restoring.run(asked)}>
                <p>{s.restoreLead}</p>
                {restoring.problem && <Trouble problem={restoring.problem} />}
              </Confirm>
            )}
          </>
        );
      }}
    </Ready>
  );
}
