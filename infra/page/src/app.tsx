import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { config } from "./config";
import { go, Link, usePlace } from "./router";
import { Catalogue } from "./screens/catalogue";
import { ConnectionScreen } from "./screens/connection";
import { General } from "./screens/general";
import { Sync } from "./screens/sync";
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

const base = "/integrations/ashby";

const setup: Screen[] = [
  { path: "", title: t.nav.connection, icon: "plug", show: (session) => <ConnectionScreen session={session} /> },
  { path: "/general", title: t.nav.general, icon: "gear", show: (session) => <General session={session} /> },
  { path: "/sync", title: t.nav.sync, icon: "flow", show: (session) => <Sync session={session} /> },
];

const groups: { name: string; screens: Screen[] }[] = [{ name: t.nav.setup, screens: setup }];

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
      {state.kind === "in" && <Inside key={state.session.token} session={state.session} />}
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
  const screen = groups.flatMap((g) => g.screens).find((one) => path === base + one.path);
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
      <Side path={path} />
      <main id="main" tabIndex={-1}>
        {screen ? (
          <div key={screen.path} class="screen">
            {screen.show(session)}
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

function Side({ path }: { path: string }): JSX.Element {
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
                <Link to={base + one.path} current={path === base + one.path ? "page" : undefined}>
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
