// Reads a list of playlists (JSON) and writes them as hls-parser understands them, or fails.

import { readFileSync } from "node:fs";
import HLS from "hls-parser";

HLS.setOptions({ strictMode: true });
const playlists = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(playlists.map((playlist) => HLS.parse(playlist))));
