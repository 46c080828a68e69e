import { readFile, writeFile } from 'node:fs/promises';

import { datedChangelog } from './datedChangelog.mts';

/** Called by release-it, in the project's folder, once the version is raised. */
const [version] = process.argv.slice(2);
if (version === undefined) throw new Error('Which version?');
const today = new Date().toISOString().slice(0, 10);
const changelog = await readFile('CHANGELOG.md', 'utf8');
await writeFile('CHANGELOG.md', datedChangelog(changelog, version, today));
