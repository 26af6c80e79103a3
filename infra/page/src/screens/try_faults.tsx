import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useEvery, useLoad, useTask } from "../load";
import { t } from "../text";
import { Button, Panel, Ready, Trouble } from "../ui/basic";
import { SelectField, TextField } from "../ui/choice";
import { announce } from "../ui/live";
import { dev } from "./try";

const y = t.try;

interface Fault {
  id: string;
  kind: string;
  endpoints?: string[];
  count?: number;
  struck: number;
}

const kinds = Object.keys(y.faults);
const endpoints = ["", "candidate.createNote", "candidate.create", "candidate.update", "customField.setValues", "candidate.search", "candidate.info"];

/** Faults makes the simulated Ashby misbehave: what strikes, where and how often. */
export function Faults(): JSX.Element {
  const load = useLoad(() => dev<Fault[] | null>("GET", "ashby/faults"), []);
  const [kind, setKind] = useState("lost-after");
  const [endpoint, setEndpoint] = useState("candidate.createNote");
  const [count, setCount] = useState("1");
  const [latency, setLatency] = useState("0");
  useEvery(3000, load.again);
  const add = useTask(async () => {
    await dev("POST", "ashby/faults", {
      kind,
      ...(endpoint ? { endpoints: [endpoint] } : {}),
      count: Number(count) || 0,
      ...(kind === "slow" || kind === "lost-late" ? { delayMs: 3000 } : {}),
      ...(kind === "throttled" ? { retryAfterMs: 2000 } : {}),
      ...(kind === "refused" ? { code: "invalid_input" } : {}),
    });
    announce(y.added);
    load.again();
  });
  const clear = useTask(async () => {
    await dev("DELETE", "ashby/faults");
    load.again();
  });
  const slow = useTask(async () => {
    await dev("PATCH", "ashby/modes", { latencyMs: Number(latency) || 0 });
    announce(y.latencySet);
  });
  return (
    <Panel title={y.breakIt} lead={y.breakLead}>
      <form
        class="inline-form"
        onSubmit={(e) => {
          e.preventDefault();
          void add.run();
        }}
      >
        <SelectField label={y.fault} value={kind} options={kinds.map((value) => ({ value, label: y.faults[value] ?? value }))} put={setKind} />
        <SelectField label={y.where} value={endpoint} options={endpoints.map((value) => ({ value, label: value || y.everywhere }))} put={setEndpoint} />
        <TextField label={y.times} type="number" min={0} value={count} put={setCount} />
        <Button type="submit" icon="plus" busy={add.busy}>
          {y.add}
        </Button>
      </form>
      {add.problem && <Trouble problem={add.problem} />}
      <Ready load={load} rows={1}>
        {(faults) =>
          !faults || faults.length === 0 ? (
            <p class="soft">{y.noFaults}</p>
          ) : (
            <>
              <ul class="bullets">
                {faults.map((f) => (
                  <li key={f.id}>
                    {y.faults[f.kind] ?? f.kind} <code>{f.endpoints?.join(", ") ?? y.everywhere}</code> <span class="soft">{y.struck(f.struck, f.count ?? 0)}</span>
                  </li>
                ))}
              </ul>
              <p>
                <Button icon="cross" busy={clear.busy} onClick={() => void clear.run()}>
                  {y.clear}
                </Button>
              </p>
            </>
          )
        }
      </Ready>
      <form
        class="inline-form"
        onSubmit={(e) => {
          e.preventDefault();
          void slow.run();
        }}
      >
        <TextField label={y.latency} type="number" min={0} max={5000} value={latency} put={setLatency} />
        <Button type="submit" icon="clock" busy={slow.busy}>
          {y.set}
        </Button>
      </form>
      {slow.problem && <Trouble problem={slow.problem} />}
    </Panel>
  );
}
