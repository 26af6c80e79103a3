import type { JSX } from "preact";
import { api, ask, type Schemas } from "../api/client";
import { t } from "../text";
import { Badge, type Tone } from "../ui/basic";
import type { IconName } from "../ui/icon";

export type Connection = Schemas["Connection"];
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

/** Part of the screen of a connection. */
export type Part = { connection: Connection; admin: boolean; put: (now: Connection) => void };
