// Choosing what goes where: every field and variable is listed, those that cannot be chosen with the reason.
import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { api, ask, type Schemas } from "../api/client";
import { fold } from "../format";
import { useTask } from "../load";
import { sentence, t } from "../text";
import { Button, Empty, Trouble } from "../ui/basic";
import { TextField } from "../ui/choice";
import { Dialog } from "../ui/dialog";

const m = t.mapping;
type Field = Schemas["AshbyField"];
type Variable = Schemas["Variable"];

type PickProps<T> = {
  title: string;
  search: string;
  items: readonly T[];
  id: (item: T) => string;
  name: (item: T) => string;
  tag: (item: T) => string;
  refused: (item: T) => string | undefined;
  instead?: (item: T) => ComponentChildren;
  chosen?: string;
  pick: (item: T) => void;
  close: () => void;
};

function Pick<T>({ title, search, items, id, name, tag, refused, instead, chosen, pick, close }: PickProps<T>): JSX.Element {
  const [words, setWords] = useState("");
  const found = items.filter((one) => fold(`${name(one)} ${tag(one)} ${id(one)}`).includes(fold(words)));
  return (
    <Dialog title={title} close={close}>
      <TextField label={search} quiet type="search" placeholder={search} value={words} put={setWords} />
      {found.length === 0 ? (
        <Empty icon="search" title={t.settings.noField(words.trim())} />
      ) : (
        <ul class="pick-list">
          {found.map((one) => {
            const why = refused(one);
            return (
              <li key={id(one)} class={why ? "refused" : undefined}>
                {why ? (
                  <div class="pick">
                    <span>
                      {name(one)} <span class="tag">{tag(one)}</span>
                    </span>
                    <small>{why}</small>
                    {instead?.(one)}
                  </div>
                ) : (
                  <button type="button" class="pick" aria-pressed={id(one) === chosen} onClick={() => pick(one)}>
                    <span>
                      {name(one)} <span class="tag">{tag(one)}</span>
                    </span>
                  </button>
                )}
              </li>
            );
          })}
        </ul>
      )}
    </Dialog>
  );
}

type TargetProps = { title: string; fields: readonly Field[]; taken: ReadonlyMap<string, string>; chosen?: string; pick: (field: Field) => void; close: () => void };

/** PickTarget chooses a field of Ashby; for one that cannot be written it offers the nearest that can. */
export function PickTarget({ title, fields, taken, chosen, pick, close }: TargetProps): JSX.Element {
  const create = useTask(async (wanted: string) => {
    const { created } = await ask(api.POST("/v1/fields", { body: { title: wanted, type: "String" } }));
    if (created[0]) pick(created[0]);
  });
  const titles = new Set<string>();
  const twice = new Set(fields.map((f) => f.title).filter((one) => titles.size === titles.add(one).size));
  return (
    <Pick
      title={title}
      search={t.settings.searchFields}
      items={fields}
      id={(f) => f.id}
      name={(f) => (twice.has(f.title) && !f.built_in ? `${f.title} (${f.id.slice(0, 8)})` : f.title)}
      tag={(f) => f.type}
      refused={(f) => {
        if (!f.mappable) return sentence(f.mapping_message ?? f.reason ?? "");
        const by = taken.get(f.id);
        return by && f.id !== chosen ? m.takenBy(by) : undefined;
      }}
      instead={(f) => {
        const other = fields.find((one) => one.id === f.instead);
        if (!other && f.built_in && !f.writable) {
          return (
            <>
              <Button look="quiet" icon="plus" busy={create.busy} onClick={() => void create.run(f.title)}>
                {m.create(f.title)}
              </Button>
              {create.problem && <Trouble problem={create.problem} />}
            </>
          );
        }
        return other && !f.mappable && !taken.has(other.id) ? (
          <Button look="quiet" icon="arrow" onClick={() => pick(other)}>
            {m.useInstead(other.title)}
          </Button>
        ) : null;
      }}
      {...(chosen ? { chosen } : {})}
      pick={pick}
      close={close}
    />
  );
}

type VariableProps = { title: string; variables: readonly Variable[]; taken: ReadonlyMap<string, string>; pick: (variable: Variable) => void; close: () => void };

export function PickVariable({ title, variables, taken, pick, close }: VariableProps): JSX.Element {
  return (
    <Pick
      title={title}
      search={m.searchVariables}
      items={variables}
      id={(v) => v.name}
      name={(v) => m.variable(v.name)}
      tag={(v) => v.name}
      refused={(v) => {
        if (!v.mappable) return sentence(v.reason ?? "");
        const to = taken.get(v.name);
        return to ? m.goesTo(to) : undefined;
      }}
      pick={pick}
      close={close}
    />
  );
}
