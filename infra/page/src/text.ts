// Every text of the page. What the API says in words of its own (reasons, rules, refusals) is shown as it comes.
import type { Problem, Schemas } from "./api/client";
import { day, list, moment, number, plural } from "./format";

export type Trigger = NonNullable<Schemas["Values"]["trigger"]>;
export type NoteType = NonNullable<Schemas["Values"]["note_types"]>[number];
export type Status = Schemas["Connection"]["status"];
export type Level = Schemas["ChosenString"]["level"];
export type EventState = Schemas["Entry"]["state"];
export type Policy = Schemas["FieldPolicy"]["policy"];
export type Take = NonNullable<Schemas["MappingEntry"]["take"]>;

/** sentence gives words a capital and an end. */
export const sentence = (words: string): string => {
  const text = words.trim();
  if (!text) return "";
  const begun = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?…:]$/.test(begun) ? begun : `${begun}.`;
};

const triggers: Record<Trigger, { name: string; when: string }> = {
  on_add: { name: "When they are added to a campaign", when: "as soon as they are added to a campaign" },
  on_reply: { name: "When they reply", when: "when they first reply" },
  on_interested: { name: "When they are interested", when: "when they are first marked interested or book a meeting" },
  never: { name: "Never", when: "never" },
};

/** outcome is what trigger and toggle will do together; the page shows it, and shows it again when either changes. */
function outcome(trigger: Trigger, onlySynced: boolean): string {
  const rest = onlySynced
    ? "Until then nothing about them reaches Ashby, even if Ashby knows them already."
    : "Until then, people whom Ashby knows already get notes only; for others nothing is written.";
  switch (trigger) {
    case "on_add":
      return "People are found or created in Ashby as soon as they are added to a campaign, and every outreach after that becomes a note. “Only add notes to synced records” has no effect: everybody is synced.";
    case "on_reply":
      return `People are found or created in Ashby when they first reply; from then on their outreach becomes notes. ${rest}`;
    case "on_interested":
      return `People are found or created in Ashby when they are first marked interested or book a meeting; from then on their outreach becomes notes. ${rest}`;
    case "never":
      return onlySynced
        ? "Campaigns put nobody into Ashby. Only people who are synced already, or whom somebody pushes by hand, get notes."
        : "Campaigns put nobody into Ashby. People whom Ashby knows already get notes; for others nothing is written.";
  }
}

const noteTypes: Record<NoteType, string> = {
  email_sent: "Email sent",
  email_reply: "Email reply",
  email_bounced: "Email bounced",
  linkedin_connection_sent: "Connection request sent",
  linkedin_connection_accepted: "Connection request accepted",
  linkedin_message_sent: "Message sent",
  linkedin_message_reply: "Message reply",
  linkedin_inmail_sent: "InMail sent",
  linkedin_inmail_reply: "InMail reply",
  sms_sent: "SMS sent",
  sms_reply: "SMS reply",
  whatsapp_sent: "WhatsApp message sent",
  whatsapp_reply: "WhatsApp reply",
  call_completed: "Call completed",
  voicemail_left: "Voicemail left",
  task_completed: "Task completed",
  meeting_booked: "Meeting booked",
  stage_changed: "Stage changed",
  opted_out: "Opted out",
  campaign_added: "Added to a campaign",
  campaign_finished: "Campaign finished",
};

const eventTypes: Record<string, string> = {
  ...noteTypes,
  linkedin_connection_sent: "LinkedIn request sent",
  linkedin_connection_accepted: "LinkedIn request accepted",
  linkedin_message_sent: "LinkedIn message sent",
  linkedin_message_reply: "LinkedIn message reply",
  contact_edited: "Contact edited",
  contact_removed: "Contact removed",
};

export const noteGroups: { name: string; types: NoteType[] }[] = [
  { name: "Email", types: ["email_sent", "email_reply", "email_bounced"] },
  {
    name: "LinkedIn",
    types: [
      "linkedin_connection_sent",
      "linkedin_connection_accepted",
      "linkedin_message_sent",
      "linkedin_message_reply",
      "linkedin_inmail_sent",
      "linkedin_inmail_reply",
    ],
  },
  { name: "Text messages", types: ["sms_sent", "sms_reply", "whatsapp_sent", "whatsapp_reply"] },
  { name: "Calls and meetings", types: ["call_completed", "voicemail_left", "task_completed", "meeting_booked"] },
  { name: "Campaign", types: ["campaign_added", "stage_changed", "opted_out", "campaign_finished"] },
];

