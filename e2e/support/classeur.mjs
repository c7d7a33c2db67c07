// Opens an exported workbook again: a zip whose first sheet is XML, read with what Node has.
import { inflateRawSync } from 'node:zlib';

/** The files of a zip, by name. */
function unzip(bytes) {
  const end = bytes.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  if (end < 0) throw new Error('not a zip');
  const count = bytes.readUInt16LE(end + 10);
  let at = bytes.readUInt32LE(end + 16);
  const files = new Map();
  for (let i = 0; i < count; i += 1) {
    const [method, packed, name, extra, comment, start] = [
      bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20), bytes.readUInt16LE(at + 28),
      bytes.readUInt16LE(at + 30), bytes.readUInt16LE(at + 32), bytes.readUInt32LE(at + 42),
    ];
    const label = bytes.toString('utf8', at + 46, at + 46 + name);
    const data = start + 30 + bytes.readUInt16LE(start + 26) + bytes.readUInt16LE(start + 28);
    const body = bytes.subarray(data, data + packed);
    files.set(label, method === 0 ? body : inflateRawSync(body));
    at += 46 + name + extra + comment;
  }
  return files;
}

const plain = (text) => text.replace(/<[^>]+>/gu, '').replace(/&(lt|gt|quot|apos|amp);/gu, (_, name) => ({ lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' })[name]);

/** The rows of the first sheet, each an array of texts. */
export function rowsOf(bytes) {
  const files = unzip(bytes);
  const xml = (name) => files.get(name)?.toString('utf8') ?? '';
  const shared = [...xml('xl/sharedStrings.xml').matchAll(/<si>(.*?)<\/si>/gsu)].map((match) => plain(match[1]));
  return [...xml('xl/worksheets/sheet1.xml').matchAll(/<row[^>]*>(.*?)<\/row>/gsu)].map((row) =>
    [...row[1].matchAll(/<c [^>]*?(?:t="(\w+)"[^>]*)?(?:\/>|>(.*?)<\/c>)/gsu)].map(([, type, inner = '']) => {
      const value = plain(inner.match(/<(?:v|t)[^>]*>.*?<\/(?:v|t)>/su)?.[0] ?? '');
      return type === 's' ? shared[Number(value)] : value;
    }));
}
