// The typed client: paths, parameters, bodies and answers are those of infra/api/openapi.yaml, checked when the page is built.
import createClient from "openapi-fetch";
import * as session from "../session";
import type { components, paths } from "./schema";

export type Schemas = components["schemas"];
export type Mistake = Schemas["Mistake"];

/** Problem is an answer that says no, or no answer at all (status 0). */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly mistakes: readonly Mistake[];
  readonly request: string;

  constructor(status: number, document: Partial<Schemas["Problem"]>) {
    super(document.detail ?? document.title ?? "");
    this.status = status;
    this.code = document.code ?? (status === 0 ? "offline" : "unexpected");
    this.mistakes = document.errors ?? [];
    this.request = document.request_id ?? "";
  }
}

export const asProblem = (e: unknown): Problem => (e instanceof Problem ? e : new Problem(0, { detail: e instanceof Error ? e.message : "" }));

export const api = createClient<paths>({ baseUrl: location.origin });

api.use({
  onRequest({ request }) {
    const token = session.current()?.token;
    if (token) request.headers.set("Authorization", `Bearer ${token}`);
    return request;
  },
  onResponse({ request, response }) {
    if (response.status === 401) session.expire((request.headers.get("Authorization") ?? "").slice("Bearer ".length));
  },
  onError({ error }) {
    if (error instanceof DOMException && error.name === "AbortError") return error;
    return new Problem(0, {});
  },
});

export interface Answer<T> {
  data: T;
  etag: string;
}

/** answer gives what a call answered with its version, or throws the Problem. */
export async function answer<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<Answer<T>> {
  const { data, error, response } = await call;
  if (!response.ok) throw new Problem(response.status, typeof error === "object" && error !== null ? error : {});
  return { data: data as T, etag: response.headers.get("ETag") ?? "" };
}

/** ask is answer for who needs no version. */
export const ask = async <T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> => (await answer(call)).data;
