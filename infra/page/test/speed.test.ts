// It is quick: no long task while it loads, and a timeline of 10,000 events scrolls as one of ten.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { base, busiest, Rig, settled } from "./rig";

const most = 50; // ms, from which on a task counts as long

let rig: Rig;
before(async () => {
  rig = await Rig.start();
  await rig.activate();
});
after(() => rig.stop());

test("no task on load is long", async (t) => {
  const page = await rig.visit("admin", "/");
  for (const screen of ["/", base, `${base}/sync`, `${base}/mapping`]) {
    const ms = await busiest(page, () => rig.open(page, "admin", screen));
    t.diagnostic(`${screen}: the longest task takes ${ms.toFixed(1)} ms of processor time`);
    assert.ok(ms <= most, `${screen}: ${ms} ms`);
  }
});

test("10,000 events scroll smoothly, and few of them are there at a time", async (t) => {
  const count = 10_000;
  const page = await rig.visit("admin", "/");
  const events = Array.from({ length: count }, (_, i) => ({
    event: `evt-${i}`,
    type: "email_sent",
    occurred_at: new Date(Date.UTC(2026, 0, 1) - i * 60_000).toISOString(),
    accepted_at: new Date(Date.UTC(2026, 0, 1) - i * 60_000).toISOString(),
    state: "final",
    code: "synced",
    message: "the person is in Ashby",
  }));
  const body = JSON.stringify({ person: { id: "person-1" }, events });
  await page.route("**/v1/people/person-1/timeline*", (route) => route.fulfill({ contentType: "application/json", body }));
  await rig.open(page, "admin", `${base}/people/person-1`);
  await page.locator(".virtual li").first().waitFor();
  assert.ok((await page.locator(".virtual li").count()) < 60, "too many rows are there");

  const ms = await busiest(page, async () => {
    for (const part of [0.2, 0.5, 0.1, 1, 0.7]) {
      await page.evaluate((to) => scrollTo(0, document.documentElement.scrollHeight * to), part);
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    }
    for (let i = 0; i < 30; i++) await page.mouse.wheel(0, -400);
  });
  t.diagnostic(`the longest task while scrolling takes ${ms.toFixed(1)} ms of processor time`);
  assert.ok(ms <= most, `${ms} ms`);
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
  await page.locator(`.virtual li[aria-posinset="${count}"]`).waitFor();
  assert.ok((await page.locator(".virtual li").count()) < 60, "rows are left behind");
  await settled(page);
});
