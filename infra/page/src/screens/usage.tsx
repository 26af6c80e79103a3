// How Ashby's budget is used and what is due, as small pictures.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { api, ask, type Schemas } from "../api/client";
import { duration, number } from "../format";
import { useEvery, useLoad } from "../load";
import { t } from "../text";
import { Badge, Panel, When } from "../ui/basic";

const u = t.usage;
type Usage = Schemas["Usage"];
const kept = 60; // looks, of two seconds each

export function UsagePanel(): JSX.Element | null {
  const load = useLoad(() => ask(api.GET("/v1/usage")), []);
  const [past, setPast] = useState<readonly number[]>([]);
  useEvery(2000, load.again);
  useEffect(() => {
    if (load.state === "ready") setPast((p) => [...p, load.data.used_last_minute].slice(-kept));
  }, [load.state === "ready" && load.data]);
  if (load.state !== "ready") return null;
  const now = load.data;
  const due = now.backlog.live + now.backlog.bulk;
  return (
    <Panel>
      <div class="pictures">
        <figure>
          <figcaption>{u.budget}</figcaption>
          <p class="big">
            {number(now.used_last_minute)} <span class="soft">{u.of(now.rate_per_minute)}</span>
          </p>
          <Bar label={u.budgetSaid(now.used_last_minute, now.rate_per_minute)} parts={[{ look: "used", n: now.used_last_minute }]} most={Math.max(now.limit_per_minute, 1)} mark={now.rate_per_minute} />
          <p class="fine">{now.paused_until ? <>{u.paused} <When at={now.paused_until} /></> : u.flying(now.in_flight, now.in_flight_limit)}</p>
        </figure>
        <figure>
          <figcaption>{u.pace}</figcaption>
          <Line values={past} most={Math.max(now.limit_per_minute, 1)} />
          <p class="fine">{now.throttled_last_hour > 0 ? u.throttled(now.throttled_last_hour) : u.people(now.interactive.used, now.interactive.per_minute)}</p>
        </figure>
        <figure>
          <figcaption>{u.backlog}</figcaption>
          <p class="big">
            {number(due)}
            {now.backlog.more && "+"} <span class="soft">{u.due}</span>
          </p>
          <Bar
            label={u.backlogSaid(now.backlog.live, now.backlog.bulk)}
            parts={[
              { look: "used", n: now.backlog.live },
              { look: "bulk", n: now.backlog.bulk },
            ]}
            most={Math.max(due, 1)}
          />
          <p class="fine">
            {forecast(now)}
          </p>
        </figure>
      </div>
    </Panel>
  );
}

function forecast(now: Usage): JSX.Element | string {
  const due = now.backlog.live + now.backlog.bulk;
  if (!now.active && due > 0) return <Badge tone="warn" icon="pause">{u.stopped}</Badge>;
  return due === 0 ? u.nothing : u.done(duration(Math.max(now.forecast_seconds, 1)), now.backlog.more);
}

type BarProps = { label: string; parts: { look: string; n: number }[]; most: number; mark?: number };

function Bar({ label, parts, most, mark }: BarProps): JSX.Element {
  let at = 0;
  return (
    <svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label={label}>
      <rect class="ground" width="100" height="8" rx="1" />
      {parts.map(({ look, n }) => {
        const width = Math.min((n / most) * 100, 100 - at);
        const x = at;
        at += width;
        return width > 0 && <rect key={look} class={look} x={x} width={Math.max(width, 0.8)} height="8" />;
      })}
      {mark !== undefined && mark < most && <rect class="tick-mark" x={(mark / most) * 100 - 0.3} width="0.6" height="8" />}
    </svg>
  );
}

function Line({ values, most }: { values: readonly number[]; most: number }): JSX.Element {
  const step = 100 / (kept - 1);
  const points = values.map((v, i) => `${((kept - values.length + i) * step).toFixed(1)},${(30 - (Math.min(v, most) / most) * 28).toFixed(1)}`).join(" ");
  return (
    <svg class="line" viewBox="0 0 100 32" preserveAspectRatio="none" role="img" aria-label={u.paceSaid(values.at(-1) ?? 0, Math.max(0, ...values))}>
      <path class="base" d="M0 30.5H100" />
      {values.length > 1 && <polyline points={points} />}
    </svg>
  );
}
