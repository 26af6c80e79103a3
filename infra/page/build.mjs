// Builds the page into the folder from which functions/console embeds it. Equal sources give equal bytes on every machine.
//
//   node build.mjs            build
//   node build.mjs --check    build elsewhere and compare with what is committed
import { build } from "esbuild";
import { mkdtemp, readFile, readdir, rm, copyFile, mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const committed = join(here, "../../functions/console/consolehttp/page");
const most = 60 * 1024; // of all files, gzipped

async function make(out) {
  await mkdir(out, { recursive: true });
  await build({
    absWorkingDir: here,
    entryPoints: { app: "src/main.tsx", page: "src/style/page.css" },
    outdir: out,
    bundle: true,
    format: "esm",
    target: ["chrome119", "firefox121", "safari17"],
    jsx: "automatic",
    jsxImportSource: "preact",
    minify: true,
    legalComments: "none",
    charset: "utf8",
    logLevel: "warning",
  });
  for (const name of await readdir(join(here, "public"))) {
    await copyFile(join(here, "public", name), join(out, name));
  }
}

async function weigh(folder) {
  let all = 0;
  for (const name of (await readdir(folder)).sort()) {
    const packed = gzipSync(await readFile(join(folder, name)), { level: 9 }).length;
    all += packed;
    console.log(`${String(packed).padStart(8)}  ${name}, gzipped`);
  }
  console.log(`${String(all).padStart(8)}  in all; at most ${most}`);
  if (all > most) throw new Error("the page is too heavy");
}

async function differences(fresh) {
  const names = new Set([...(await readdir(fresh)), ...(await readdir(committed))]);
  const found = [];
  for (const name of names) {
    const [a, b] = await Promise.all([fresh, committed].map((folder) => readFile(join(folder, name)).catch(() => null)));
    if (!a || !b || !a.equals(b)) found.push(name);
  }
  return found;
}

if (process.argv.includes("--check")) {
  const fresh = await mkdtemp(join(tmpdir(), "page-"));
  try {
    await make(fresh);
    const stale = await differences(fresh);
    if (stale.length > 0) throw new Error(`not what the sources give: ${stale.join(", ")} (make page, and commit)`);
    await weigh(fresh);
  } finally {
    await rm(fresh, { recursive: true });
  }
} else {
  await make(committed);
  await weigh(committed);
}
