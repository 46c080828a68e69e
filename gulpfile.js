// The asset pipeline of the build: what the compiler does not carry into dist. It runs after
// `n8n-node build`, which copies icons as they are and leaves the codex behind.
const { readdir, readFile, rm, writeFile } = require('node:fs/promises');
const { dest, parallel, series, src } = require('gulp');
const { Transform } = require('node:stream');
const { optimize } = require('svgo');

const SHIPPED = new Set(['credentials', 'icons', 'nodes', 'providers', 'transport']);

/** `n8n-node build` copies every picture of the project, the demo's too; dist is what is published. */
async function prune() {
	const strays = (await readdir('dist')).filter((name) => !SHIPPED.has(name));
	await Promise.all(strays.map((name) => rm(`dist/${name}`, { recursive: true })));
}

/** Icons, optimised; `encoding: false` keeps the bytes of anything that is no text. */
function icons() {
	return src('icons/**/*.{svg,png}', { base: '.', encoding: false })
		.pipe(eachFile(optimised))
		.pipe(dest('dist'));
}

/** The codex of each node and the schemas of their outputs, minified. */
function metadata() {
	return src('nodes/**/*.json', { base: '.', encoding: false })
		.pipe(eachFile((contents) => Buffer.from(JSON.stringify(JSON.parse(contents.toString())))))
		.pipe(dest('dist'));
}

/**
 * Compiled code in the size that it needs: indented by tabs as its source is (no text of ours has lines
 * that begin with spaces), without TypeScript's mark for default imports, which nobody makes of it, its
 * placeholders, and its care for functions that ask for `this`, as none does. Nothing is left then of
 * modules that hold types only, so they go.
 */
async function code() {
	const names = (await readdir('dist', { recursive: true })).filter((name) => name.endsWith('.js'));
	await Promise.all(names.map(async (name) => await slim(`dist/${name}`)));
}

async function slim(file) {
	const compiled = await readFile(file, 'utf8');
	const kept = compiled
		.replace(/^Object\.defineProperty\(exports, "__esModule".*\n/m, '')
		.replace(/^(exports\.\w+ = )+void 0;\n/m, '')
		.replace(/\(0, (\w+\.\w+)\)\(/g, '$1(')
		.replace(/^( {4})+/gm, (spaces) => '\t'.repeat(spaces.length / 4));
	await (kept === '"use strict";\n' ? rm(file) : writeFile(file, kept));
}

function optimised(contents, path) {
	if (!path.endsWith('.svg')) return contents;
	return Buffer.from(optimize(contents.toString(), { path, multipass: true }).data);
}

function eachFile(change) {
	return new Transform({
		objectMode: true,
		transform(file, _encoding, done) {
			try {
				file.contents = change(file.contents, file.path);
				// Otherwise the source's time is kept, and the build looks older than it is.
				file.stat.mtime = new Date();
				done(null, file);
			} catch (error) {
				done(new Error(`${file.relative}: ${error.message}`));
			}
		},
	});
}

exports['build:assets'] = series(prune, parallel(icons, code), metadata);
