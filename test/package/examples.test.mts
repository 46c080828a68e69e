import { readFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { EXAMPLES_FOLDER, exampleNames, readExample } from '../../dev/examples.mts';
import { AiChats } from '../../nodes/AiChats/AiChats.node.ts';
import { LmChatAiChats } from '../../nodes/LmChatAiChats/LmChatAiChats.node.ts';
import { backwards, boxes, isNote, overlaps } from './examples/canvas.mts';
import { noteHeight } from './examples/noteHeight.mts';

const EXAMPLES = exampleNames();
/** What belongs to the n8n that a workflow comes from, or to whoever made it. */
const PRIVATE = ['id', 'versionId', 'meta', 'active', 'shared', 'tags', 'staticData', 'createdAt'];
const SECRET = /\bsk-\w|bearer |api[-_]?key"|password|cookie|eyJ/i;

/** Fields of our nodes with their choices, and what n8n's editor itself has. */
const KNOWN = new Set([
	...[new AiChats(), new LmChatAiChats()].flatMap(({ description }) => labelsOf(description)),
	...['Authentication', 'Chat URL', 'Make Chat Publicly Available', 'Memory', 'Open chat'],
	...['Production URL', 'Read/Write Files from Disk', 'Retry', 'Retry On Fail', 'Tool'],
]);

function labelsOf(description: object): string[] {
	const labels = JSON.stringify(description).matchAll(/"(?:displayName|name)":"([^"]+)"/g);
	return [...labels].map(([, label]) => String(label));
}

function textOf(file: string): string {
	return readFileSync(path.join(EXAMPLES_FOLDER, file), 'utf8');
}

describe('The workflows of examples/', () => {
	it('are at least eight, with names of their own, and all are in the table', () => {
		expect(EXAMPLES.length).toBeGreaterThanOrEqual(8);
		const names = EXAMPLES.map((file) => readExample(file).name);
		expect(new Set(names).size).toBe(EXAMPLES.length);
		const rows = textOf('README.md').matchAll(/^\| \[(.+?)\]\((.+?)\)/gm);
		const listed = [...rows].map(([, label, link]) => [label, link]);
		expect(listed.sort()).toEqual(EXAMPLES.map((file) => [`${file}.json`, `${file}.json`]).sort());
	});
});

describe.each(EXAMPLES)('%s', (file) => {
	const example = readExample(file);
	const text = textOf(`${file}.json`);
	const { nodes, connections } = example;
	const names = nodes.map(({ name }) => name);
	const notes = nodes.filter(isNote);

	it('has a note that says what it is, what to set and what comes out', () => {
		const contents = notes.map(({ parameters }) => String(parameters['content']));
		expect(contents).toContainEqual(
			expect.stringMatching(/^## .+\n\n[A-Zn][\s\S]+\*\*To set:\*\*[\s\S]+\*\*What comes out:\*\*/),
		);
	});

	it('says in its notes only names that there are', () => {
		const said = notes.flatMap(({ parameters }) => [
			...String(parameters['content']).matchAll(/(?<!\*)\*([^*]+)\*(?!\*)/g),
		]);
		const unknown = said.map(([, name]) => String(name)).filter((name) => !KNOWN.has(name));
		expect(unknown.filter((name) => !names.includes(name))).toEqual([]);
	});

	it('has notes that are large enough for their text', () => {
		for (const { parameters } of notes) {
			const { content, width, height } = parameters as Record<string, string | number>;
			expect(height).toBeGreaterThanOrEqual(noteHeight(String(content), Number(width)));
		}
	});

	it('lies on the canvas from left to right, nothing on anything else, on the grid', () => {
		expect(overlaps(boxes(example))).toEqual([]);
		expect(backwards(example)).toEqual([]);
		expect(nodes.flatMap(({ position }) => position).filter((place) => place % 8 !== 0)).toEqual(
			[],
		);
	});

	it('has different names and ids, and every node but the notes is connected', () => {
		expect(new Set(names).size).toBe(nodes.length);
		expect(new Set(nodes.map(({ id }) => id)).size).toBe(nodes.length);
		const targets = Object.values(connections)
			.flatMap((outputs) => Object.values(outputs).flat(2))
			.map((target) => String(target?.node));
		const connected = new Set([...Object.keys(connections), ...targets]);
		const others = nodes.filter((node) => !isNote(node)).map(({ name }) => name);
		expect([...connected].sort()).toEqual(others.sort());
	});

	it('brings no secret, no data and nothing of another n8n', () => {
		expect(example).toMatchObject({ pinData: {} });
		expect(Object.keys(example).filter((key) => PRIVATE.includes(key))).toEqual([]);
		expect(text).not.toMatch(SECRET);
		const hosts = [...text.matchAll(/https?:\/\/([\w.-]+)/g)].map(([, host]) => host);
		expect(hosts.filter((host) => host !== 'example.com')).toEqual([]);
		const used = nodes.flatMap(({ credentials = {} }) => Object.entries(credentials));
		expect(used.length).toBeGreaterThan(0);
		for (const [type, reference] of used) {
			expect(['aiChatsApi', 'aiChatsOpenAiCompatibleApi']).toContain(type);
			expect(Object.keys(reference)).toEqual(['id', 'name']);
		}
	});
});
