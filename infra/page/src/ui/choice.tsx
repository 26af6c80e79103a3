import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";

export interface Option<T> {
  value: T;
  label: ComponentChildren;
  help?: ComponentChildren;
}

type ChoiceProps<T> = {
  label: string;
  options: readonly Option<T>[];
  value: T;
  disabled?: boolean;
  look?: "row" | "cards" | "tabs";
  id?: string;
  describedBy?: string;
  choose: (value: T) => void;
};

/** Choice is a group of radio buttons: in a row, as cards with a sentence each, or as tabs. */
export function Choice<T>({ label, options, value, disabled, look = "row", id, describedBy, choose }: ChoiceProps<T>): JSX.Element {
  const name = useId();
  return (
    <fieldset class={`choice ${look}`} disabled={disabled} aria-label={label} aria-describedby={describedBy}>
      {options.map((o, i) => (
        <label key={String(o.value)} class={o.value === value ? "chosen" : undefined}>
          <input
            type="radio"
            name={name}
            id={i === 0 ? id : undefined}
            checked={o.value === value}
            onChange={() => choose(o.value)}
          />
          <span class="choice-text">
            <span>{o.label}</span>
            {o.help && <small>{o.help}</small>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}

type CheckProps = { checked: boolean; disabled?: boolean; label: ComponentChildren; help?: ComponentChildren; id?: string; set: (on: boolean) => void };

export function Check({ checked, disabled, label, help, id, set }: CheckProps): JSX.Element {
  return (
    <label class={disabled ? "check off" : "check"}>
      <input type="checkbox" id={id} checked={checked} disabled={disabled} onChange={(e) => set(e.currentTarget.checked)} />
      <span class="choice-text">
        <span>{label}</span>
        {help && <small>{help}</small>}
      </span>
    </label>
  );
}

type TextProps = {
  label: string;
  value: string;
  hint?: ComponentChildren;
  type?: "text" | "search" | "password" | "number" | "date";
  id?: string;
  placeholder?: string;
  quiet?: boolean; // the label is for screen readers only
  invalid?: boolean;
  min?: number;
  max?: number;
  put: (text: string) => void;
};

/** TextField has a label, always. Browsers are asked not to fill it in, and password managers not to keep a key. */
export function TextField({ label, value, hint, type = "text", id, placeholder, quiet, invalid, min, max, put }: TextProps): JSX.Element {
  const own = useId();
  const at = id ?? own;
  return (
    <div class="text-field">
      <label for={at} class={quiet ? "unseen" : undefined}>
        {label}
      </label>
      <input
        id={at}
        type={type as "text"}
        value={value}
        placeholder={placeholder}
        autocomplete="off"
        spellcheck={false}
        min={min}
        max={max}
        aria-invalid={invalid || undefined}
        aria-describedby={hint ? `${at}-hint` : undefined}
        onInput={(e) => put(e.currentTarget.value)}
      />
      {hint && (
        <small id={`${at}-hint`} class="soft">
          {hint}
        </small>
      )}
    </div>
  );
}

type SelectProps = { label: string; value: string; options: readonly { value: string; label: string }[]; put: (value: string) => void };

/** SelectField is a list to choose one thing from, with its label above. */
export function SelectField({ label, value, options, put }: SelectProps): JSX.Element {
  const id = useId();
  return (
    <div class="text-field">
      <label for={id}>{label}</label>
      <select id={id} value={value} onChange={(e) => put(e.currentTarget.value)}>
        {options.map((o) => (
          <option key={o.value} value={o.value}>
            {o.label}
          </option>
        ))}
      </select>
    </div>
  );
}
