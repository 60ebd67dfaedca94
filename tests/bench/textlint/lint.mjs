// Lints drafts in one process, run in the folder that textlint is installed in, since it looks for its rules there.
// {config, drafts} comes as JSON on standard input, `config` being the path of a .textlintrc.json. Gives {startUp, seconds, found}:
// seconds until the first draft was linted, seconds for all of them once warm, and for each draft its matches, as code points
// of the draft, with what is to be said instead.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const { config, drafts } = JSON.parse(readFileSync(0, 'utf8'));
const installed = createRequire(join(process.cwd(), 'package.json')).resolve('textlint');
const { createLinter, loadTextlintrc } = (await import(pathToFileURL(installed))).default;
const descriptor = await loadTextlintrc({ configFilePath: config });
if (descriptor.rule.descriptors.length === 0) throw new Error(`textlint cannot load the rules of ${config}`);
const linter = createLinter({ descriptor });

async function lintAll(texts) {
  const results = [];
  for (const text of texts) results.push(await linter.lintText(text, 'draft.txt'));
  return results;
}

await lintAll(drafts.slice(0, 1));
const startUp = performance.now() / 1000;
await lintAll(drafts);
const started = performance.now();
const results = await lintAll(drafts);
const seconds = (performance.now() - started) / 1000;

const found = results.map(({ messages }, number) => {
  const codePoints = (index) => [...drafts[number].slice(0, index)].length;
  return messages.map(({ fix }) => ({ start: codePoints(fix.range[0]), end: codePoints(fix.range[1]), say: fix.text }));
});
process.stdout.write(JSON.stringify({ startUp, seconds, found }));
