// Runs the browser tests: bundles each, for Node runs no TypeScript, and hands them to Node's own test runner.
//
//   node test/run.mjs [name…]    all, or those whose file has one of the names in it
import { build } from "esbuild";
import { spawn } from "node:child_process";
import { mkdir, readdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "../node_modules/.page-test");
const wanted = process.argv.slice(2);
const names = (await readdir(here)).filter((n) => n.endsWith(".test.ts") && (wanted.length === 0 || wanted.some((w) => n.includes(w))));
if (names.length === 0) throw new Error(`no test is called ${wanted.join(", ")}`);

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
await build({
  entryPoints: names.map((n) => join(here, n)),
  outdir: out,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  packages: "external",
  platform: "node",
  format: "esm",
  target: "node20",
  sourcemap: "inline",
  logLevel: "warning",
});
// One file after another: each starts a service and a browser of its own.
const child = spawn(
  process.execPath,
  ["--enable-source-maps", "--test", "--test-concurrency=1", "--test-reporter=spec", ...names.map((n) => join(out, n.replace(/\.ts$/, ".mjs")))],
  { stdio: "inherit", env: { ...process.env, PAGE: join(here, "..") } },
);
child.on("exit", (code) => process.exit(code ?? 1));
