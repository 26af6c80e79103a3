import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { config } from "./config";
import { go, Link, usePlace } from "./router";
import { ActivityScreen } from "./screens/activity";
import { Catalogue } from "./screens/catalogue";
import { ConnectionScreen } from "./screens/connection";
import { Fields } from "./screens/fields";
import { General } from "./screens/general";
import { CampaignValues } from "./screens/given";
import { Inbox } from "./screens/inbox";
import { Jobs } from "./screens/jobs";
import { MappingScreen } from "./screens/mapping";
import { Reviews } from "./screens/reviews";
import { Search } from "./screens/search";
import { Story } from "./screens/story";
import { Sync } from "./screens/sync";
import { Try } from "./screens/try";
import { Why } from "./screens/why";
import { become, useSession, type Role, type Session } from "./session";
import { t } from "./text";
import { Empty, Loading } from "./ui/basic";
import { Choice } from "./ui/choice";
import { Icon, type IconName } from "./ui/icon";
import { Live } from "./ui/live";
import { AshbyMark } from "./ui/mark";

interface Screen {
  path: string;
  title: string;
  icon: IconName;
  show: (session: Session) => JSX.Element;
}

/** Deeper screens are of one thing each; the menu shows them under the screen that leads to them. */
interface Deeper {
  under: string;
  prefix: string;
  show: (session: Session, id: string) => JSX.Element;
}

const base = "/integrations/ashby";

const setup: Screen[] = [
  { path: "", title: t.nav.connection, icon: "plug", show: (session) => <ConnectionScreen session={session} /> },
  { path: "/general", title: t.nav.general, icon: "gear", show: (session) => <General session={session} /> },
  { path: "/sync", title: t.nav.sync, icon: "flow", show: (session) => <Sync session={session} /> },
  { path: "/fields", title: t.nav.fields, icon: "tag", show: (session) => <Fields session={session} /> },
  { path: "/mapping", title: t.nav.mapping, icon: "map", show: (session) => <MappingScreen session={session} /> },
];

const work: Screen[] = [
  { path: "/activity", title: t.nav.activity, icon: "list", show: () => <ActivityScreen /> },
  { path: "/inbox", title: t.nav.inbox, icon: "inbox", show: (session) => <Inbox session={session} /> },
  { path: "/reviews", title: t.nav.reviews, icon: "people", show: (session) => <Reviews session={session} /> },
  { path: "/bulk", title: t.nav.bulk, icon: "send", show: (session) => <Jobs session={session} /> },
  { path: "/search", title: t.nav.search, icon: "search", show: (session) => <Search session={session} /> },
  { path: "/values", title: t.nav.values, icon: "tag", show: (session) => <CampaignValues session={session} /> },
];

const lab: Screen[] = [{ path: "/try", title: t.nav.try, icon: "play", show: (session) => <Try session={session} /> }];

const groups: { name: string; screens: Screen[] }[] = [
  { name: t.nav.setup, screens: setup },
  { name: t.nav.work, screens: work },
  ...(config.local ? [{ name: t.nav.lab, screens: lab }] : []),
];

const deeper: Deeper[] = [
  { under: "/activity", prefix: "/events/", show: (session, id) => <Why event={id} session={session} /> },
  { under: "/activity", prefix: "/people/", show: (session, id) => <Story person={id} session={session} /> },
];

interface Found {
  under: string;
  title: string;
  key: string;
  body: (session: Session) => JSX.Element;
}

/** find gives the screen of an address; null where there is none. */
function find(path: string): Found | null {
  const rest = path.slice(base.length);
  const screen = groups.flatMap((g) => g.screens).find((one) => one.path === rest);
  if (screen) return { under: screen.path, title: screen.title, key: screen.path, body: screen.show };
  for (const one of deeper) {
    const id = rest.startsWith(one.prefix) ? decode(rest.slice(one.prefix.length)) : "";
    if (id) return { under: one.under, title: id, key: rest, body: (session) => one.show(session, id) };
  }
  return null;
}

