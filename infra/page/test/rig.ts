// A service with its simulated Ashby, as `make run` has them, and a browser in front.
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import axe from "axe-core";

export type Role = "admin" | "member" | "viewer";

interface Run {
  api: string;
  ashby: string;
  ashby_key: string;
  tokens: Record<Role, string>;
}

export interface Look {
  dark?: boolean;
  width?: number;
}

const root = join(process.env["PAGE"] ?? ".", "../..");
export const base = "/integrations/ashby";

function program(): string {
  const asked = process.env["CHROMIUM"];
  if (asked) return asked;
  for (const name of ["chromium", "chromium-browser", "google-chrome"]) {
    try {
      return execFileSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).trim();
    } catch {
      // the next one
    }
  }
  throw new Error("Chromium is missing: apt-get install chromium (or CHROMIUM=path)");
}

export class Rig {
  readonly run: Run;
  private readonly dir: string;
  private readonly service: ChildProcess;
  private readonly browser: Browser;
  private readonly contexts: BrowserContext[] = [];
  readonly complaints: string[] = []; // of the browser: errors of scripts, refusals of the policy

  private constructor(run: Run, dir: string, service: ChildProcess, browser: Browser) {
    this.run = run;
    this.dir = dir;
    this.service = service;
    this.browser = browser;
  }

  static async start(environment: Record<string, string> = {}): Promise<Rig> {
    const dir = await mkdtemp(join(tmpdir(), "page-test-"));
    const binary = join(dir, "local");
    execFileSync("go", ["build", "-o", binary, "./infra/local"], { cwd: root, stdio: "inherit" });
    const service = spawn(binary, [], {
      cwd: dir,
      stdio: "ignore",
      env: { ...process.env, STATE_DIR: join(dir, "state"), API_PORT: "0", ASHBY_PORT: "0", ASHBY_RATE: "100000", SWEEP_EVERY: "1s", ASHBY_SETTLE: "1s", ...environment },
    });
    const run = await described(join(dir, "state/run.json"), service);
    const browser = await chromium.launch({ executablePath: program(), args: ["--no-sandbox", "--disable-dev-shm-usage"] });
    return new Rig(run, dir, service, browser);
  }

  async stop(): Promise<void> {
    for (const context of this.contexts) await context.close();
    await this.browser.close();
    const ended = new Promise((resolve) => this.service.once("exit", resolve));
    this.service.kill("SIGTERM");
    await ended;
    await rm(this.dir, { recursive: true, force: true });
  }

  /** visit opens a screen as somebody, and waits until it shows something. */
  async visit(role: Role, path: string, look: Look = {}): Promise<Page> {
    const context = await this.browser.newContext({
      viewport: { width: look.width ?? 1280, height: 860 },
      colorScheme: look.dark ? "dark" : "light",
      reducedMotion: "reduce",
      locale: "en-GB",
      timezoneId: "UTC",
    });
    this.contexts.push(context);
    const page = await context.newPage();
    page.setDefaultTimeout(Number(process.env["PATIENCE"] ?? 20_000));
    page.on("pageerror", (e) => this.complaints.push(String(e)));
    page.on("console", (m) => {
      // A refusal of the API is also a line of the browser's; what it means is for the page to say.
      if (m.type() === "error" && !m.text().startsWith("Failed to load resource")) this.complaints.push(m.text());
    });
    await this.open(page, role, path);
    return page;
  }

  /** blank is a browser's page with nothing in it yet, signed in as nobody. */
  async blank(): Promise<Page> {
    const context = await this.browser.newContext({ locale: "en-GB", reducedMotion: "reduce" });
    this.contexts.push(context);
    const page = await context.newPage();
    page.setDefaultTimeout(Number(process.env["PATIENCE"] ?? 20_000));
    return page;
  }

  async open(page: Page, role: Role, path: string): Promise<void> {
    await page.goto(`${this.run.api}${path}${path.includes("?") ? "&" : "?"}as=${role}`);
    await settled(page);
  }

