// The customer's article, as a person would go through it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { base, Rig, settled } from "./rig";

let rig: Rig;

const pick = (page: Page, group: string, option: string): Promise<void> =>
  page.getByRole("group", { name: group }).getByRole("radio", { name: option, exact: true }).check();

before(async () => {
  rig = await Rig.start();
});
after(async () => {
  await rig.stop();
  assert.deepEqual(rig.complaints, [], "the browser complains");
});

test("Ashby is found however it is typed, and what is not there has an empty state", async () => {
  const page = await rig.visit("admin", "/");
  const search = page.getByRole("searchbox", { name: "Search integrations" });
  for (const words of ["ASHBY ", "ash", "  Ashby"]) {
    await search.fill(words);
    await page.getByRole("link", { name: "Ashby", exact: true }).waitFor();
  }
  await search.fill("zzz");
  await page.locator(".empty-title", { hasText: "Nothing here is called “zzz”" }).waitFor();
  await page.getByRole("button", { name: "Clear the search" }).click();
  await page.getByRole("link", { name: "Ashby", exact: true }).click();
  await page.waitForURL(`**${base}`);
});

test("each way in which a key fails is told as what it is, and the right one connects", async () => {
  const page = await rig.visit("admin", base);
  const key = page.getByLabel("Ashby API key");
  const activate = page.getByRole("button", { name: "Activate" });
  for (const box of ["Candidates: read", "Candidates: write", "Hiring process metadata: read", "Organization: read"]) {
    await page.getByText(box, { exact: true }).waitFor();
  }
  assert.equal(await page.getByRole("link", { name: /Open Ashby’s page of API keys/ }).getAttribute("href"), "https://app.ashbyhq.com/admin/api/keys");

  await activate.click();
  await page.getByRole("alert").getByText("Paste a key first.").waitFor();
  assert.equal(await key.evaluate((e) => getComputedStyle(e).borderColor !== "" && e.getAttribute("aria-invalid")), "true");

  await key.fill("not-a-key");
  await activate.click();
  await page.getByRole("alert").getByText("Ashby does not accept this key").waitFor();

  await rig.ashby("POST", "faults", { kind: "unavailable", count: 0 });
  await key.fill(rig.run.ashby_key);
  await activate.click();
  await page.getByRole("alert").getByText("Ashby cannot be reached right now").waitFor();
  await rig.ashby("DELETE", "faults");

  await key.fill(`  ${rig.run.ashby_key}\n`);
  await activate.click();
  await page.getByText("Connected", { exact: true }).first().waitFor();
  assert.ok(!(await page.content()).includes(rig.run.ashby_key), "the key is shown");
  await page.getByText(/ends in 0001/).waitFor();
});

test("a key without permissions connects with limits, and the doctor names the box", async () => {
  const page = await rig.visit("admin", base);
  await page.getByRole("button", { name: "Change the key" }).click();
  await page.getByLabel("Ashby API key").fill(rig.run.ashby_key.replace(/1$/, "2"));
  await page.getByRole("dialog").getByRole("button", { name: "Activate" }).click();
  await page.getByText("Connected with limits", { exact: true }).first().waitFor();
  await page.getByText(/tick “Organization: read” for this key/).waitFor();
  await rig.activate();
});

