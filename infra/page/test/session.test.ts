// Signing in as a deployment has it: by SourceWhale's frontend, and by nobody else.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { base, Rig } from "./rig";

const frontend = "https://app.example.com";

let rig: Rig;
before(async () => {
  rig = await Rig.start();
});
after(() => rig.stop());

/** deployed lets the page be told what a deployment tells it, and not that it runs on a laptop. */
async function deployed(page: Page): Promise<void> {
  await page.route(`${rig.run.api}/integrations/**`, async (route) => {
    const got = await route.fetch();
    const told = JSON.stringify({ origins: [frontend], support: "https://help.example.com" }).replace(/"/g, "&#34;");
    const body = (await got.text()).replace(/name="ashby-sync" content="[^"]*"/, `name="ashby-sync" content="${told}"`);
    const headers = got.headers();
    delete headers["x-frame-options"];
    headers["content-security-policy"] = (headers["content-security-policy"] ?? "").replace("frame-ancestors 'none'", `frame-ancestors ${frontend}`);
    await route.fulfill({ response: got, headers, body });
  });
}

test("a link from SourceWhale signs in, and the token leaves the address at once", async () => {
  const page = await rig.blank();
  await deployed(page);
  await page.goto(`${rig.run.api}${base}/sync#token=${rig.run.tokens.member}`, { referer: `${frontend}/campaigns` });
  await page.getByRole("heading", { name: "Sync settings" }).waitFor();
  assert.ok(!page.url().includes("token"), page.url());
  assert.equal(await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])), '[{},{},""]', "something is stored");
  await page.getByRole("link", { name: /Stuck/ }).waitFor();
  assert.equal(await page.getByRole("link", { name: "Try it" }).count(), 0, "a deployment offers to play");
  await page.reload();
  await page.getByText("You are not signed in").waitFor();
});

test("a link from anywhere else does not", async () => {
  for (const referer of ["https://evil.example.com/", `${frontend}.evil.example.com/`, undefined]) {
    const page = await rig.blank();
    await deployed(page);
    await page.goto(`${rig.run.api}${base}#token=${rig.run.tokens.admin}`, referer ? { referer } : {});
    await page.getByText("You are not signed in").waitFor();
    assert.ok(!page.url().includes("token"), "the token stays in the address");
  }
});

/** framed lets another page frame ours and hand it a token when asked. */
async function framed(page: Page, parent: string): Promise<void> {
  await deployed(page);
  const script = `addEventListener("message", (e) => { if (e.data?.type === "ashby-sync:ready") e.source.postMessage({ type: "ashby-sync:token", token: ${JSON.stringify(rig.run.tokens.viewer)} }, e.origin); });`;
  await page.route(`${parent}/**`, (route) =>
    route.fulfill({ contentType: "text/html", body: `<!doctype html><title>x</title><script>${script}</script><iframe width="900" height="700" src="${rig.run.api}${base}/general"></iframe>` }),
  );
  await page.goto(`${parent}/`);
}

test("SourceWhale's frontend signs in the page that it frames", async () => {
  const page = await rig.blank();
  await framed(page, frontend);
  await page.frameLocator("iframe").getByRole("heading", { name: "General settings" }).waitFor();
  await page.frameLocator("iframe").getByText("u-viewer").waitFor();
});

test("another page cannot frame it", async () => {
  const page = await rig.blank();
  const refused = page.waitForEvent("console", (m) => m.text().includes("frame-ancestors"));
  await framed(page, "https://evil.example.com");
  await refused;
  assert.equal(await page.frameLocator("iframe").getByText("u-viewer").count(), 0);
});

test("when the token ends, the page says so", async () => {
  const page = await rig.blank();
  await deployed(page);
  await page.goto(`${rig.run.api}${base}#token=${rig.run.tokens.admin}`, { referer: `${frontend}/` });
  await page.getByRole("heading", { name: "Connection" }).waitFor();
  await page.route("**/v1/**", (route) => route.fulfill({ status: 401, contentType: "application/problem+json", body: '{"status":401,"code":"unauthenticated","title":"Unauthorized"}' }));
  await page.getByRole("link", { name: "General", exact: true }).click();
  await page.getByText("Your session has ended").waitFor();
});
