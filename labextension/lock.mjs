// Run after `npm install --omit-lockfile-registry-resolved`: takes the remaining addresses out of the lock file.
import { readFileSync, writeFileSync } from 'node:fs';

const file = new URL('package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8'));
for (const entry of Object.values(lock.packages)) {
  for (const key of ['resolved', 'funding', 'deprecated']) {
    delete entry[key];
  }
}
writeFileSync(file, JSON.stringify(lock, null, 2) + '\n');
