import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Mistake, Schemas } from "../api/client";
import { sentence, t, type Policy, type Take } from "../text";
import { Button } from "../ui/basic";
import { Check } from "../ui/choice";
import { Icon } from "../ui/icon";
import { replaced, ruleOf, without, withRule, type Draft, type Entry, type Kind } from "./mapping_draft";
import { PickTarget, PickVariable } from "./mapping_pick";

const m = t.mapping;
const takes: Take[] = ["first", "rest", "all", "joined"];
const policies: Policy[] = ["always", "only_if_blank", "append", "never"];

export interface Known {
  fields: readonly Schemas["AshbyField"][];
  variables: readonly Schemas["Variable"][];
}

type RowsProps = {
  kind: Kind;
  rows: readonly { entry: Entry; index: number }[];
  draft: Draft;
  known: Known;
  editing: boolean;
  mistakes: readonly Mistake[];
  warnings: readonly Mistake[];
  change: (next: Draft) => void;
};

/** Rows of one kind: text variables, lists, or social links. */
export function Rows({ kind, rows, draft, known, editing, mistakes, warnings, change }: RowsProps): JSX.Element {
  const [adding, setAdding] = useState(false);
  const [variable, setVariable] = useState<string | null>(null);
  const stop = (): void => {
    setAdding(false);
    setVariable(null);
  };
  const shown = known.variables.filter((v) => (kind === "text" ? v.kind === "text" : v.kind !== "text"));
  return (
    <>
      <table class="rows mapping">
        <thead>
          <tr>
            <th scope="col">{m.from}</th>
            {kind === "list" && <th scope="col">{m.take}</th>}
            <th scope="col">{m.to}</th>
            <th scope="col">{m.policy}</th>
            {editing && (
              <th scope="col">
                <span class="unseen">{m.remove}</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ entry, index }) => (
            <MappingRow key={`${index}`} {...{ kind, entry, index, draft, known, editing, change }} mistakes={of(mistakes, index)} warnings={of(warnings, index)} />
          ))}
        </tbody>
      </table>
      {rows.length === 0 && <p class="soft">{m.none}</p>}
      {editing && kind !== "social" && (
        <p>
          <Button icon="plus" onClick={() => setAdding(true)}>
            {kind === "text" ? m.addText : m.addList}
          </Button>
        </p>
      )}
      {adding && variable === null && (
        <PickVariable
          title={m.pickVariable}
          variables={shown}
          taken={kind === "text" ? takenVariables(draft, known) : new Map()}
          pick={(v) => setVariable(v.name)}
          close={stop}
        />
      )}
      {adding && variable !== null && (
        <PickTarget
          key="target"
          title={m.pickTarget(m.variable(variable))}
          fields={known.fields}
          taken={takenFields(draft)}
          pick={(f) => {
            const entry: Entry = { from: [variable], to: f.id, title: f.title, ...(kind === "list" ? { take: "all" as const } : {}) };
            change({ ...draft, entries: [...draft.entries, entry] });
            stop();
          }}
          close={stop}
        />
      )}
      {editing && kind === "social" && <Networks draft={draft} known={known} change={change} />}
    </>
  );
}

const of = (all: readonly Mistake[], index: number): Mistake[] => all.filter((one) => one.path.startsWith(`entries[${index}]`));

const takenFields = (draft: Draft): Map<string, string> => new Map(draft.entries.map((e) => [e.to, m.variables(e.from)]));

function takenVariables(draft: Draft, known: Known): Map<string, string> {
  const texts = new Set(known.variables.filter((v) => v.kind === "text").map((v) => v.name));
  return new Map(draft.entries.flatMap((e) => (e.from.length === 1 ? e.from.filter((v) => texts.has(v)).map((v): [string, string] => [v, e.title ?? e.to]) : [])));
}

type RowProps = Omit<RowsProps, "rows"> & { entry: Entry; index: number };

