// Following what happens: the timeline, people, reviews, what waits, and what is asked for many.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { base, eventually, Rig, settled } from "./rig";

let rig: Rig;
let people: string[] = [];
before(async () => {
  rig = await Rig.start();
  await rig.activate();
  await rig.patch("admin", "team", { trigger: "on_add", displayed: ["tags", "source"] });
  people = await rig.play("follow", 3);
});
after(async () => {
  await rig.stop();
  assert.deepEqual(rig.complaints, [], "the browser complains");
});

test("the timeline is live, and filters stay in the address", async () => {
  const page = await rig.visit("viewer", `${base}/activity`);
  await page.locator(".virtual").getByText("Email reply").first().waitFor();
  await rig.send({ id: "live-1", type: "call_completed", person: { id: people[0] } });
  await page.locator(".virtual").getByText("Call completed").waitFor();
  await page.getByLabel("Event", { exact: true }).selectOption({ label: "Email reply" });
  await page.getByLabel("Person").fill(people[1] ?? "");
  await page.getByRole("button", { name: "Filter" }).click();
  await page.waitForURL(/type=email_reply.*person=follow-p0002|person=follow-p0002.*type=email_reply/);
  await settled(page);
  await eventually("that person's replies are left", async () => {
    const rows = await page.locator(".virtual li").allTextContents();
    return rows.length > 0 && rows.every((row) => row.includes("Email reply") && row.includes(people[1] ?? ""));
  });
  await page.getByLabel("Person").fill("nobody-at-all");
  await page.getByLabel("Outcome").selectOption({ label: "Withheld" });
  await page.getByRole("button", { name: "Filter" }).click();
  await page.getByText("Nothing of that kind").waitFor();
  await page.getByRole("img", { name: /calls used in the last minute/ }).waitFor();
  await page.getByRole("img", { name: /in bulk/ }).waitFor();
});

