// The settings of one level, what the person changed of them and did not save yet, and what to do when somebody else saved first.
import { useEffect, useState } from "preact/hooks";
import { answer, api, asProblem, ask, type Answer, type Problem, type Schemas } from "../api/client";
import { useLoad, useTask, type Loaded, type Task } from "../load";
import { keep } from "../router";
import { t } from "../text";
import { announce } from "../ui/live";

export type Side = "me" | "team";
export type Doc = Schemas["TeamSettings"] | Schemas["MySettings"];
export type Draft = Schemas["PatchTeamSettings"];
export type Key = keyof Draft;
export type Value = Draft[Key];

const read = (side: Side): Promise<Answer<Doc>> => (side === "team" ? answer(api.GET("/v1/settings/team")) : answer(api.GET("/v1/settings/me")));

function write(side: Side, body: Draft, etag: string): Promise<Answer<Doc>> {
  const params = { header: { "If-Match": etag } };
  return side === "team"
    ? answer(api.PATCH("/v1/settings/team", { body, params }))
    : answer(api.PATCH("/v1/settings/me", { body: body as Schemas["PatchMySettings"], params }));
}

export function rollback(side: Side, version: number, etag: string): Promise<Answer<Doc>> {
  const asked = { body: { version }, params: { header: { "If-Match": etag } } };
  return side === "team" ? answer(api.POST("/v1/settings/team/rollback", asked)) : answer(api.POST("/v1/settings/me/rollback", asked));
}

export const history = (side: Side, cursor?: string): Promise<Schemas["History"]> =>
  ask(api.GET("/v1/settings/history", { params: { query: { level: side, limit: 20, ...(cursor ? { cursor } : {}) } } }));

/** Inheritable settings have one value, chosen at some level; the others are gathered from several. */
export type Inheritable = Exclude<keyof Schemas["InForce"], "mandatory" | "protected">;

export const same = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

export interface Conflict {
  stored: Answer<Doc>;
  base: Doc;
}

export interface Settings {
  load: Loaded<Answer<Doc>>;
  draft: Draft;
  problem: Problem | null;
  conflict: Conflict | null;
  saving: Task<[]>;
  /** parent is what holds where this level chooses nothing; undefined where the page cannot tell. */
  parent: (doc: Doc, key: Inheritable) => unknown;
  value: <K extends Key>(doc: Doc, key: K) => Draft[K];
  choose: <K extends Key>(doc: Doc, key: K, value: Draft[K]) => void;
  discard: () => void;
  over: () => Promise<void>;
  took: (stored: Answer<Doc>) => void;
  changed: number;
}

export const stored = <K extends Key>(doc: Doc, key: K): Draft[K] => {
  if (key === "lock") return (doc.locked !== undefined) as Draft[K];
  return ((doc.values as Draft)[key] ?? null) as Draft[K];
};

export function useSettings(side: Side): Settings {
  const load = useLoad(() => read(side), [side]);
  const above = useLoad(() => (side === "me" ? read("team") : Promise.resolve(null)), [side]);
  const [draft, setDraft] = useState<Draft>({});
  const [problem, setProblem] = useState<Problem | null>(null);
  const [conflict, setConflict] = useState<Conflict | null>(null);
  const changed = Object.keys(draft).length;

  useEffect(() => {
    setDraft({});
    setProblem(null);
    setConflict(null);
  }, [side]);

  const took = (now: Answer<Doc>): void => {
    load.put(now);
    setDraft({});
    setProblem(null);
    setConflict(null);
  };

  const save = async (from: Answer<Doc>): Promise<void> => {
    setProblem(null);
    try {
      took(await write(side, draft, from.etag));
      announce(t.settings.saved);
    } catch (e) {
      const p = asProblem(e);
      if (p.code === "stale") setConflict({ stored: await read(side), base: from.data });
      else setProblem(p);
    }
  };

  const saving = useTask(async () => {
    if (load.state === "ready") await save(load.data);
  });

  return {
    load,
    draft,
    problem: problem ?? saving.problem,
    conflict,
    saving,
    changed,
    parent: (doc, key) => {
      const from = side === "team" ? doc : above.state === "ready" ? above.data?.data : undefined;
      const now = from?.effective[key] as Schemas["ChosenString"] | undefined;
      return now && (side === "me" || now.level === "built_in") ? now.value : undefined;
    },
    value: (doc, key) => (key in draft ? draft[key] : stored(doc, key)),
    choose: (doc, key, value) =>
      setDraft((d) => {
        const { [key]: _, ...rest } = d;
        return same(stored(doc, key), value) ? rest : { ...d, [key]: value };
      }),
    discard: () => {
      setDraft({});
      setProblem(null);
      if (conflict) took(conflict.stored);
    },
    over: async () => {
      if (conflict) await save(conflict.stored);
    },
    took,
  };
}

/** useGuard asks before unsaved changes are left. It gives what to show while it asks. */
export function useGuard(changed: boolean): { asking: boolean; stay: () => void; leave: () => void } {
  const [next, setNext] = useState<{ move: () => void } | null>(null);
  useEffect(() => {
    keep(changed ? (move) => setNext({ move }) : null);
    return () => keep(null);
  }, [changed]);
  return {
    asking: next !== null,
    stay: () => setNext(null),
    leave: () => {
      keep(null);
      setNext(null);
      next?.move();
    },
  };
}
