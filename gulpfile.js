// What makes dist what is published. It runs after `n8n-node build`, which checks the types, compiles file
// by file, copies every picture of the project, and leaves the codex behind.
const { readdir, readFile, rm } = require('node:fs/promises');
const { dest, parallel, series, src } = require('gulp');
const { sep } = require('node:path');
const { Transform } = require('node:stream');

/** What n8n loads, by package.json. */
const { nodes, credentials } = require('./package.json').n8n;
const SHIPPED = new Set(['credentials', 'icons', 'nodes']);

/** Takes out the pictures of documentation and demo, and the compiled files, whose place the bundle takes. */
async function prune() {
	const names = await readdir('dist', { recursive: true });
	const strays = names.filter((name) => name.endsWith('.js') || !SHIPPED.has(name.split(sep)[0]));
	await Promise.all(strays.map((name) => rm(`dist/${name}`, { recursive: true, force: true })));
}

/**
 * The code as n8n loads it: all in one file, to which those of the nodes and credentials lead. That is a
 * sixth less to download than a file for each module, and loads in a third of the time.
 */
async function code() {
	const { rolldown } = await import('rolldown');
	const names = [...nodes, ...credentials].map((file) => file.slice('dist/'.length, -'.js'.length));
	const bundle = await rolldown({
		input: Object.fromEntries(names.map((name) => [name, `${name}.ts`])),
		external: /^(node:|n8n-workflow$|@n8n\/)/,
		platform: 'node',
	});
	await bundle.write({
		dir: 'dist',
		format: 'cjs',
		exports: 'named',
		strict: true,
		// n8n leads to its own modules by NODE_PATH, which `import()` does not heed.
		dynamicImportInCjs: false,
		comments: false,
		// A quarter less to download. Variables and functions get short names: those of classes and properties
		// stay, so that a stack trace still says whose method it was.
		minify: {
			compress: true,
			mangle: { toplevel: true, keepNames: { class: true, function: false } },
			codegen: { removeWhitespace: true },
		},
		entryFileNames: '[name].js',
		chunkFileNames: 'nodes/[name].js',
		codeSplitting: { groups: [{ name: 'all', test: () => true }] },
	});
}

/** Icons; `encoding: false` keeps the bytes of anything that is not text. */
function icons() {
	return src('icons/**/*.{svg,png}', { base: '.', encoding: false })
		.pipe(eachFile((contents) => contents))
		.pipe(dest('dist'));
}

/** The codex of each node and the schemas of their outputs, minified. */
function metadata() {
	return src('nodes/**/*.json', { base: '.', encoding: false })
		.pipe(eachFile((contents) => Buffer.from(JSON.stringify(JSON.parse(contents.toString())))))
		.pipe(dest('dist'));
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
