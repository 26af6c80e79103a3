import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api, ask, type Schemas } from "../api/client";
import { useLoad, useTask } from "../load";
import { sentence, t } from "../text";
import { Button, Notice, Panel, Ready, Trouble } from "../ui/basic";
import { Confirm } from "../ui/dialog";
import { announce } from "../ui/live";

const h = t.hooks;
type Purpose = Schemas["RotateWebhook"]["purpose"];

/** Hooks shows admins where a team's events go and what signs them; it is shown only when asked for, for it is secret. */
export function Hooks(): JSX.Element {
  const [open, setOpen] = useState(false);
  return (
    <Panel
      title={h.title}
      lead={h.lead}
      aside={
        <Button icon="eye" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? h.hide : h.show}
        </Button>
      }
    >
      {open && <Shown />}
    </Panel>
  );
}

function Shown(): JSX.Element {
  const load = useLoad(() => ask(api.GET("/v1/webhooks")), []);
  const [asked, ask_] = useState<Purpose | null>(null);
  const rotate = useTask(async (purpose: Purpose) => {
    load.put(await ask(api.POST("/v1/webhooks/rotate", { body: { purpose } })));
    ask_(null);
    announce(h.rotated);
  });
  return (
    <Ready load={load} rows={2}>
      {(now) => {
        const rows: { purpose: Purpose; title: string; url: string; more: string }[] = [
          { purpose: "events", title: h.events, url: now.events.url, more: `${h.secret}: ${now.events.secret}` },
          { purpose: "sourcewhale_hook", title: h.sourcewhale, url: now.sourcewhale_hook.url, more: "" },
          { purpose: "ashby_hook", title: h.ashby, url: now.ashby_hook.url, more: h.registered(now.ashby_hook.registered) },
        ];
        return (
          <>
            {now.notes?.map((n) => (
              <Notice key={n.code} tone="info">
                <p>{sentence(n.message)}</p>
              </Notice>
            ))}
            <ul class="stack">
              {rows.map((row) => (
                <li key={row.purpose} class="hook">
                  <div>
                    <strong>{row.title}</strong>
                    <p>
                      <code>{row.url}</code>
                    </p>
                    {row.more && <p class="soft">{row.more}</p>}
                  </div>
                  <Button icon="redo" onClick={() => ask_(row.purpose)}>
                    {h.rotate}
                    <span class="unseen">: {row.title}</span>
                  </Button>
                </li>
              ))}
            </ul>
            {asked && (
              <Confirm title={h.rotateTitle} yes={h.rotate} busy={rotate.busy} close={() => ask_(null)} go={() => void rotate.run(asked)}>
                <p>{h.rotateLead}</p>
                {rotate.problem && <Trouble problem={rotate.problem} />}
              </Confirm>
            )}
          </>
        );
      }}
    </Ready>
  );
}