test("a push is previewed with its calls, and then made", async () => {
  const page = await rig.visit("member", `${base}/people/${people[0]}`);
  await page.getByRole("button", { name: "Preview a push" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("Calls to Ashby, in order").waitFor();
  await dialog.getByRole("row", { name: /^Name/ }).waitFor();
  await dialog.getByRole("button", { name: "Push now" }).click();
  await page.locator(".virtual").getByText("Push asked for").waitFor();
  assert.equal(await page.getByRole("button", { name: /Hold|Forget|Backfill|Unlink/ }).count(), 0, "a member is offered what is an admin's");
});

test("a held person waits until an admin releases them", async () => {
  const page = await rig.visit("admin", `${base}/people/${people[1]}`);
  await page.getByRole("button", { name: "Hold" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Hold" }).click();
  await page.getByText("On hold: nothing of this person is pushed", { exact: false }).waitFor();
  await rig.send({ id: "held-1", type: "call_completed", person: { id: people[1] } });
  await page.locator(".virtual").getByText("On hold").waitFor();
  await page.getByRole("button", { name: "Release" }).click();
  await eventually("what waited goes on", async () => (await rig.call<{ state: string }>("viewer", "GET", "/v1/events/held-1")).state === "final");
});

test("a value is given where the field is displayed, and goes to Ashby with the next push", async () => {
  const page = await rig.visit("member", `${base}/people/${people[0]}`);
  await page.getByRole("button", { name: /Give a value ?: Tags/ }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("checkbox").first().check();
  const tag = (await dialog.locator("li", { has: page.locator(":checked") }).textContent())?.trim() ?? "";
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByRole("row", { name: /^Tags/ }).getByText(tag).waitFor();
  await page.getByRole("button", { name: "Push now" }).click();
  await page.getByRole("row", { name: /^Tags/ }).getByText("in Ashby").waitFor();

  const campaign = await rig.visit("member", `${base}/values`);
  await campaign.getByLabel(/^Campaign/).fill("follow");
  await campaign.getByRole("button", { name: "Open" }).click();
  await campaign.getByRole("row", { name: /^Source/ }).waitFor();
});

test("who could be several candidates is asked, side by side, and the answer lets the event go on", async () => {
  await rig.ambiguous("p-review");
  const inbox = await rig.visit("member", `${base}/inbox`);
  await inbox.getByRole("button", { name: /^Show/ }).first().click();
  await inbox.getByRole("link", { name: "p-review" }).waitFor();
  await inbox.getByRole("link", { name: /review|choose|decide|look/i }).first().click();
  await inbox.getByRole("heading", { name: "Reviews" }).waitFor();
  const cards = inbox.locator(".suspect");
  await cards.nth(1).waitFor();
  assert.deepEqual((await cards.locator(".evidence").allTextContents()).map((s) => s.trim()), ["email one.p-review@example.com", "email two.p-review@example.com"]);
  await cards.nth(1).getByRole("button", { name: /^This one/ }).click();
  await inbox.getByText("Nothing to review").waitFor();
  await eventually("the event goes on", async () => (await rig.call<{ code: string }>("viewer", "GET", "/v1/events/p-review-1")).code === "matched");
});

test("an answer can be taken back until something is written", async () => {
  await rig.ambiguous("p-undo");
  await rig.call("admin", "POST", "/v1/connection/pause");
  const page = await rig.visit("member", `${base}/people/p-undo`);
  await page.getByRole("button", { name: "Never put them into Ashby" }).click();
  await page.getByText("Never put them into Ashby, says u-member").waitFor();
  await page.getByRole("button", { name: "Take the answer back" }).click();
  await page.getByRole("button", { name: /^This one/ }).first().waitFor();
  await rig.call("admin", "POST", "/v1/connection/resume");
});

test("a viewer sees reviews and answers none", async () => {
  await rig.ambiguous("p-viewer");
  const page = await rig.visit("viewer", `${base}/reviews`);
  await page.locator(".suspect").first().waitFor();
  assert.equal(await page.getByRole("button", { name: /This one|Never|create/ }).count(), 0);
});

test("what waits for one cause is downloaded, and tried again as a job", async () => {
  const page = await rig.visit("admin", `${base}/inbox?cause=needs_review`);
  await page.getByRole("link", { name: "p-viewer" }).waitFor();
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download as CSV" }).click();
  const file = await (await download).path();
  const [head, ...lines] = (await readFile(file, "utf8")).trim().split("\n");
  assert.match(head ?? "", /person/);
  assert.ok(lines.some((l) => l.includes("p-viewer")), lines.join("\n"));
  await page.getByRole("button", { name: "Try all of these again" }).click();
  await page.getByRole("heading", { name: "Push and backfill" }).waitFor();
  await page.getByRole("heading", { name: /^Tried again/ }).first().waitFor();
});

test("Ashby is broken on purpose, and nothing is written twice", async () => {
  const page = await rig.visit("admin", `${base}/try`);
  await page.getByLabel("What happens").selectOption({ label: "Written, but the answer is lost" });
  await page.getByRole("button", { name: "Let it happen" }).click();
  await page.getByText("0 of 1").waitFor();
  const notes = async (): Promise<number> => (await rig.ashby<unknown[]>("GET", "calls?endpoint=candidate.createNote&applied=true&limit=100000")).length;
  const before = await notes();
  await rig.send({ id: "broken-1", type: "call_completed", person: { id: people[0] } });
  await page.getByText("1 of 1").waitFor();
  await eventually("it is found in Ashby", async () => (await rig.call<{ state: string }>("viewer", "GET", "/v1/events/broken-1")).state === "final");
  assert.equal((await notes()) - before, 1);
  await page.getByRole("button", { name: "Let it behave again" }).click();
  await page.getByText("Ashby behaves.").waitFor();
});

test("many are pushed at once, with progress, and what failed says why", async () => {
  const page = await rig.visit("admin", `${base}/bulk`);
  await page.getByLabel(/^People/).fill([...people, "nobody-there"].join("\n"));
  await page.getByText("4 people.").waitFor();
  await page.getByRole("button", { name: "Push them" }).click();
  await page.locator(".badge", { hasText: "Done" }).first().waitFor();
  await page.getByText("3 of 4 done").first().waitFor();
  await page.getByText("1 problem").click();
  await page.getByRole("link", { name: "nobody-there" }).waitFor();
});

test("candidates are searched by the fields that the team chose, and each hit says who it is in SourceWhale", async () => {
  const page = await rig.visit("member", `${base}/search`);
  await page.getByText("No field is a filter yet").waitFor();
  await rig.patch("admin", "team", { filterable: ["source"] });
  await eventually("Ashby is read", async () => {
    const { state } = await rig.call<{ state: string }>("viewer", "GET", "/v1/mirror");
    if (state !== "building") await rig.call("admin", "POST", "/v1/mirror/refresh").catch(() => undefined);
    const { total } = await rig.call<{ total: { value: number } }>("viewer", "POST", "/v1/search", { filters: [{ field: "source", op: "exists", value: true }] });
    return state === "fresh" && total.value > 3;
  });
  await rig.open(page, "member", `${base}/search`);
  await page.getByText("Fresh", { exact: true }).waitFor();
  await page.getByLabel("Add a filter").selectOption({ label: "Source" });
  await page.getByRole("group", { name: "Source: value" }).getByLabel("SourceWhale").check();
  await page.getByRole("button", { name: "Search", exact: true }).click();
  await page.getByRole("table").getByRole("link", { name: "follow-p0001" }).waitFor();
  await page.getByLabel("Source: how").selectOption({ label: "has a value" });
  await page.getByLabel("Source: value").selectOption({ label: "No" });
  await page.getByRole("button", { name: "Search", exact: true }).click();
  await eventually("the linked ones are gone", async () => (await page.getByRole("link", { name: "follow-p0001" }).count()) === 0);
});

test("webhook secrets are shown to admins only, and only when asked for", async () => {
  const page = await rig.visit("admin", base);
  await page.getByText("For SourceWhale’s engineers").waitFor();
  assert.ok(!(await page.content()).includes("whsec_"));
  await page.getByRole("button", { name: "Show" }).click();
  await page.getByText(/whsec_/).waitFor();
  const member = await rig.visit("member", base);
  assert.equal(await member.getByText("For SourceWhale’s engineers").count(), 0);
});

test("who is forgotten leaves nothing, and the page says what stays", async () => {
  const page = await rig.visit("admin", `${base}/people/${people[2]}`);
  await page.getByRole("button", { name: "Forget" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Forget" }).click();
  await page.getByText("Forgotten", { exact: true }).waitFor();
});
