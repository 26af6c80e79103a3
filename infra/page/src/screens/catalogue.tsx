import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { fold } from "../format";
import { useLoad } from "../load";
import { Link } from "../router";
import { t } from "../text";
import { Button, Empty } from "../ui/basic";
import { TextField } from "../ui/choice";
import { AshbyMark } from "../ui/mark";
import { loadConnection, StatusBadge } from "./connection_state";

const offered = [{ id: "ashby", name: "Ashby", kind: t.catalogue.kind, lead: t.catalogue.ashby }];

/** Catalogue lists the integrations there are. Searching minds neither case nor white space nor accents. */
export function Catalogue(): JSX.Element {
  const [words, setWords] = useState("");
  const connection = useLoad(loadConnection, []);
  const wanted = fold(words);
  const found = offered.filter((one) => fold(`${one.name} ${one.kind}`).includes(wanted));
  return (
    <div class="page">
      <header class="screen-head">
        <h1 tabIndex={-1}>{t.catalogue.title}</h1>
        <p class="soft">{t.catalogue.lead}</p>
      </header>
      <TextField label={t.catalogue.search} quiet type="search" placeholder={t.catalogue.search} value={words} put={setWords} />
      <p class="unseen" role="status">
        {found.length > 0 ? t.catalogue.found(found.length) : t.catalogue.none(words.trim())}
      </p>
      {found.length === 0 ? (
        <Empty icon="search" title={t.catalogue.none(words.trim())}>
          <p class="soft">{t.catalogue.noneLead}</p>
          <Button onClick={() => setWords("")}>{t.catalogue.clear}</Button>
        </Empty>
      ) : (
        <ul class="catalogue">
          {found.map((one) => (
            <li key={one.id} class="card">
              <AshbyMark />
              <div>
                <h2>
                  <Link to={`/integrations/${one.id}`}>{one.name}</Link> <span class="tag">{one.kind}</span>
                </h2>
                <p class="soft">{one.lead}</p>
              </div>
              {connection.state === "ready" && <StatusBadge status={connection.data.status} />}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