  /** call asks the API itself, as somebody. */
  async call<T>(role: Role, method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<T> {
    const got = await fetch(this.run.api + path, {
      method,
      headers: { Authorization: `Bearer ${this.run.tokens[role]}`, "Content-Type": "application/json", ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await got.text();
    if (!got.ok) throw new Error(`${method} ${path}: ${got.status} ${text}`);
    return (text ? JSON.parse(text) : undefined) as T;
  }

  /** patch saves settings over whatever version is current. */
  async patch(role: Role, side: "team" | "me", change: Record<string, unknown>): Promise<void> {
    const { version } = await this.call<{ version: number }>(role, "GET", `/v1/settings/${side}`);
    await this.call(role, "PATCH", `/v1/settings/${side}`, change, { "If-Match": `"${version}"` });
  }

  async ashby<T>(method: string, path: string, body?: unknown): Promise<T> {
    const got = await fetch(`${this.run.ashby}/_sim/${path}`, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    if (!got.ok) throw new Error(`${method} ${path}: ${got.status} ${await got.text()}`);
    return (await got.json()) as T;
  }

  /** ambiguous lets a person come who could be either of two candidates, and waits until that is asked. */
  async ambiguous(person: string): Promise<void> {
    const [org] = await this.ashby<{ id: string }[]>("GET", "state");
    const emails = ["one", "two"].map((n) => `${n}.${person}@example.com`);
    for (const value of emails) await this.ashby("POST", "candidates", { org: org?.id, name: "Ana Reyes", emails: [{ value, type: "Personal", isPrimary: true }] });
    await this.send({ id: `${person}-1`, type: "meeting_booked", person: { id: person, stage: "Meeting", snapshot: { firstName: "Ana", lastName: "Reyes", emails } } });
    await eventually("it is asked who that is", async () => {
      const { reviews } = await this.call<{ reviews: { person: string }[] }>("viewer", "GET", "/v1/reviews");
      return reviews.some((r) => r.person === person);
    });
  }

  /** send sends one event as SourceWhale would. */
  async send(event: Record<string, unknown>): Promise<void> {
    const whole = { occurred_at: new Date().toISOString(), actor: { id: "u-robin" }, campaign: { id: "by-hand", name: "By hand" }, ...event };
    const got = await fetch(`${this.run.api}/dev/events`, { method: "POST", body: JSON.stringify({ events: [whole] }) });
    if (!got.ok) throw new Error(`${got.status} ${await got.text()}`);
  }

  activate = (): Promise<unknown> => this.call("admin", "PUT", "/v1/connection", { key: this.run.ashby_key });

  /** play lets a campaign happen and waits until every event has an outcome. */
  async play(campaign: string, people: number): Promise<string[]> {
    const got = await fetch(`${this.run.api}/dev/play`, { method: "POST", body: JSON.stringify({ campaign, people }) });
    const { people: ids } = (await got.json()) as { people: string[] };
    await eventually(`${campaign} is carried out`, async () => {
      for (const id of ids) {
        const { events } = await this.call<{ events: { state: string }[] }>("viewer", "GET", `/v1/people/${id}/timeline?limit=100`).catch(() => ({ events: [] }));
        if (events.length < 8 || events.some((e) => e.state === "pending")) return false;
      }
      return true;
    });
    return ids;
  }
}

/** busiest gives the longest task of the page's main thread while something is done, in milliseconds of processor time, which a loaded machine does not stretch. */
export async function busiest(page: Page, done: () => Promise<void>): Promise<number> {
  const browser = page.context().browser();
  if (!browser) throw new Error("no browser");
  await browser.startTracing(page, { categories: ["toplevel", "__metadata"] });
  await done();
  const trace = JSON.parse((await browser.stopTracing()).toString()) as {
    traceEvents: { name: string; ph: string; pid: number; tid: number; tdur?: number; args?: { name?: string } }[];
  };
  const mains = new Set(trace.traceEvents.filter((e) => e.name === "thread_name" && e.args?.name === "CrRendererMain").map((e) => `${e.pid}/${e.tid}`));
  const tasks = trace.traceEvents.filter((e) => e.ph === "X" && e.tdur !== undefined && mains.has(`${e.pid}/${e.tid}`));
  if (tasks.length < 10) throw new Error(`only ${tasks.length} tasks in the trace`);
  return Math.max(...tasks.map((e) => e.tdur ?? 0)) / 1000;
}

/** settled waits until nothing on the page says that it is loading. */
export async function settled(page: Page): Promise<void> {
  await page.locator("main h1").first().waitFor({ state: "attached" });
  await page.waitForFunction(() => !document.querySelector(".loading"));
}

/** violations lists what axe finds, with where. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations: found } = await page.evaluate(() => (window as unknown as { axe: typeof axe }).axe.run(document, { resultTypes: ["violations"] }));
  return found.map((v) => `${v.id}: ${v.nodes.map((n) => `${n.target.join(" ")} ${n.failureSummary ?? ""}`).join(" | ")}`);
}

/** eventually waits, asking again and again, until it holds; what never holds fails by its name. */
export async function eventually(what: string, holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 90_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`${what}: not within 90 s`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function described(path: string, service: ChildProcess): Promise<Run> {
  await eventually("the service is up", async () => {
    if (service.exitCode !== null) throw new Error(`the service ended with ${service.exitCode}`);
    try {
      readFileSync(path);
      return true;
    } catch {
      return false;
    }
  });
  return JSON.parse(await readFile(path, "utf8")) as Run;
}
