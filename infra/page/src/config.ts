// What the deployment tells its page, in a meta element of the document.
export interface Config {
  origins: string[]; // of SourceWhale's frontend; a sign-in from anywhere else is not taken
  support?: string;
  local?: boolean; // /dev/ is served beside the page
}

function read(): Config {
  const told = document.querySelector<HTMLMetaElement>('meta[name="ashby-sync"]')?.content ?? "{}";
  return { origins: [], ...(JSON.parse(told) as Partial<Config>) };
}

export const config: Config = read();

/** Where a team makes its key in Ashby. */
export const keyPage = "https://app.ashbyhq.com/admin/api/keys";
