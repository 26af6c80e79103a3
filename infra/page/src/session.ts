// Who is signed in. A token is kept in memory only: it ends with the tab, and no script of another page ever finds it.
import { useEffect, useState } from "preact/hooks";
import { config } from "./config";

export type Role = "admin" | "member" | "viewer";

export interface Session {
  token: string;
  user: string;
  team: string;
  role: Role;
  expires: number; // ms
}

export type State = { kind: "waiting" } | { kind: "out"; expired: boolean } | { kind: "in"; session: Session };

interface Local {
  tokens: Record<Role, string>;
  ashby_key: string;
}

let state: State = { kind: "waiting" };
export let local: Local | null = null;
const watchers = new Set<() => void>();

function set(next: State): void {
  state = next;
  for (const watch of watchers) watch();
}

export const current = (): Session | null => (state.kind === "in" ? state.session : null);

/** expire is for when the API no longer takes the token. */
export function expire(token: string): void {
  if (state.kind === "in" && state.session.token === token) set({ kind: "out", expired: true });
}

/** read takes from a token what is shown. Whether it is genuine is for the API to say, at every request. */
export function read(token: string): Session | null {
  try {
    const part = token.split(".")[1] ?? "";
    const raw = Uint8Array.from(atob(part.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
    const claims = JSON.parse(new TextDecoder().decode(raw)) as { sub: string; team: string; role: string; admin?: boolean; exp: number };
    const role: Role = claims.admin === true ? "admin" : claims.role === "viewer" ? "viewer" : "member";
    return { token, user: claims.sub, team: claims.team, role, expires: claims.exp * 1000 };
  } catch {
    return null;
  }
}

export function take(token: string): boolean {
  const session = read(token);
  if (session) set({ kind: "in", session });
  return session !== null;
}

/** become is for a local run, which signs in whoever you choose to be. */
export function become(role: Role): void {
  if (local) take(local.tokens[role]);
}

const origin = (url: string): string => {
  try {
    return new URL(url).origin;
  } catch {
    return "";
  }
};

/** fromAddress takes #token=… if the page was reached from SourceWhale's frontend: otherwise anybody could sign people in as somebody else. */
function fromAddress(): boolean {
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  if (token === null) return false;
  history.replaceState(history.state, "", location.pathname + location.search); // out of the address and of what is copied from it
  return config.origins.includes(origin(document.referrer)) && take(token);
}

/** fromFrame asks the page that frames this one, and takes tokens, new ones later too, from SourceWhale's frontend alone. */
function fromFrame(): void {
  addEventListener("message", (e: MessageEvent<{ type?: unknown; token?: unknown } | null>) => {
    if (e.source !== parent || !config.origins.includes(e.origin)) return;
    if (e.data?.type === "ashby-sync:token" && typeof e.data.token === "string") take(e.data.token);
  });
  for (const to of config.origins) parent.postMessage({ type: "ashby-sync:ready" }, to);
}

export async function begin(): Promise<void> {
  if (parent !== window) fromFrame();
  if (fromAddress()) return;
  if (config.local) {
    try {
      local = (await (await fetch("/dev/session")).json()) as Local;
      const wanted = new URLSearchParams(location.search).get("as");
      become(wanted === "member" || wanted === "viewer" ? wanted : "admin");
    } catch {
      local = null;
    }
  }
  if (state.kind === "waiting") set({ kind: "out", expired: false });
}

export function useSession(): State {
  const [seen, see] = useState(state);
  useEffect(() => {
    const watch = (): void => see(state);
    watchers.add(watch);
    watch();
    return () => void watchers.delete(watch);
  }, []);
  return seen;
}
