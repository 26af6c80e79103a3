// Everybody can use it: axe finds nothing, a keyboard is enough, and neither a phone nor 200 % zoom cuts anything off.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { base, Rig, settled, violations, type Role } from "./rig";

let rig: Rig;
let people: string[] = [];
before(async () => {
  rig = await Rig.start();
});
after(async () => {
  await rig.stop();
  assert.deepEqual(rig.complaints, [], "the browser complains");
});

const screens = (): string[] => [
  "/",
  base,
  `${base}/general`,
  `${base}/sync?for=me`,
  `${base}/fields`,
  `${base}/mapping`,
  `${base}/activity`,
  `${base}/inbox`,
  `${base}/reviews`,
  `${base}/bulk`,
  `${base}/search`,
  `${base}/values?campaign=access`,
  `${base}/try`,
  `${base}/nowhere`,
  ...(people[0] ? [`${base}/people/${people[0]}`, `${base}/events/${people[0]}-1`] : [`${base}/people/nobody`, `${base}/events/nothing`]),
];

async function sound(page: Page, what: string): Promise<void> {
  assert.deepEqual(await violations(page), [], what);
}

test("before there is a connection, axe finds nothing on any screen, in light and dark", async () => {
  for (const dark of [false, true]) {
    const page = await rig.visit("admin", "/", { dark });
    for (const screen of screens()) {
      await rig.open(page, "admin", screen);
      await sound(page, `${screen} ${dark ? "dark" : "light"}`);
    }
  }
});

test("with people and events too, for each role", async () => {
  await rig.activate();
  await rig.patch("admin", "team", { trigger: "on_add", displayed: ["tags", "source"], filterable: ["source", "tags"], lock: true });
  people = await rig.play("access", 2);
  await rig.ambiguous("p-two");
  for (const [role, dark] of [["admin", false], ["viewer", false], ["admin", true]] as [Role, boolean][]) {
    const page = await rig.visit(role, "/", { dark });
    for (const screen of screens()) {
      await rig.open(page, role, screen);
      await sound(page, `${screen} as ${role} ${dark ? "dark" : "light"}`);
    }
  }
});

test("what opens over a screen is sound too", async () => {
  for (const dark of [false, true]) {
    const page = await rig.visit("admin", `${base}/fields`, { dark });
    await page.getByRole("button", { name: /Choose fields ?: Displayed/ }).click();
    await sound(page, "choosing fields");
    await page.keyboard.press("Escape");
    await rig.open(page, "admin", `${base}/mapping`);
    await page.getByRole("button", { name: "Edit the mapping" }).click();
    await sound(page, "the warning");
    await page.getByRole("button", { name: "I understand, edit" }).click();
    await sound(page, "the editor");
    await page.getByRole("button", { name: "Map another variable" }).click();
    await sound(page, "choosing a variable");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "History" }).click();
    await settled(page);
    await sound(page, "the history");
    await rig.open(page, "admin", base);
    await page.getByRole("button", { name: "Change the key" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Activate" }).click();
    await page.getByRole("alert").waitFor();
    await sound(page, "a refused key");
  }
});

test("nothing is cut off on a phone, or at 200 % zoom", async () => {
  for (const width of [360, 640]) {
    const page = await rig.visit("admin", "/", { width });
    for (const screen of screens()) {
      await rig.open(page, "admin", screen);
      const [content, seen] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      assert.ok((content ?? 0) <= (seen ?? 0), `${screen} is ${content} wide on ${seen}`);
    }
  }
});

/** tabTo presses Tab until the focus is on what is wanted; it must be seen there. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let i = 0; i < 90; i++) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => {
      const e = document.activeElement as HTMLElement | null;
      const told = e?.getAttribute("aria-label") ?? (e instanceof HTMLInputElement ? [...(e.labels ?? [])].map((l) => l.textContent).join(" ") : e?.textContent);
      const ring = e ? [e, e.parentElement].some((x) => x && parseFloat(getComputedStyle(x).outlineWidth) > 0 && getComputedStyle(x).outlineStyle !== "none") : false;
      return { told: (told ?? "").trim(), ring };
    });
    if (name.test(at.told)) {
      assert.ok(at.ring, `the focus on “${at.told}” cannot be seen`);
      return;
    }
  }
  assert.fail(`Tab never reaches ${name}`);
}

test("a keyboard is enough to find Ashby, change a setting, save it and look at the history", async () => {
  await rig.patch("admin", "team", { lock: false, trigger: null });
  const page = await rig.visit("admin", "/");
  const { keyboard } = page;
  await tabTo(page, /^Search integrations$/);
  await keyboard.type("ash");
  await tabTo(page, /^Ashby$/);
  await keyboard.press("Enter");
  await settled(page);
  await tabTo(page, /^Sync$/);
  await keyboard.press("Enter");
  await settled(page);
  await tabTo(page, /^As built in$/);
  await keyboard.press("ArrowDown");
  await keyboard.press("ArrowDown");
  assert.ok(await page.getByRole("radio", { name: "When they reply" }).isChecked());
  await tabTo(page, /^Discard$/);
  await tabTo(page, /^Save$/);
  await keyboard.press("Enter");
  await page.getByText("Saved.").waitFor();
  await tabTo(page, /^History$/);
  await keyboard.press("Enter");
  await settled(page);
  await tabTo(page, /^Restore/);
  await keyboard.press("Enter");
  await page.getByRole("dialog").waitFor();
  await keyboard.press("Escape");
  assert.equal(await page.getByRole("dialog").count(), 0);
  assert.match((await page.evaluate(() => document.activeElement?.textContent)) ?? "", /Restore/, "the focus is lost with the dialog");
});

test("a keyboard is enough to connect, to choose where a variable goes, and to play a campaign", async () => {
  await rig.call("admin", "DELETE", "/v1/connection");
  const page = await rig.visit("admin", base);
  const { keyboard } = page;
  await tabTo(page, /^Ashby API key$/);
  await keyboard.insertText(rig.run.ashby_key);
  await keyboard.press("Enter");
  await page.locator(".badge", { hasText: /^Connected$/ }).first().waitFor();

  await tabTo(page, /^Field mapping$/);
  await keyboard.press("Enter");
  await settled(page);
  await tabTo(page, /^Edit the mapping$/);
  await keyboard.press("Enter");
  await tabTo(page, /^I understand, edit$/);
  await keyboard.press("Enter");
  await tabTo(page, /^Map another variable$/);
  await keyboard.press("Enter");
  await tabTo(page, /^Search SourceWhale’s variables$/);
  await keyboard.type("summary");
  await tabTo(page, /^Summary/);
  await keyboard.press("Enter");
  await tabTo(page, /^Search Ashby’s fields$/);
  await keyboard.type("long");
  await page.locator("button.pick").first().waitFor();
  await tabTo(page, /LongText/);
  await keyboard.press("Enter");
  await page.getByText("Unsaved changes to the mapping").waitFor();
  await tabTo(page, /^Save$/);
  await keyboard.press("Enter");
  await page.getByText("Saved.").waitFor();

  await tabTo(page, /^Try it$/);
  await keyboard.press("Enter");
  await settled(page);
  await tabTo(page, /^Play$/);
  await keyboard.press("Enter");
  await page.getByText(/events sent/).waitFor();
});
