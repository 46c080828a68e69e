// The asset pipeline of the build: what the compiler does not carry into dist. It runs after
// `n8n-node build`, which copies icons as they are and leaves the codex behind.
const { readdir, rm } = require('node:fs/promises');
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

/** Code indented by tabs as its source is: smaller, and no harder to read. No text of ours has lines that begin with spaces. */
function indentation() {
	return src('dist/**/*.js', { base: '.', encoding: false })
		.pipe(eachFile((contents) => Buffer.from(contents.toString().replace(/^( {4})+/gm, tabs))))
		.pipe(dest('.'));
}

function tabs(spaces) {
	return '\t'.repeat(spaces.length / 4);
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

exports['build:assets'] = series(prune, parallel(icons, indentation), metadata);