const levels: Record<Level, string> = {
  person: "the person",
  campaign: "the campaign",
  user: "your own settings",
  team: "the team’s settings",
  built_in: "the built-in default",
};

const statuses: Record<Status, string> = {
  not_connected: "Not connected",
  connected: "Connected",
  connected_with_limits: "Connected with limits",
  attention_needed: "Attention needed",
  paused: "Paused",
  disconnected: "Disconnected",
};

const problems: Record<string, { title: string; detail?: string }> = {
  offline: { title: "The service cannot be reached", detail: "Check your connection, then try again. Nothing was changed." },
  key_refused: {
    title: "Ashby does not accept this key",
    detail: "It is wrong, or it was deactivated. Copy it again from Ashby, or make a new one. Nothing was changed.",
  },
  ashby_unreachable: {
    title: "Ashby cannot be reached right now",
    detail: "This says nothing about your key. Try again in a minute. Nothing was changed.",
  },
  rate_limited: {
    title: "Ashby asks us to slow down",
    detail: "The key was not checked. Try again in a minute. Nothing was changed.",
  },
  key_in_use: { title: "This key is already in use", detail: "Make another key in Ashby for this team. Nothing was changed." },
  admin_only: { title: "Only admins may do this", detail: "Ask an admin of your team." },
  member_only: { title: "Viewers only look", detail: "Ask an admin of your team for another role." },
  locked: { title: "Locked for the whole team" },
  stale: { title: "Somebody else saved meanwhile" },
  missing_endpoint_permission: { title: "The key lacks a permission" },
  not_connected: { title: "Not connected to Ashby", detail: "Connect first." },
};