function MappingRow({ kind, entry, index, draft, known, editing, mistakes, warnings, change }: RowProps): JSX.Element {
  const [picking, setPicking] = useState(false);
  const field = known.fields.find((f) => f.id === entry.to);
  const rule = ruleOf(draft, field, entry.to);
  const title = field?.title ?? entry.title ?? entry.to;
  const name = m.variables(entry.from);
  const fixed = entry.from.length > 1; // composites and links: the target is what they are made for
  return (
    <tr class={mistakes.length > 0 ? "wrong" : undefined}>
      <th scope="row">
        {kind === "social" ? m.network(title) : name}
        {[...mistakes, ...warnings].map((one) => (
          <small key={one.path + one.code} class={mistakes.includes(one) ? "mistake" : "warning"} id={`entry-${index}-why`}>
            <Icon name="alert" /> {sentence(one.message ?? one.code)}
          </small>
        ))}
      </th>
      {kind === "list" && (
        <td data-label={m.take}>
          {editing ? (
            <select aria-label={`${m.take}: ${name} → ${title}`} value={entry.take ?? "all"} onChange={(e) => change(replaced(draft, index, { ...entry, take: e.currentTarget.value as Take }))}>
              {takes.map((one) => (
                <option key={one} value={one}>
                  {m.takes[one]}
                </option>
              ))}
            </select>
          ) : (
            m.takes[entry.take ?? "all"]
          )}
        </td>
      )}
      <td data-label={m.to}>
        {editing && !fixed ? (
          <button type="button" class="target" aria-describedby={mistakes.length > 0 ? `entry-${index}-why` : undefined} onClick={() => setPicking(true)}>
            {title} <Icon name="down" />
            <span class="unseen">: {m.changeTarget(name)}</span>
          </button>
        ) : (
          title
        )}
      </td>
      <td data-label={m.policy}>
        {editing ? (
          <>
            <select
              aria-label={`${m.policy}: ${title}`}
              value={rule.policy}
              onChange={(e) => change(withRule(draft, field, entry.to, { policy: e.currentTarget.value as Policy }))}
            >
              {policies.map((one) => (
                <option key={one} value={one}>
                  {m.policies[one]}
                </option>
              ))}
            </select>
            {rule.policy === "always" && field && !field.built_in && (
              <Check label={m.clear} checked={rule.clear === true} set={(on) => change(withRule(draft, field, entry.to, on ? { policy: "always", clear: true } : { policy: "always" }))} />
            )}
          </>
        ) : (
          <>
            {m.policies[rule.policy]}
            {rule.clear && <small class="soft">{m.clear}</small>}
          </>
        )}
      </td>
      {editing && (
        <td>
          <Button look="quiet" icon="cross" class="only-icon" onClick={() => change(without(draft, index))}>
            <span class="unseen">{m.removeRow(name, title)}</span>
          </Button>
        </td>
      )}
      {picking && (
        <PickTarget
          title={m.pickTarget(name)}
          fields={known.fields}
          taken={takenFields(draft)}
          chosen={entry.to}
          pick={(f) => {
            change(replaced(draft, index, { ...entry, to: f.id, title: f.title }));
            setPicking(false);
          }}
          close={() => setPicking(false)}
        />
      )}
    </tr>
  );
}

/** Networks offers the links of Ashby that nothing goes to yet. */
function Networks({ draft, known, change }: { draft: Draft; known: Known; change: (next: Draft) => void }): JSX.Element | null {
  const free = known.fields.filter((f) => f.id.startsWith("link.") && !draft.entries.some((e) => e.to === f.id));
  if (free.length === 0) return null;
  return (
    <p class="row">
      {free.map((f) => (
        <Button key={f.id} icon="plus" onClick={() => change({ ...draft, entries: [...draft.entries, { from: ["socialLinks", "links"], to: f.id, title: f.title }] })}>
          {m.network(f.title)}
        </Button>
      ))}
    </p>
  );
}
