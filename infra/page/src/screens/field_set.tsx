// A set of Ashby's fields, chosen by search.
import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { fold } from "../format";
import { t } from "../text";
import { Button, Empty } from "../ui/basic";
import { Check, Choice, TextField } from "../ui/choice";
import { Dialog } from "../ui/dialog";
import { Icon } from "../ui/icon";

const s = t.settings;

export interface Offer {
  id: string;
  title: string;
  type: string;
  refused?: string; // why it cannot be chosen
}

type FieldSetProps = {
  title: string;
  offers: readonly Offer[];
  chosen: readonly string[] | null; // null inherits
  fixed?: readonly string[]; // the team's, which stay
  inherited?: readonly string[] | undefined;
  inheritable?: boolean;
  disabled: boolean;
  id: string;
  set: (chosen: string[] | null) => void;
  children?: ComponentChildren;
};

/** FieldSet shows what is chosen and lets more be chosen. */
export function FieldSet({ title, offers, chosen, fixed = [], inherited = [], inheritable, disabled, id, set }: FieldSetProps): JSX.Element {
  const [open, setOpen] = useState(false);
  const titles = new Map(offers.map((o) => [o.id, o.title]));
  const name = (field: string): string => titles.get(field) ?? `${field} (${s.fieldGone})`;
  const shown = chosen ?? inherited;
  const own = shown.filter((f) => !fixed.includes(f));
  return (
    <div class="field-set">
      {inheritable && (
        <Choice<boolean>
          label={title}
          disabled={disabled}
          value={chosen !== null}
          options={[
            { value: false, label: s.inheritTitle },
            { value: true, label: s.notesOwn },
          ]}
          choose={(mine) => set(mine ? [...inherited] : null)}
        />
      )}
      <ul class="chips">
        {fixed.map((f) => (
          <li key={f} class="chip fixed" title={s.teamHas}>
            <Icon name="people" />
            {name(f)}
            <span class="unseen"> ({s.teamHas})</span>
          </li>
        ))}
        {own.map((f) => (
          <li key={f} class="chip">
            {name(f)}
            {!disabled && chosen !== null && (
              <button type="button" aria-label={s.remove(name(f))} onClick={() => set(shown.filter((one) => one !== f))}>
                <Icon name="cross" />
              </button>
            )}
          </li>
        ))}
        {fixed.length + own.length === 0 && <li class="soft">{s.noneChosen}</li>}
      </ul>
      {!disabled && (
        <p>
          <Button id={id} icon="plus" disabled={chosen === null} onClick={() => setOpen(true)}>
            {s.choose}
            <span class="unseen">: {title}</span>
          </Button>
        </p>
      )}
      {open && <Picker title={title} offers={offers.filter((o) => !fixed.includes(o.id))} chosen={shown} close={() => setOpen(false)} set={set} />}
    </div>
  );
}

type PickerProps = { title: string; offers: readonly Offer[]; chosen: readonly string[]; close: () => void; set: (chosen: string[]) => void };

function Picker({ title, offers, chosen, close, set }: PickerProps): JSX.Element {
  const [words, setWords] = useState("");
  const found = offers.filter((o) => fold(`${o.title} ${o.type} ${o.id}`).includes(fold(words)));
  const gone = chosen.filter((f) => !offers.some((o) => o.id === f));
  const toggle = (field: string, on: boolean): void => {
    const next = new Set(chosen);
    if (on) next.add(field);
    else next.delete(field);
    set([...offers.map((o) => o.id).filter((f) => next.has(f)), ...gone.filter((f) => next.has(f))]);
  };
  return (
    <Dialog
      title={title}
      close={close}
      foot={
        <>
          <span class="soft grow" role="status">
            {s.chosenCount(chosen.length)}
          </span>
          <Button look="main" onClick={close}>
            {t.done}
          </Button>
        </>
      }
    >
      <TextField label={s.searchFields} quiet type="search" placeholder={s.searchFields} value={words} put={setWords} />
      {found.length === 0 ? (
        <Empty icon="search" title={s.noField(words.trim())} />
      ) : (
        <ul class="pick-list">
          {found.map((o) => (
            <li key={o.id}>
              <Check
                label={
                  <>
                    {o.title} <span class="tag">{o.type}</span>
                  </>
                }
                help={o.refused}
                checked={chosen.includes(o.id)}
                disabled={o.refused !== undefined && !chosen.includes(o.id)}
                set={(on) => toggle(o.id, on)}
              />
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  );
}