export const t = {
  product: "SourceWhale",
  integrations: "Integrations",
  loading: "Loading…",
  tryAgain: "Try again",
  close: "Close",
  cancel: "Cancel",
  save: "Save",
  discard: "Discard",
  yes: "Yes",
  no: "No",
  on: "On",
  off: "Off",
  back: "Back",
  more: "Show more",
  skip: "Skip to the content",
  requestId: "For support: request",
  notHere: "This service does not offer this yet",
  stuck: "Stuck? Ask support",
  lostTitle: "There is no such screen",
  lostLead: "The address may be old or mistyped.",
  updated: (at: string): string => `Updated ${moment(at)}`,

  problem(p: Problem): { title: string; detail: string } {
    const known = problems[p.code];
    return { title: known?.title ?? (p.status >= 500 ? "Something went wrong on our side" : "That did not work"), detail: known?.detail ?? sentence(p.message) };
  },
  mistakes: (n: number): string => plural(n, { one: "One thing needs another look", other: "# things need another look" }),

  session: {
    out: "You are not signed in",
    outLead: "Open this page from SourceWhale: profile menu → Integrations → Ashby. It signs you in there.",
    expired: "Your session has ended",
    expiredLead: "Open this page from SourceWhale again. Nothing that you saved is lost.",
    as: "Signed in as",
    roles: { admin: "Admin", member: "Member", viewer: "Viewer" },
    switch: "Act as (this machine only)",
    readOnly: "You are a viewer: you see everything and change nothing.",
    adminOnly: "Only admins change this. Ask one of your team.",
  },

  nav: {
    label: "Ashby",
    setup: "Set up",
    work: "Follow",
    lab: "On this machine",
    connection: "Connection",
    general: "General",
    sync: "Sync",
    fields: "Fields",
    mapping: "Field mapping",
    activity: "Activity",
    inbox: "Needs attention",
    reviews: "Reviews",
    bulk: "Push and backfill",
    search: "Search",
    try: "Try it",
  },

  catalogue: {
    title: "Integrations",
    lead: "Connect SourceWhale with the tools that your team works in.",
    search: "Search integrations",
    none: (words: string): string => `Nothing here is called “${words}”`,
    noneLead: "Look for another name, or clear the search.",
    clear: "Clear the search",
    found: (n: number): string => plural(n, { one: "# integration", other: "# integrations" }),
    open: "Open",
    ashby: "Applicant tracking. Puts the people of your campaigns into Ashby, with notes of what was said.",
    kind: "ATS",
  },

  connection: {
    lead: "SourceWhale writes to Ashby with a key of your own, and with what you allow it.",
    checking: "Checking",
    statuses,
    steps: "Connect Ashby",
    step1: "Make a key in Ashby",
    step1Lead: "In Ashby, open Admin → Integrations → API keys, and add a key named SourceWhale.",
    keyPage: "Open Ashby’s page of API keys",
    newTab: "(opens in a new tab)",
    step2: "Tick these permissions",
    step2Lead: "Each lets something work. Without a useful one the rest still works; without a needed one nothing does.",
    needed: "Needed",
    useful: "Useful",
    privateBox: "Allow access to non-offer private fields",
    privateReason: "private notes and emails",
    step3: "Paste the key and activate",
    key: "Ashby API key",
    keyHint: "It is checked first. It is stored encrypted and never shown again, not even to you.",
    activate: "Activate",
    activating: "Asking Ashby about the key…",
    activated: "Connected to Ashby.",
    emptyKey: "Paste a key first.",
    memberLead: "An admin of your team connects Ashby. You can set your own defaults already.",
    details: "Key in use",
    title: "Name in Ashby",
    ending: (last: string): string => `ends in ${last}`,
    fingerprint: "Fingerprint",
    activatedBy: "Activated",
    by: (who: string, at: string): string => `${moment(at)} by ${who}`,
    checked: "Last checked",
    checkNow: "Check now",
    checkedNow: "Checked.",
    rotate: "Change the key",
    rotateLead: "The new key is checked before it takes the old one’s place. Links and history stay.",
    pause: "Pause",
    pauseTitle: "Pause the integration?",
    pauseLead: "Nothing is written to Ashby until somebody resumes. Events are kept and go on in order.",
    paused: "Paused.",
    resume: "Resume",
    resumed: "Resumed. What waited goes on in order.",
    disconnect: "Disconnect",
    disconnectTitle: "Disconnect Ashby?",
    disconnectLead: "The key is deleted at once. Links and history stay, and events of the next 30 days wait for a new key.",
    disconnected: "Disconnected. The key is deleted.",
    unmappedTitle: (names: string[]): string => `${names.length === 2 ? "Company and role do" : `${names[0] === "role" ? "Role" : "Company"} does`} not reach Ashby yet`,
    unmappedLead: "Ashby’s own fields for these cannot be written by anybody. A custom text field can.",
    createBoth: (n: number): string => (n === 1 ? "Create the field and map it" : "Create both fields and map them"),
    createdBoth: "Created and mapped.",
    mapped: (pairs: { variable: string; title: string }[]): string => `Mapped by itself: ${list(pairs.map((p) => `${p.variable} → ${p.title}`))}.`,
    doctor: "What this key can do",
    doctorLead: "Each permission, what needs it, and the box to tick in Ashby where it is missing.",
    feature: "What works",
    box: "Box in Ashby",
    state: "State",
    granted: "Works",
    missing: "Off",
    unknown: "Not known yet",
    otherTitle: "Is this a different Ashby organisation?",
    otherLead: "With this key none of the linked candidates that we looked at can be found. Nothing is written until you choose.",
    keepLinks: "Keep links",
    keepLinksLead: "It is the same organisation: go on with the links there are.",
    startFresh: "Start fresh",
    startFreshLead: "It is another one: forget the links and match people anew.",
    chosen: "Thank you. Work goes on.",
  },

  settings: {
    who: "Whose defaults",
    mine: "For yourself",
    team: "For your team",
    mineLead: "Your defaults hold for your campaigns. Where you choose nothing, the team’s hold.",
    teamLead: "The team’s defaults hold for everybody who has not chosen otherwise.",
    inForce: "In force",
    from: (level: Level, version: number | undefined): string => `from ${levels[level]}${version ? `, version ${number(version)}` : ""}`,
    shadows: (below: Level[]): string => `It stands over ${list(below.map((l) => levels[l]))}.`,
    inherit: (value: string): string => `Team’s (${value})`,
    builtIn: (value: string): string => `Built-in (${value})`,
    inheritTitle: "As the team has it",
    builtInTitle: "As built in",
    changed: (n: number): string => plural(n, { one: "# unsaved change", other: "# unsaved changes" }),
    saved: "Saved.",
    version: (n: number): string => (n === 0 ? "never changed" : `version ${number(n)}`),
    lastSaved: (who: string, at: string): string => `Last saved by ${who}, ${moment(at)}`,
    leaveTitle: "Leave without saving?",
    leaveLead: "What you changed here is not saved yet.",
    leave: "Leave, and lose the changes",
    stay: "Stay",
    conflictTitle: "Somebody else saved meanwhile",
    conflictLead: (version: string): string => `The stored version is now ${version}. Choose what to keep where both of you changed something.`,
    theirs: "Stored now",
    ours: "Yours",
    setting: "Setting",
    keepMine: "Save mine over it",
    takeTheirs: "Drop mine",
    unchosen: "not chosen",

    general: "General settings",
    generalLead: "What becomes of edits and of outreach.",
    manual: "Sync manual contact updates",
    manualHelp:
      "When somebody of the team edits a contact by hand in SourceWhale, what they changed is written to the linked candidate in Ashby, under the field policies.",
    notes: "Create notes upon",
    notesHelp: "Each outreach of these types becomes one note on the candidate.",
    notesOwn: "Chosen here",
    noteCount: (n: number): string => plural(n, { one: "# type", other: "# types" }),
    native: "Send emails as Ashby emails",
    nativeHelp: "Emails appear in Ashby’s own email history instead of as notes. What lacks a subject, a sender, a recipient or a body still becomes a note.",
    privateNotes: "Make notes private",
    privateNotesHelp: "Notes are visible in Ashby only to those who may see private fields. The key needs the “non-offer private fields” switch.",

    sync: "Sync settings",
    syncLead: "Who reaches Ashby, and when.",
    lock: "Lock these settings for the team",
    lockHelp: "While locked, only admins’ choices of the settings on this screen count, at every level. Others’ are kept for the day of unlocking.",
    locked: (who: string, at: string): string => `${who} locked this on ${day(at)}`,
    lockedLead: "Only admins’ choices count while it is locked. Yours are kept, and count again on the day of unlocking.",
    lockedAdmin: "Only admins’ choices count while it is locked.",
    trigger: "When adding to a campaign",
    triggerHelp: "When people of a campaign are put into Ashby.",
    triggers,
    toggle: "Only add notes to synced records",
    toggleHelp: "A synced record is a candidate that SourceWhale found or created for the person.",
    toggleNoEffect: "No effect while people are put into Ashby when they are added: everybody is synced.",
    outcomeTitle: "What will happen",
    outcome,
    backfill: "Write earlier outreach when somebody is synced late",
    backfillHelp: "The last 90 days or 200 events of the person, whichever is less, in order and with their own times.",

    fields: "Fields",
    fieldsLead: "Which of Ashby’s fields people may fill, must fill, and may not touch.",
    displayed: "Displayed fields",
    displayedHelp: "Fields that users may fill for a campaign or a person. Tags and projects reach Ashby only this way.",
    mandatory: "Mandatory fields",
    mandatoryHelp: "Nobody is created or linked while one of these is unfilled: the push waits, and goes on by itself once it is filled.",
    protected: "Protected fields",
    protectedHelp: "Written only where Ashby’s field is blank. What is there is never changed.",
    filterable: "Filterable fields",
    filterableHelp: "Exactly these are offered as filters in Search.",
    addition: "You may add to the team’s, not take away.",
    subset: "You may leave out some of the team’s.",
    choose: "Choose fields",
    searchFields: "Search Ashby’s fields",
    noField: (words: string): string => `No field is called “${words}”`,
    chosenCount: (n: number): string => plural(n, { one: "# field", other: "# fields" }),
    noneChosen: "None",
    remove: (title: string): string => `Remove ${title}`,
    teamHas: "The team’s",
    fieldGone: "no longer in Ashby",
    needsConnection: "Ashby’s fields are listed once it is connected.",

    history: "History",
    historyLead: "Every change, by whom and when. An earlier version can be made current again.",
    noHistory: "Nothing was changed yet",
    restore: "Restore",
    restoreTitle: (version: number): string => `Restore version ${number(version)}?`,
    restoreLead: "It becomes a new version; what is current now stays in the history.",
    restored: "Restored.",
    current: "current",
    first: "As before the first change",
    savedBy: (who: string): string => `by ${who}`,
    was: "was",
    names: {
      trigger: "When adding to a campaign",
      only_synced: "Only add notes to synced records",
      note_types: "Create notes upon",
      sync_manual_updates: "Sync manual contact updates",
      lock: "Lock",
      displayed: "Displayed fields",
      filterable: "Filterable fields",
      mandatory: "Mandatory fields",
      protected: "Protected fields",
      native_email: "Send emails as Ashby emails",
      backfill: "Write earlier outreach",
      private_notes: "Make notes private",
    } as Record<string, string>,
  },

  try: {
    useKey: "Use the simulated Ashby’s key",
  },

  noteTypes,
  eventType: (type: string): string => eventTypes[type] ?? type,
  level: (level: Level): string => levels[level],
};
