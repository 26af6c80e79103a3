// What a screen shows is loading, ready or failed; it is one of them at every moment.
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { asProblem, type Problem } from "./api/client";

export type Load<T> = { state: "loading" } | { state: "failed"; problem: Problem } | { state: "ready"; data: T };

export type Loaded<T> = Load<T> & {
  again: () => void;
  put: (data: T) => void;
};

/** useLoad loads when the keys change and when asked again; what is there stays until the new is. Late answers to old questions are dropped. */
export function useLoad<T>(load: (signal: AbortSignal) => Promise<T>, keys: readonly unknown[]): Loaded<T> {
  const [load_, setLoad] = useState<Load<T>>({ state: "loading" });
  const [asked, setAsked] = useState(0);
  const question = useRef(keys);
  if (question.current.some((k, i) => k !== keys[i])) {
    question.current = keys;
    if (load_.state !== "loading") setLoad({ state: "loading" });
  }
  useEffect(() => {
    const stop = new AbortController();
    load(stop.signal).then(
      (data) => !stop.signal.aborted && setLoad({ state: "ready", data }),
      (e: unknown) => !stop.signal.aborted && setLoad({ state: "failed", problem: asProblem(e) }),
    );
    return () => stop.abort();
  }, [...keys, asked]);
  const again = useCallback(() => setAsked((n) => n + 1), []);
  const put = useCallback((data: T) => setLoad({ state: "ready", data }), []);
  return { ...load_, again, put };
}

/** useEvery calls again and again while the page is looked at. */
export function useEvery(ms: number, call: () => void): void {
  const latest = useRef(call);
  latest.current = call;
  useEffect(() => {
    if (ms <= 0) return;
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") latest.current();
    }, ms);
    return () => clearInterval(timer);
  }, [ms]);
}

export interface Task<A extends unknown[]> {
  busy: boolean;
  problem: Problem | null;
  run: (...args: A) => Promise<boolean>;
  clear: () => void;
}

/** useTask is something that a person started: busy until it ends, then done or with the problem. It does not start twice at once. */
export function useTask<A extends unknown[]>(work: (...args: A) => Promise<void>): Task<A> {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const running = useRef(false);
  const run = async (...args: A): Promise<boolean> => {
    if (running.current) return false;
    running.current = true;
    setBusy(true);
    setProblem(null);
    try {
      await work(...args);
      return true;
    } catch (e) {
      setProblem(asProblem(e));
      return false;
    } finally {
      running.current = false;
      setBusy(false);
    }
  };
  return { busy, problem, run, clear: () => setProblem(null) };
}
