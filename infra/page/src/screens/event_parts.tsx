// How an event looks wherever it is listed.
import type { JSX } from "preact";
import type { Schemas } from "../api/client";
import { exactly } from "../format";
import { Link } from "../router";
import { sentence, t, type EventState } from "../text";
import { Badge, type Tone, When } from "../ui/basic";
import { Icon, type IconName } from "../ui/icon";

export const eventAt = (event: string): string => `/integrations/ashby/events/${encodeURIComponent(event)}`;
export const personAt = (person: string): string => `/integrations/ashby/people/${encodeURIComponent(person)}`;

const written = new Set(["synced", "created", "matched", "noted_only"]);
const failed = new Set(["rejected", "quarantined", "expired_unconnected", "expired"]);

const open: Record<Exclude<EventState, "final">, { tone: Tone; icon: IconName }> = {
  pending: { tone: "info", icon: "clock" },
  waiting: { tone: "warn", icon: "pause" },
  resting: { tone: "calm", icon: "empty" },
};

type Told = { state: EventState; code?: string };

/** look is the colour and the icon of an event's outcome. */
export function look({ state, code }: Told): { tone: Tone; icon: IconName } {
  if (state !== "final") return open[state];
  if (code && failed.has(code)) return { tone: "bad", icon: "cross" };
  return code && written.has(code) ? { tone: "good", icon: "check" } : { tone: "calm", icon: "dot" };
}

export function Outcome(told: Told): JSX.Element {
  return <Badge {...look(told)}>{t.event.outcome(told.state, told.code)}</Badge>;
}

export interface Line {
  event: string;
  type: string;
  at: string;
  state: EventState;
  code?: string;
  message: string;
}

export const lineOf = (e: Schemas["Entry"]): Line => ({ ...e, at: e.occurred_at });

type EntryProps = { entry: Line; person?: string | undefined };

/** rowHeight is what an EntryRow takes, in rem. */
export const rowHeight = { wide: 4, narrow: 5.5 };

/** EntryRow is one line of a list of events; all of it leads to why. */
export function EntryRow({ entry, person }: EntryProps): JSX.Element {
  const { tone, icon } = look(entry);
  return (
    <article class={`entry ${tone}`}>
      <span class="entry-mark">
        <Icon name={icon} />
      </span>
      <div class="entry-text">
        <p>
          <Link to={eventAt(entry.event)} class="entry-link">
            {t.eventType(entry.type)}
          </Link>
          {person !== undefined && (
            <>
              {" · "}
              <Link to={personAt(person)} class="entry-person">
                {person}
              </Link>
            </>
          )}
        </p>
        <p class="soft entry-why">{sentence(entry.message)}</p>
      </div>
      <div class="entry-end">
        <span class="entry-state">{t.event.outcome(entry.state, entry.code)}</span>
        <span class="soft" title={exactly(entry.at)}>
          <When at={entry.at} />
        </span>
      </div>
    </article>
  );
}
