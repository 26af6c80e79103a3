// What a connection needs of an admin, and what its key lets work.
import type { JSX } from "preact";
import { api, ask, type Schemas } from "../api/client";
import { useLoad, useTask } from "../load";
import { sentence, t } from "../text";
import { Badge, Button, Notice, Panel, Ready, Trouble, type Tone } from "../ui/basic";
import type { IconName } from "../ui/icon";
import { announce } from "../ui/live";
import { loadConnection, type Connection, type Part } from "./connection_state";

const c = t.connection;

/** Organisation asks what to do with links that the key does not know. */
export function Organisation({ connection, admin, put }: Part): JSX.Element | null {
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
export function Unmapped({ connection, admin, put }: Part): JSX.Element | null {
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
export function Doctor({ connection }: { connection: Connection }): JSX.Element {
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