const decode = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    return "";
  }
};

export function App(): JSX.Element {
  const state = useSession();
  return (
    <>
      <a class="skip" href="#main" onClick={(e) => { e.preventDefault(); document.getElementById("main")?.focus(); }}>
        {t.skip}
      </a>
      <Top session={state.kind === "in" ? state.session : null} />
      {state.kind === "waiting" && <main id="main" tabIndex={-1} class="page"><Loading /></main>}
      {state.kind === "out" && (
        <main id="main" tabIndex={-1} class="page">
          <h1 class="unseen">{t.integrations}</h1>
          <Empty icon="lock" title={state.expired ? t.session.expired : t.session.out}>
            <p class="soft">{state.expired ? t.session.expiredLead : t.session.outLead}</p>
          </Empty>
        </main>
      )}
      {state.kind === "in" && <Inside key={`${state.session.team}/${state.session.user}/${state.session.role}`} session={state.session} />}
      <Live />
    </>
  );
}

function Top({ session }: { session: Session | null }): JSX.Element {
  return (
    <header class="top">
      <Link to="/" class="brand">
        <img src="/icon.svg" alt="" width="26" height="26" />
        <span>{t.product}</span>
      </Link>
      <div class="top-end">
        {config.local && session && (
          <Choice<Role>
            label={t.session.switch}
            look="tabs"
            value={session.role}
            options={(["admin", "member", "viewer"] as const).map((value) => ({ value, label: t.session.roles[value] }))}
            choose={become}
          />
        )}
        {session && (
          <p class="who">
            <span class="unseen">{t.session.as} </span>
            <strong>{session.user}</strong> <span class="soft">{session.team}{!config.local && ` · ${t.session.roles[session.role]}`}</span>
          </p>
        )}
      </div>
    </header>
  );
}

function Inside({ session }: { session: Session }): JSX.Element {
  const { path } = usePlace();
  const inAshby = path === base || path.startsWith(`${base}/`);
  const screen = find(path);
  const title = !inAshby ? t.integrations : `${screen?.title ?? t.lostTitle} · Ashby`;
  useEffect(() => {
    document.title = `${title} · ${t.product}`;
  }, [title]);
  if (!inAshby) {
    return (
      <main id="main" tabIndex={-1}>
        <Catalogue />
      </main>
    );
  }
  return (
    <div class="frame">
      <Side under={screen?.under ?? null} />
      <main id="main" tabIndex={-1}>
        {screen ? (
          <div key={screen.key} class="screen">
            {screen.body(session)}
          </div>
        ) : (
          <>
            <h1 class="unseen">{t.lostTitle}</h1>
            <Empty icon="search" title={t.lostTitle}>
              <p class="soft">{t.lostLead}</p>
              <p>
                <Link to={base}>{t.nav.connection}</Link>
              </p>
            </Empty>
          </>
        )}
      </main>
    </div>
  );
}

function Side({ under }: { under: string | null }): JSX.Element {
  return (
    <nav class="side-nav" aria-label={t.nav.label}>
      <p class="side-title">
        <AshbyMark />
        <span>
          <a href="/" onClick={(e) => { e.preventDefault(); go("/"); }}>{t.integrations}</a>
          <strong>Ashby</strong>
        </span>
      </p>
      {groups.map((g) => (
        <div key={g.name}>
          <h2>{g.name}</h2>
          <ul>
            {g.screens.map((one) => (
              <li key={one.path}>
                <Link to={base + one.path} current={under === one.path ? "page" : undefined}>
                  <Icon name={one.icon} />
                  {one.title}
                </Link>
              </li>
            ))}
          </ul>
        </div>
      ))}
      {config.support && (
        <p class="support">
          <a href={config.support} target="_blank" rel="noopener noreferrer">
            {t.stuck} <span class="unseen">{t.connection.newTab}</span>
          </a>
        </p>
      )}
    </nav>
  );
}
