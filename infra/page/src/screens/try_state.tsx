import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { compare, moment, number } from "../format";
import { useEvery, useLoad } from "../load";
import { t } from "../text";
import { Button, Panel, Ready } from "../ui/basic";
import { TextField } from "../ui/choice";
import { fold } from "../format";
import { dev } from "./try";

const y = t.try;

interface Candidate {
  id: string;
  name: string;
  emails?: { value: string; isPrimary: boolean }[];
  phones?: { value: string }[];
  links?: { type: string; url: string }[];
  tags?: string[];
  fields?: { field: string; value: unknown }[];
  location?: { city?: string; country?: string };
  updatedAt: string;
  gone?: boolean;
  deleted?: boolean;
}

interface Note {
  id: string;
  content?: string;
  createdAt?: string;
}

interface State {
  id: string;
  name: string;
  candidates: Candidate[] | null;
  notes: Record<string, Note[]> | null;
  fields: { id: string; title: string }[] | null;
  tags: { id: string; title: string }[] | null;
}

const shownAtFirst = 8;

/** Candidates is Ashby's own side: who is there, with the notes that were written. */
export function Candidates(): JSX.Element {
  const load = useLoad(async () => (await dev<State[]>("GET", "ashby/state"))[0], []);
  const [words, setWords] = useState("");
  const [all, setAll] = useState(false);
  useEvery(3000, load.again);
  return (
    <Panel title={y.ashby} lead={y.ashbyLead}>
      <Ready load={load}>
        {(state) => {
          if (!state) return null;
          const candidates = [...(state.candidates ?? [])].sort((a, b) => compare(b.updatedAt, a.updatedAt));
          const found = candidates.filter((c) => fold(`${c.name} ${(c.emails ?? []).map((e) => e.value).join(" ")}`).includes(fold(words)));
          const titles = new Map([...(state.fields ?? []), ...(state.tags ?? [])].map((f) => [f.id, f.title]));
          const shown = all ? found : found.slice(0, shownAtFirst);
          return (
            <>
              <TextField label={y.findCandidate} quiet type="search" placeholder={y.findCandidate} value={words} put={setWords} />
              <ul class="candidates">
                {shown.map((c) => (
                  <li key={c.id}>
                    <CandidateCard candidate={c} notes={state.notes?.[c.id] ?? []} titles={titles} />
                  </li>
                ))}
              </ul>
              {found.length > shown.length && (
                <p>
                  <Button onClick={() => setAll(true)}>{y.allCandidates(found.length)}</Button>
                </p>
              )}
              {found.length === 0 && <p class="soft">{y.nobody}</p>}
            </>
          );
        }}
      </Ready>
    </Panel>
  );
}

function CandidateCard({ candidate: c, notes, titles }: { candidate: Candidate; notes: Note[]; titles: Map<string, string> }): JSX.Element {
  const facts: [string, string][] = [
    [y.emails, (c.emails ?? []).map((e) => e.value).join(", ")],
    [y.phones, (c.phones ?? []).map((p) => p.value).join(", ")],
    [y.links, (c.links ?? []).map((l) => l.type).join(", ")],
    [y.location, [c.location?.city, c.location?.country].filter(Boolean).join(", ")],
    [y.tags, (c.tags ?? []).map((one) => titles.get(one) ?? one).join(", ")],
    ...(c.fields ?? []).map((f): [string, string] => [titles.get(f.field) ?? f.field, typeof f.value === "string" ? f.value : JSON.stringify(f.value)]),
  ];
  return (
    <details class="candidate">
      <summary>
        <strong>{c.name}</strong> <span class="tag">{y.notes(notes.length)}</span> <span class="soft">{moment(c.updatedAt)}</span>
      </summary>
      <dl class="facts">
        {facts
          .filter(([, value]) => value)
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
      {notes.length > 0 && (
        <ol class="notes">
          {[...notes].reverse().map((n, i) => (
            <li key={n.id}>
              <p class="fine">
                {number(notes.length - i)} {n.createdAt && `· ${moment(n.createdAt)}`}
              </p>
              <pre>{plain(n.content ?? "")}</pre>
            </li>
          ))}
        </ol>
      )}
    </details>
  );
}

/** plain gives a note’s text without its tags. It ends up as text, so nothing in it can run. */
function plain(html: string): string {
  const broken = html.replace(/<\/(p|div|li|h\d)>|<br\s*\/?>/gi, "\n");
  let text = "";
  let inside = false;
  for (const c of broken) {
    if (c === "<") inside = true;
    else if (c === ">") inside = false;
    else if (!inside) text += c;
  }
  return text
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&quot;|&#34;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&nbsp;/g, " ")
    .replace(/&amp;/g, "&")
    .trim();
}
