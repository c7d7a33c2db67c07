import { setTimeout as pause } from 'node:timers/promises';

/**
 * Asks until the answer is true, and gives it; fails with `what` in words once the time is over.
 * An error thrown by `ask` ends the wait at once.
 */
export async function until(ask, what, withinMs = 15_000) {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (performance.now() > deadline) throw new Error(`After ${withinMs / 1000} s, still not: ${what}`);
    await pause(50);
  }
}
