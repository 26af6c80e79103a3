import type { JSX } from "preact";
import type { Schemas } from "../api/client";
import { t } from "../text";
import { Button } from "../ui/basic";
import { Check, TextField } from "../ui/choice";

const s = t.search;

export type Definition = Schemas["FilterDefinition"];

export interface Condition {
  field: string;
  op: string;
  value: unknown; // null: not said yet
}

type RowProps = { index: number; definition: Definition; condition: Condition; change: (next: Condition) => void; remove: () => void };

/** FilterRow is one condition: the field, what is asked of it, and the value, each as the field's kind has it. */
export function FilterRow({ index, definition, condition, change, remove }: RowProps): JSX.Element {
  return (
    <fieldset class="filter-row">
      <legend>{definition.title}</legend>
      <select aria-label={s.operator(definition.title)} value={condition.op} onChange={(e) => change({ ...condition, op: e.currentTarget.value, value: null })}>
        {definition.operators.map((op) => (
          <option key={op} value={op}>
            {s.operators[op] ?? op}
          </option>
        ))}
      </select>
      <Value index={index} definition={definition} condition={condition} put={(value) => change({ ...condition, value })} />
      <Button look="quiet" icon="cross" class="only-icon" onClick={remove}>
        <span class="unseen">{s.remove(definition.title)}</span>
      </Button>
    </fieldset>
  );
}

type ValueProps = { index: number; definition: Definition; condition: Condition; put: (value: unknown) => void };

function Value({ index, definition, condition, put }: ValueProps): JSX.Element {
  const id = `filter-${index}`;
  switch (condition.op) {
    case "exists":
    case "is":
      return (
        <select id={id} aria-label={s.value(definition.title)} value={String(condition.value)} onChange={(e) => put(e.currentTarget.value === "true")}>
          <option value="null">{s.choose}</option>
          <option value="true">{t.yes}</option>
          <option value="false">{t.no}</option>
        </select>
      );
    case "any_of":
    case "all_of":
    case "none_of": {
      const chosen = new Set((condition.value as string[] | null) ?? []);
      return (
        <div class="options" role="group" aria-label={s.value(definition.title)}>
          {(definition.options ?? []).map((o) => (
            <Check
              key={o.value}
              label={o.label}
              checked={chosen.has(o.value)}
              set={(on) => {
                const next = new Set(chosen);
                if (on) next.add(o.value);
                else next.delete(o.value);
                put(next.size > 0 ? [...next] : null);
              }}
            />
          ))}
        </div>
      );
    }
    case "range":
      return <Range id={id} definition={definition} value={condition.value as Bounds | null} put={put} />;
    default:
      return <TextField id={id} label={s.value(definition.title)} quiet value={(condition.value as string | null) ?? ""} put={(text) => put(text || null)} />;
  }
}

interface Bounds {
  from?: number | string;
  to?: number | string;
}

function Range({ id, definition, value, put }: { id: string; definition: Definition; value: Bounds | null; put: (value: Bounds | null) => void }): JSX.Element {
  const kind = definition.kind === "date" ? "date" : "number";
  const set = (end: "from" | "to", text: string): void => {
    const next: Bounds = { ...value };
    if (text === "") delete next[end];
    else next[end] = kind === "number" ? Number(text) : text;
    put(Object.keys(next).length > 0 ? next : null);
  };
  return (
    <div class="row range">
      <TextField id={id} label={s.from} type={kind} value={String(value?.from ?? "")} put={(text) => set("from", text)} />
      <TextField label={s.to} type={kind} value={String(value?.to ?? "")} put={(text) => set("to", text)} />
    </div>
  );
}
