// One page in Chromium, told what to do on stdin and answering on stdout, a line of JSON each.
// `node drive.mjs CHROMIUM [FOLDER]`: files of the folder are at /files/. It ends with its stdin.

import { createReadStream, existsSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const [executablePath, folder] = process.argv.slice(2);

const PAGE = {
  "/": "index.html",
  "/player.js": "player.js",
  "/hls.js": "node_modules/hls.js/dist/hls.js",
};
const TYPES = { ".html": "text/html", ".js": "text/javascript" };
const QUIET = [
  "--headless=new",
  "--disable-gpu",
  "--disable-quic",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--autoplay-policy=no-user-gesture-required",
];

function fileAt(address) {
  if (address in PAGE) return path.join(import.meta.dirname, PAGE[address]);
  if (folder && address.startsWith("/files/")) return path.join(folder, path.basename(address));
  return null;
}

function serve(request, response) {
  const file = fileAt(new URL(request.url, "http://localhost").pathname);
  if (!file || !existsSync(file)) return response.writeHead(404).end();
  response.setHeader("content-type", TYPES[path.extname(file)] ?? "application/octet-stream");
  createReadStream(file).pipe(response);
}

const server = createServer(serve);
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
const origin = `http://127.0.0.1:${server.address().port}`;

// the switch for the window is among QUIET: Playwright's own starts the old kind
const browser = await chromium.launch({ executablePath, headless: false, args: QUIET });
const page = await browser.newPage();
await page.goto(origin);
let fetched = [];
page.on("response", (response) => {
  const { pathname, origin: from } = new URL(response.url());
  if (from === origin || !response.url().startsWith("http")) return;
  const range = response.headers()["content-range"] ?? null;
  fetched.push({ path: pathname, status: response.status(), range });
});

const own = {
  async renew() {
    await page.goto(origin);
    fetched = [];
    return origin;
  },
  fetched: async () => fetched,
};

async function answer(line) {
  const [step, ...given] = JSON.parse(line);
  try {
    const ask = ([name, rest]) => globalThis.player[name](...rest);
    const seen = step in own ? await own[step]() : await page.evaluate(ask, [step, given]);
    return { seen: seen ?? null };
  } catch (error) {
    return { failed: String(error) };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await answer(line)));
}
await browser.close();
server.close();
