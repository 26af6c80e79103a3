// A mapping while it is edited: entries, policies, and what the API says of them.
import { useEffect, useState } from "preact/hooks";
import { answer, api, asProblem, ask, type Answer, type Mistake, type Problem, type Schemas } from "../api/client";
import { useLoad, useTask, type Loaded, type Task } from "../load";
import { t, type Policy } from "../text";
import { announce } from "../ui/live";
import { same } from "./settings";

export type Mapping = Schemas["Mapping"];
export type Entry = Schemas["MappingEntry"];
export type Rule = Schemas["Policy"];

export interface Draft {
  entries: Entry[];
  policies: Record<string, Rule>;
}

export const readMapping = (): Promise<Answer<Mapping>> => answer(api.GET("/v1/mapping"));

/** bare leaves out what the API adds for people, and rules of fields that nothing goes to. */
export function bare(draft: Draft): Schemas["PutMapping"] {
  return {
    entries: draft.entries.map(({ from, to, take }) => ({ from, to, ...(take ? { take } : {}) })),
    policies: draft.policies,
  };
}

const draftOf = (m: Mapping): Draft => ({ entries: m.entries, policies: m.policies });

export interface Editing {
  load: Loaded<Answer<Mapping>>;
  draft: Draft | null; // null: not editing
  dirty: boolean;
  mistakes: readonly Mistake[];
  problem: Problem | null;
  conflict: Answer<Mapping> | null;
  saving: Task<[]>;
  begin: () => void;
  stop: () => void;
  change: (next: Draft) => void;
  over: () => Promise<void>;
  took: (now: Answer<Mapping>) => void;
}

export function useMapping(): Editing {
  const load = useLoad(readMapping, []);
  const [draft, setDraft] = useState<Draft | null>(null);
  const [mistakes, setMistakes] = useState<readonly Mistake[]>([]);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [conflict, setConflict] = useState<Answer<Mapping> | null>(null);
  const base = load.state === "ready" ? draftOf(load.data.data) : null;
  const dirty = draft !== null && base !== null && !same(bare(draft), bare(base));

  // What a save would be refused for is told while it is edited, once there is a moment's rest.
  useEffect(() => {
    if (!draft || !dirty) {
      setMistakes([]);
      return;
    }
    let current = true;
    const timer = setTimeout(() => {
      ask(api.POST("/v1/mapping/validate", { body: bare(draft) })).then(
        () => current && setMistakes([]),
        (e: unknown) => current && setMistakes(asProblem(e).mistakes),
      );
    }, 300);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [draft, dirty]);

  const took = (now: Answer<Mapping>): void => {
    load.put(now);
    setDraft(null);
    setProblem(null);
    setConflict(null);
  };
  const save = async (etag: string): Promise<void> => {
    if (!draft) return;
    setProblem(null);
    try {
      took(await answer(api.PUT("/v1/mapping", { body: bare(draft), params: { header: { "If-Match": etag } } })));
      announce(t.settings.saved);
    } catch (e) {
      const p = asProblem(e);
      if (p.code === "stale") setConflict(await readMapping());
      else setProblem(p);
    }
  };
  const saving = useTask(async () => {
    if (load.state === "ready") await save(load.data.etag);
  });
  return {
    load,
    draft,
    dirty,
    mistakes: problem ? problem.mistakes : mistakes,
    problem,
    conflict,
    saving,
    begin: () => base && setDraft(base),
    stop: () => {
      setDraft(null);
      setProblem(null);
      if (conflict) took(conflict);
    },
    change: setDraft,
    over: async () => {
      if (conflict) await save(conflict.etag);
    },
    took,
  };
}

/** ruleOf is the rule of a field: what was chosen, else its default. */
export const ruleOf = (draft: Draft, field: Schemas["AshbyField"] | undefined, id: string): Rule => draft.policies[id] ?? { policy: (field?.default_policy ?? "always") as Policy };

/** withRule chooses a rule; the default, chosen, is no choice. */
export function withRule(draft: Draft, field: Schemas["AshbyField"] | undefined, id: string, rule: Rule): Draft {
  const { [id]: _, ...rest } = draft.policies;
  const plain = rule.policy === (field?.default_policy ?? "always") && !rule.clear;
  return { ...draft, policies: plain ? rest : { ...rest, [id]: rule } };
}

/** without takes an entry away, and its field's rule with the last entry of that field. */
export function without(draft: Draft, index: number): Draft {
  const gone = draft.entries[index];
  const entries = draft.entries.filter((_, i) => i !== index);
  const policies = { ...draft.policies };
  if (gone && !entries.some((e) => e.to === gone.to) && policies[gone.to]?.policy !== "only_if_blank") delete policies[gone.to];
  return { entries, policies };
}

export const replaced = (draft: Draft, index: number, entry: Entry): Draft => ({ ...draft, entries: draft.entries.map((e, i) => (i === index ? entry : e)) });

export type Kind = "text" | "list" | "social";

/** kindOf says in which part of the editor an entry is. */
export function kindOf(entry: Entry, lists: ReadonlySet<string>): Kind {
  if (entry.to.startsWith("link.")) return "social";
  return entry.from.length === 1 && lists.has(entry.from[0] ?? "") ? "list" : "text";
}

/** differences tells what came, went and changed between two mappings, by entry. */
export function differences(before: Draft, after: Draft): { what: "added" | "removed" | "changed"; entry: Entry; rule?: Rule; was?: Rule }[] {
  const key = (e: Entry): string => JSON.stringify([e.from, e.to, e.take ?? ""]);
  const old = new Set(before.entries.map(key));
  const now = new Set(after.entries.map(key));
  const out: ReturnType<typeof differences> = [];
  for (const entry of before.entries) if (!now.has(key(entry))) out.push({ what: "removed", entry });
  for (const entry of after.entries) {
    if (!old.has(key(entry))) out.push({ what: "added", entry });
    const [was, rule] = [before.policies[entry.to], after.policies[entry.to]];
    if (!same(was, rule)) out.push({ what: "changed", entry, ...(rule ? { rule } : {}), ...(was ? { was } : {}) });
  }
  return out;
}
