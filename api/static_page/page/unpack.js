// Unpacks a tar archive while Python starts.

const BLOCK = 512;
const FILE = "0".charCodeAt(0);
const GZIP = [0x1f, 0x8b];

/**
 * Return the files of an archive.
 * @param {ArrayBuffer} data of a `.tgz`, or of a `.tar` if the server has unpacked it
 * @returns {Promise<Map<string, Uint8Array>>}
 */
export async function unpacked(data) {
  const packed = new Uint8Array(data, 0, 2);
  const isGzip = packed[0] === GZIP[0] && packed[1] === GZIP[1];
  return filesOf(new Uint8Array(isGzip ? await gunzip(data) : data));
}

/** @param {ArrayBuffer} data */
function gunzip(data) {
  const stream = new Blob([data]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}

/** @param {Uint8Array} tar */
function filesOf(tar) {
  const files = new Map();
  for (let at = 0; at + BLOCK <= tar.length && tar[at] !== 0; ) {
    const size = parseInt(textAt(tar, at + 124, 12), 8);
    const start = textAt(tar, at + 345, 155);
    const name = (start && `${start}/`) + textAt(tar, at, 100);
    if (tar[at + 156] === FILE) files.set(name, tar.subarray(at + BLOCK, at + BLOCK + size));
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return files;
}

/**
 * @param {Uint8Array} tar
 * @param {number} at
 * @param {number} most
 */
function textAt(tar, at, most) {
  const field = tar.subarray(at, at + most);
  const end = field.indexOf(0);
  return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end)).trim();
}
