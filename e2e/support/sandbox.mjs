// What the control page of the sandbox does, by its JSON door.
import assert from 'node:assert/strict';

/** @param {string} address of the sandbox */
export function sandbox(address) {
  const call = async (method, path, body) => {
    const answer = await fetch(new URL(`/controle/api/${path}`, address), {
      method,
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    assert.ok(answer.ok, `${method} /controle/api/${path}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  };
  return { call };
}