test("pause and resume are asked for and told", async () => {
  const page = await rig.visit("admin", base);
  await page.getByRole("button", { name: "Pause" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Pause" }).click();
  await page.locator(".badge", { hasText: "Paused" }).waitFor();
  await page.getByRole("button", { name: "Resume" }).click();
  await page.locator(".badge", { hasText: /^Connected$/ }).first().waitFor();
});

test("trigger and toggle say in a sentence what will happen, before and after saving", async () => {
  const page = await rig.visit("admin", `${base}/sync`);
  await page.getByRole("radio", { name: "When they are added to a campaign" }).check();
  const outcome = page.locator(".outcome");
  await outcome.getByText("as soon as they are added to a campaign").waitFor();
  await page.getByText("everybody is synced.", { exact: false }).first().waitFor();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("Saved.").waitFor();
  await page.getByText("from the team’s settings", { exact: false }).first().waitFor();
  assert.equal((await rig.call<{ values: { trigger: string } }>("admin", "GET", "/v1/settings/team")).values.trigger, "on_add");
});

test("unsaved changes are not left without a question", async () => {
  const page = await rig.visit("admin", `${base}/sync`);
  await page.getByRole("link", { name: "General", exact: true }).click();
  await pick(page, "Sync manual contact updates", "Off");
  await page.getByText("1 unsaved change").waitFor();
  await page.getByRole("link", { name: "Sync", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Stay" }).click();
  assert.ok(page.url().includes("/general"));
  await page.goBack();
  await page.getByRole("dialog").getByRole("button", { name: "Stay" }).click();
  assert.ok(page.url().includes("/general"));
  await page.getByRole("link", { name: "Sync", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Leave, and lose the changes" }).click();
  await page.getByRole("heading", { name: "Sync settings" }).waitFor();
});

test("a save over another's shows both, and mine can be kept", async () => {
  const page = await rig.visit("admin", `${base}/general`);
  await pick(page, "Sync manual contact updates", "Off");
  await rig.patch("admin", "team", { sync_manual_updates: true });
  await page.getByRole("button", { name: "Save", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Somebody else saved meanwhile" });
  const row = dialog.getByRole("row", { name: /Sync manual contact updates/ });
  await row.waitFor();
  assert.deepEqual(await row.getByRole("cell").allTextContents(), ["On", "Off"]);
  await dialog.getByRole("button", { name: "Save mine over it" }).click();
  await page.getByText("Saved.").waitFor();
  assert.equal((await rig.call<{ values: { sync_manual_updates: boolean } }>("admin", "GET", "/v1/settings/team")).values.sync_manual_updates, false);
});

test("notes are chosen by type of outreach, and the history takes a change back", async () => {
  const page = await rig.visit("admin", `${base}/general`);
  await pick(page, "Create notes upon", "Chosen here");
  await page.getByRole("checkbox", { name: "Email bounced" }).check();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("13 types").waitFor();
  await page.getByRole("button", { name: "History" }).click();
  await page.getByRole("button", { name: /Restore: As before the first change/ }).waitFor();
  await page.getByRole("button", { name: /^Restore version/ }).first().click();
  await page.getByRole("dialog").getByRole("button", { name: "Restore" }).click();
  await page.getByText("12 types").waitFor();
});

test("the lock keeps a member out of the sync settings, with a lock to see and the reason", async () => {
  await rig.patch("member", "me", { trigger: "on_reply" });
  const admin = await rig.visit("admin", `${base}/sync`);
  await pick(admin, "Lock these settings for the team", "On");
  await admin.getByRole("button", { name: "Save", exact: true }).click();
  await admin.getByText("Saved.").waitFor();

  const member = await rig.visit("member", `${base}/sync`);
  await member.getByText(/u-admin locked this on/).waitFor();
  assert.ok(await member.getByRole("radio", { name: "When they reply" }).isDisabled());
  assert.ok(await member.getByRole("radio", { name: "When they reply" }).isChecked(), "the member's own choice is not shown as kept");
  await member.getByText("In force").first().waitFor();
  await rig.patch("admin", "team", { lock: false });
  await rig.open(member, "member", `${base}/sync`);
  assert.ok(await member.getByRole("radio", { name: "When they reply" }).isEnabled());
});

test("members see the team's settings read-only, and viewers everything", async () => {
  const member = await rig.visit("member", `${base}/general?for=team`);
  await member.getByText("Only admins change this.", { exact: false }).waitFor();
  assert.equal(await member.locator("main fieldset:not(:disabled) input:not(:disabled)").count(), 2, "more than the switch of sides can be changed");

  for (const screen of ["", "/general", "/sync", "/fields", "/mapping"]) {
    const viewer = await rig.visit("viewer", base + screen);
    assert.equal(await viewer.getByRole("button", { name: /Save|Edit|Activate|Disconnect|Change the key|Choose fields|Pause/ }).count(), 0, `${screen} offers a viewer a change`);
  }
});

test("fields are chosen by search, and protection shows in the mapping", async () => {
  const page = await rig.visit("admin", `${base}/fields`);
  await page.getByRole("button", { name: /Choose fields ?: Protected fields/ }).click();
  const dialog = page.getByRole("dialog", { name: "Protected fields" });
  await dialog.getByRole("searchbox").fill("PRIMARY");
  await dialog.getByRole("checkbox", { name: /Primary email/ }).check();
  await dialog.getByRole("searchbox").fill("school");
  assert.ok(await dialog.getByRole("checkbox", { name: /School/ }).isDisabled());
  await dialog.getByText("Ashby's API cannot write this field", { exact: false }).waitFor();
  await dialog.getByRole("searchbox").fill("zzz");
  await dialog.getByText("No field is called “zzz”").waitFor();
  await dialog.getByRole("button", { name: "Done" }).click();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("Saved.").waitFor();
  await page.getByRole("link", { name: "Field mapping" }).click();
  await settled(page);
  await page.getByRole("row", { name: /Primary email/ }).getByText("Only if blank (protected)").waitFor();
});

test("a save with mistakes lists them all, each leading to its setting", async () => {
  const page = await rig.visit("admin", `${base}/fields`);
  await page.getByRole("button", { name: /Choose fields ?: Mandatory fields/ }).click();
  const dialog = page.getByRole("dialog", { name: "Mandatory fields" });
  const refused = dialog.locator("li:has(input:disabled)");
  assert.ok((await refused.count()) > 2, "nothing is refused");
  assert.ok((await refused.locator("small").count()) === (await refused.count()), "a refusal has no reason");
  await dialog.getByRole("button", { name: "Done" }).click();
  await page.route("**/v1/settings/team", (route) =>
    route.request().method() === "PATCH"
      ? route.fulfill({
          status: 422,
          contentType: "application/problem+json",
          body: JSON.stringify({
            status: 422,
            code: "settings_refused",
            title: "Unprocessable Entity",
            errors: [
              { path: "mandatory[0]", code: "nothing_fills_it", message: "nothing can fill it" },
              { path: "filterable[0]", code: "field_private", message: "it is private" },
            ],
          }),
        })
      : route.continue(),
  );
  await page.getByRole("button", { name: /Choose fields ?: Displayed fields/ }).click();
  await page.getByRole("dialog").getByRole("checkbox", { name: /^Tags/ }).check();
  await page.getByRole("dialog").getByRole("button", { name: "Done" }).click();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("alert").getByText("2 things need another look").waitFor();
  assert.ok(await page.locator(".summary").evaluate((e) => e === document.activeElement), "the summary has no focus");
  await page.getByRole("link", { name: "it is private" }).click();
  assert.match((await page.evaluate(() => document.activeElement?.textContent)) ?? "", /Filterable fields/);
});

test("the mapping warns before it is edited, refuses with the nearest target, and comes back to its defaults", async () => {
  const page = await rig.visit("admin", `${base}/mapping`);
  await page.getByRole("button", { name: "Edit the mapping" }).click();
  await page.getByRole("dialog").getByText("It holds for the whole team", { exact: false }).waitFor();
  await page.getByRole("button", { name: "I understand, edit" }).click();

  await page.getByRole("button", { name: "Map another variable" }).click();
  let dialog = page.getByRole("dialog");
  await dialog.getByRole("searchbox").fill("company");
  await dialog.getByText(/Goes to “Company” already/).waitFor();
  await dialog.getByRole("searchbox").fill("headline");
  await dialog.getByRole("button", { name: /Headline/ }).click();
  dialog = page.getByRole("dialog", { name: "Where does Headline go?" });
  await dialog.getByRole("searchbox").fill("school");
  await dialog.getByText(/Ashby's API cannot write this field/).waitFor();
  await dialog.getByRole("button", { name: "Create the field “School” in Ashby" }).click();
  await page.getByText("Unsaved changes to the mapping").waitFor();
  await page.getByRole("button", { name: /Remove Headline/ }).click();
  await page.getByRole("button", { name: "Remove Role → Title" }).click();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("Saved.").waitFor();
  assert.equal(await page.getByRole("row", { name: /^Role/ }).count(), 0);

  await page.getByRole("button", { name: "Restore defaults" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Restore defaults" }).click();
  await page.getByRole("row", { name: /^Role/ }).waitFor();
  await page.getByRole("button", { name: "History" }).click();
  await page.locator(".changes").getByText("Role → Title").first().waitFor();
});

test("a mapping saved by another meanwhile is shown beside mine, and the mapping is tried on a person before it is saved", async () => {
  const page = await rig.visit("admin", `${base}/mapping`);
  await page.getByRole("button", { name: "Edit the mapping" }).click();
  await page.getByRole("button", { name: "I understand, edit" }).click();
  await page.getByLabel("Overwrite: Phone").selectOption({ label: "Never" });
  await page.getByRole("button", { name: "Show" }).click();
  await page.getByRole("row", { name: /^Phone/ }).last().getByText("Never", { exact: false }).first().waitFor();

  const { version, entries } = await rig.call<{ version: number; entries: { from: string[]; to: string; take?: string }[] }>("admin", "GET", "/v1/mapping");
  const theirs = entries.filter((e) => e.to !== "link.YouTube").map(({ from, to, take }) => ({ from, to, ...(take ? { take } : {}) }));
  await rig.call("admin", "PUT", "/v1/mapping", { entries: theirs }, { "If-Match": `"${version}"` });
  await page.getByRole("button", { name: "Save", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Somebody else saved meanwhile" });
  await dialog.getByText(/YouTube/).waitFor();
  await dialog.getByText("Never").waitFor();
  await dialog.getByRole("button", { name: "Drop mine" }).click();
  await page.getByRole("row", { name: /^YouTube link/ }).waitFor({ state: "detached" });
});

test("a campaign is played, and every event can say why", async () => {
  const page = await rig.visit("admin", `${base}/try`);
  await page.getByLabel("Campaign").fill("article");
  await page.getByLabel("People").fill("2");
  await page.getByRole("button", { name: "Play", exact: true }).click();
  await page.locator(".log").getByText("candidate.createNote").first().waitFor();
  await page.getByRole("link", { name: "The story of article-p0001" }).click();
  await page.getByRole("link", { name: "Added to a campaign" }).click();
  await page.getByText("What was decided").waitFor();
  await page.getByText(/Rule (8|9)/).waitFor();
  await page.getByRole("row", { name: /^Name/ }).getByText("Written.").waitFor();
  await page.getByRole("row", { name: /When adding to a campaign/ }).getByText("the team’s settings, version", { exact: false }).waitFor();
  await page.getByText("candidate.create", { exact: true }).waitFor();
});

test("disconnecting is confirmed, and the key is gone", async () => {
  const page = await rig.visit("admin", base);
  await page.getByRole("button", { name: "Disconnect" }).click();
  await page.getByRole("dialog").getByText("The key is deleted at once", { exact: false }).waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Disconnect" }).click();
  await page.getByLabel("Ashby API key").waitFor();
});
