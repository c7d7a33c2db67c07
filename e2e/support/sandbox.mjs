// What the control page of the sandbox does, by its JSON door.
import assert from 'node:assert/strict';

const SOURCES = ['apogee', 'extraction', 'kofr', 'eve'];

/** @param {string} address of the sandbox */
export function sandbox(address) {
  const told = async (name, fields = {}) => {
    const answer = await fetch(new URL(`/controle/api/${name}`, address), {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(fields),
    });
    const text = await answer.text();
    assert.ok(answer.ok, `order ${name} ${JSON.stringify(fields)}: ${answer.status} ${text}`);
    return JSON.parse(text);
  };
  const order = async (name, fields) => (await told(name, fields)).fait;
  const fail = (source, panne) => order('panne', { source, panne });
  return {
    /** Makes a source ill: coupee, html, connexion, absente. */
    fail,
    /** Makes a source wait before each answer. */
    slow: (source, secondes) => order('panne', { source, panne: 'lente', secondes }),
    /** Every source well again; what it holds stays as it is. */
    calm: () => Promise.all(SOURCES.map((source) => fail(source, 'aucune'))),
    /** Changes a share of the rows, in per cent. */
    change: (pourcentage) => order('changements', { pourcentage }),
    /** Changes one element in Apogée alone: its label, its ECTS. */
    element: (code, fields) => order('element', { code, ...fields }),
    /** The first world again, every source well. */
    reset: () => order('reinitialisation'),
    /** Tells the bank what to do; gives the notifications that left because of it, each with what the suite answered. */
    bank: async (name, fields) => (await told(`paybox/${name}`, fields)).envois,
    /** What the mail server received at an address, the latest first. */
    mails: async (to) => {
      const all = await (await fetch(new URL('/controle/api/courriels', address))).json();
      return all.filter((mail) => mail.destinataires.includes(to));
    },
  };
}
